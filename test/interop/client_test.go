package interop

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
)

// The ways of the client to connect, as it names them.
var transports = map[string]string{
	"polling":   "polling",
	"websocket": "websocket",
	"upgrade":   "polling,websocket",
}

func TestOfficialClient(t *testing.T) {
	cases := strings.Fields(nodejs.Run(t, nil, "run.mjs", "--list"))
	if len(cases) < 2*40 {
		t.Fatalf("only %d cases found", len(cases)/2)
	}
	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			runAll(t, cases, transport, func(t *testing.T) server { return &ours{t: t} })
		})
	}
}

// TestCasesAgainstReference proves that the cases ask for nothing the reference does not do.
func TestCasesAgainstReference(t *testing.T) {
	cases := strings.Fields(nodejs.Run(t, nil, "run.mjs", "--list"))
	runAll(t, cases, transports["upgrade"], func(t *testing.T) server { return &reference{t: t} })
}

// runAll runs the cases, pairs of file and name, each against a server of its own.
func runAll(t *testing.T, cases []string, transport string, newServer func(*testing.T) server) {
	for i := 0; i+1 < len(cases); i += 2 {
		file, name := cases[i], cases[i+1]
		t.Run(file+"/"+name, func(t *testing.T) {
			t.Parallel()
			url, control := serve(t, newServer(t))
			nodejs.Run(t, []string{"CONTROL_URL=" + control}, "run.mjs", url, transport, file, name)
		})
	}
}
