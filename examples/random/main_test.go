package main

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

func TestWarnsAboveTheThreshold(t *testing.T) {
	port := process.FreePort(t)
	server := process.Self(t, []string{"PORT=" + port})
	server.AwaitPort(port)
	visit := func(numbers string) *process.Process {
		return nodejs.Start(t, nil, "testdata/node.js", "http://127.0.0.1:"+port, numbers)
	}
	expect := func(p *process.Process, lines ...string) {
		t.Helper()
		for _, want := range lines {
			if got := p.Line(); got != want {
				t.Fatalf("printed %q; want %q", got, want)
			}
		}
	}

	// 0.95 is not above the threshold. The zeros that follow give a wrong third warning time to come before the fourth
	// number that deserves one.
	first := visit("[0.1, 0.95, 0.96, 0.97, 0, 0, 0, 0.99]")
	expect(server, "0.1", "0.95", "0.96", "0.97", "0", "0", "0", "0.99")
	expect(first, "warning count : 1", "warning count : 2", "warning count : 3")

	// Another client has its own count; it leaves before its second warning is due, which nobody notices.
	first.Kill()
	second := visit("[0.951, 0, 0, 0, 0.99]")
	expect(second, "warning count : 1")
	for server.Line() != "0.99" {
	}
	second.Kill()

	third := visit("[0, 0, 1]")
	expect(third, "warning count : 1")
}

func TestThePageHearsItsWarnings(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}).AwaitPort(port)
	page := chromium.Start(t).Page(t, "http://127.0.0.1:"+port)
	page.Run("Math.random = () => 0.96")
	said := chromium.Eval[string](page, "new Promise((resolve) => { console.log = resolve; })")
	if !strings.HasPrefix(said, "warning count : ") {
		t.Errorf("the page says %q", said)
	}
}
