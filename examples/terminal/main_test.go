package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/house"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// person is somebody at a terminal.
type person struct {
	t *testing.T
	*process.Process
	keyboard io.WriteCloser
}

func sitDown(t *testing.T, addr, name string) person {
	t.Helper()
	cmd := process.SelfCommand(t, []string{"URL=http://" + addr}, name)
	keyboard, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	return person{t, process.Start(t, cmd), keyboard}
}

func (p person) types(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.keyboard, text+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// reads waits for a line that ends like that; others may come before.
func (p person) reads(want string) {
	p.t.Helper()
	for !strings.HasSuffix(p.Line(), want) {
	}
}

func TestTheRoomTalks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chat.db")
	addr, stop := house.Open(t, "127.0.0.1:0", file)
	ann := sitDown(t, addr, "Ann")
	ann.reads("* hello Ann! 1 here; /help tells more")
	ann.reads("* you are in #general")
	ann.types("first")
	ann.types("/who")
	ann.reads("* here: Ann") // and what was typed before is said

	bob := sitDown(t, addr, "Bob")
	bob.reads(" Ann: first") // said before he came
	ann.reads("* Bob is here")
	bob.types("hi, 安")
	ann.reads(" Bob: hi, 安")
	ann.types("/rooms")
	ann.reads("#general (2)")
	ann.types("/join nowhere")
	ann.reads("* there is no room #nowhere")
	ann.types("/join #general")
	ann.reads("* you are in #general")
	ann.types("/what")
	ann.reads("anything else is said")
	ann.types(strings.Repeat("x", 4001))
	ann.reads("* msg:send: chat: refused: body_long")

	stop()
	ann.reads("* connection lost; trying again")
	bob.reads("* connection lost; trying again")
	ann.types("are you there?") // waits for a connection
	house.Open(t, addr, file)
	bob.reads("Ann: are you there?")
	ann.types("/who")
	ann.reads(", Bob") // she is who she was

	if code := sitDown(t, addr, "Bob").ExitCode(); code != 1 {
		t.Errorf("exit code %d of a second Bob", code)
	}
	if err := bob.keyboard.Close(); err != nil {
		t.Fatal(err)
	}
	ann.types("/quit")
	for _, p := range []person{ann, bob} {
		if code := p.ExitCode(); code != 0 {
			t.Errorf("exit code %d at the end of the input", code)
		}
	}
}
