package main

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// The script knows what a client can ask of each role.
func TestEveryRoleServes(t *testing.T) {
	for role := range roles {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			port := process.FreePort(t)
			p := process.Self(t, []string{"PORT=" + port}, role)
			if line := p.Line(); line != "listening on 127.0.0.1:"+port {
				t.Errorf("says %q", line)
			}
			nodejs.Run(t, nil, "testdata/role.js", "http://127.0.0.1:"+port, role)
		})
	}
}

func TestUnknownRole(t *testing.T) {
	for _, args := range [][]string{nil, {"nobody"}, {"eio", "sio"}} {
		p := process.Self(t, nil, args...)
		if code := p.ExitCode(); code != 1 {
			t.Errorf("%q: exit code %d; want 1", args, code)
		}
		if said := p.Stderr(); !strings.Contains(said, "wsecho") {
			t.Errorf("%q: the message does not name the roles: %s", args, said)
		}
	}
}
