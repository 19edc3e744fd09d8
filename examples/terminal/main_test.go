package main

import (
	"io"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// person is a terminal.
type person struct {
	t *testing.T
	*process.Process
	keyboard io.WriteCloser
}

func sitDown(t *testing.T, port, name string) person {
	t.Helper()
	cmd := process.SelfCommand(t, []string{"PORT=" + port}, name)
	keyboard, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := person{t, process.Start(t, cmd), keyboard}
	p.reads("* connected")
	return p
}

func (p person) types(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.keyboard, text+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

func (p person) reads(want string) {
	p.t.Helper()
	if got := p.Line(); got != want {
		p.t.Fatalf("the terminal shows %q; want %q", got, want)
	}
}

func TestWhatOneTypesTheOthersRead(t *testing.T) {
	port := process.FreePort(t)
	env := []string{"PORT=" + port}
	server := process.Self(t, env, "serve")
	server.AwaitPort(port)
	ann, bob := sitDown(t, port, "Ann"), sitDown(t, port, "Bob")

	ann.types("hello")
	bob.reads("Ann: hello")
	bob.types("hi, 安")
	ann.reads("Bob: hi, 安") // and nothing of her own
	for _, p := range []person{ann, bob} {
		p.types("")
		p.reads("* not sent: an empty line") // and all before it has been answered
	}

	server.Kill()
	for _, p := range []person{ann, bob} {
		if got := p.Line(); !strings.HasPrefix(got, "* disconnected: transport ") { // closed, or reset
			t.Fatalf("the terminal shows %q", got)
		}
	}
	process.Self(t, env, "serve").AwaitPort(port)
	ann.reads("* connected")
	bob.reads("* connected")
	ann.types("are you there?")
	bob.reads("Ann: are you there?")

	if err := bob.keyboard.Close(); err != nil {
		t.Fatal(err)
	}
	if code := bob.ExitCode(); code != 0 {
		t.Errorf("exit code %d at the end of the input", code)
	}
}

func TestWhoHasNoNameIsToldSo(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}, "serve").AwaitPort(port)
	nobody := process.Self(t, []string{"PORT=" + port}, "")
	if code := nobody.ExitCode(); code != 1 {
		t.Errorf("exit code %d; want 1", code)
	}
	if said := nobody.Stderr(); !strings.Contains(said, "a name is needed") {
		t.Errorf("said %q", said)
	}
}
