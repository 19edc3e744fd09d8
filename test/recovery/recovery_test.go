package recovery

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// Each official client that knows recovery loses its connection again and again, and at last its server, which is another
// process afterwards. It is recovered every time, has missed nothing and has nothing twice.
func TestOfficialClientsRecover(t *testing.T) {
	for _, client := range clients(t) {
		for name, transports := range map[string]string{"polling": "polling", "websocket": "websocket", "upgrade": "polling,websocket"} {
			t.Run(client+"/"+name, func(t *testing.T) {
				t.Parallel()
				comeBack(t, client, transports)
			})
		}
	}
}

// clients are the pinned clients of version 4.6 or later.
func clients(t *testing.T) (names []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(nodejs.Root(t), "test", "interop", "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for name, version := range file.Dependencies {
		if name != "socket.io-client" && !strings.HasPrefix(name, "socket.io-client-") {
			continue
		}
		var major, minor int
		if _, err := fmt.Sscanf(version[strings.LastIndex(version, "@")+1:], "%d.%d.", &major, &minor); err != nil {
			t.Fatalf("version of %s: %s", name, version)
		}
		if major > 4 || major == 4 && minor >= 6 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatal("no client")
	}
	return names
}

func comeBack(t *testing.T, client, transports string) {
	const rounds = 30
	addr := net.JoinHostPort("127.0.0.1", process.FreePort(t))
	file := filepath.Join(t.TempDir(), "sessions")
	start := func() *process.Process {
		p := process.Self(t, nil, addr, file)
		if line := p.Line(); line != "listening" {
			t.Fatal(line)
		}
		return p
	}
	server := start()
	node := nodejs.Start(t, nil, "client.cjs", client, "http://"+addr, transports, strconv.Itoa(rounds))
	if line := node.Line(); line != "ready" {
		t.Fatal(line)
	}
	server.Signal(syscall.SIGTERM)
	if code := server.ExitCode(); code != 0 {
		t.Fatalf("the server ended with code %d", code)
	}
	start()
	var result struct {
		Got    []any
		Wrong  []string
		Whoami []any
	}
	if err := json.Unmarshal([]byte(node.Line()), &result); err != nil {
		t.Fatal(err)
	}
	for _, w := range result.Wrong {
		t.Error(w)
	}
	if !slices.Equal(result.Whoami, []any{"Ann", true, 3.0}) {
		t.Errorf("after the restart: %v", result.Whoami)
	}
	var want []any
	before := 2000
	for i := range rounds {
		before += i % 7
	}
	for i := range before {
		want = append(want, float64(i))
	}
	want = append(want, "before the restart", "in between", "after the restart")
	for i := range 5 {
		want = append(want, float64(before+i))
	}
	if !slices.Equal(result.Got, want) {
		at := 0
		for at < min(len(result.Got), len(want)) && result.Got[at] == want[at] {
			at++
		}
		t.Errorf("from place %d on got %v\nwant %v", at, ends(result.Got[at:]), ends(want[at:]))
	}
}

// ends are the first and the last of a list.
func ends(list []any) []any {
	if len(list) <= 20 {
		return list
	}
	return append(append(slices.Clone(list[:10]), "…"), list[len(list)-10:]...)
}
