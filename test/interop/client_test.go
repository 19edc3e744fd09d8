package interop

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/nodejs"
)

// The ways of the client to connect, as it names them.
var transports = map[string]string{
	"polling":   "polling",
	"websocket": "websocket",
	"upgrade":   "polling,websocket",
}

func TestOfficialClient(t *testing.T) {
	cases := list(t)
	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			runAll(t, cases, transport, func(t *testing.T) server { return &ours{t: t} })
		})
	}
}

// TestOfficialClientCompresses runs the cases with every message compressed that this makes smaller.
func TestOfficialClientCompresses(t *testing.T) {
	cases := list(t)
	for _, name := range []string{"websocket", "upgrade"} {
		var offers atomic.Int64
		t.Run(name, func(t *testing.T) {
			runAll(t, cases, transports[name], func(t *testing.T) server {
				return &ours{t: t, deflate: &engineio.PerMessageDeflate{Threshold: -1}, offers: &offers}
			})
		})
		if offers.Load() == 0 {
			t.Errorf("%s: no client offered permessage-deflate", name)
		}
	}
}

// TestCasesAgainstReference proves that the cases ask for nothing the reference does not do.
func TestCasesAgainstReference(t *testing.T) {
	cases := list(t)
	runAll(t, cases, transports["upgrade"], func(t *testing.T) server { return &reference{t: t} })
}

// list gives the names of the cases, by file.
func list(t *testing.T) map[string][]string {
	t.Helper()
	cases := map[string][]string{}
	words := strings.Fields(nodejs.Run(t, nil, "run.mjs", "--list"))
	if len(words) < 2*40 {
		t.Fatalf("only %d cases found", len(words)/2)
	}
	for pair := range slices.Chunk(words, 2) {
		cases[pair[0]] = append(cases[pair[0]], pair[1])
	}
	return cases
}

// runAll runs the cases, those of each file against a server of their own.
func runAll(t *testing.T, cases map[string][]string, transport string, newServer func(*testing.T) server) {
	for file, names := range cases {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			runCases(t, map[string][]string{file: names}, transport, newServer(t))
		})
	}
}

// runCases runs the cases in one process, with more environment for run.mjs.
func runCases(t *testing.T, cases map[string][]string, transport string, s server, env ...string) {
	t.Helper()
	url, control := serve(t, s)
	args := append([]string{url, transport}, slices.Sorted(maps.Keys(cases))...)
	wrong := map[string]string{}
	for line := range strings.Lines(nodejs.Run(t, append(env, "CONTROL_URL="+control), "run.mjs", args...)) {
		var result [2]string
		if err := json.Unmarshal([]byte(line), &result); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		wrong[result[0]] = result[1]
	}
	for file, names := range cases {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				if story, ran := wrong[name]; !ran || story != "" {
					t.Errorf("%s: ran: %t\n%s", file, ran, story)
				}
			})
		}
	}
}
