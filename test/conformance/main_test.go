package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// Other programs start the roles by name.
func TestEveryRoleIsThere(t *testing.T) {
	for _, role := range []string{"attack", "bench", "client", "compat", "eio", "eioclient", "sio", "sioclient", "wsclient", "wsecho"} {
		if roles[role] == nil {
			t.Errorf("no role %q", role)
		}
	}
}

// The script knows what a client can ask of each role.
func TestEveryRoleServes(t *testing.T) {
	for role := range roles {
		if role == "client" || role == "wsclient" { // which serve nobody
			continue
		}
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

// Clients of Engine.IO 3 are let in by the environment, and by nothing else.
func TestOldClientsAreAskedFor(t *testing.T) {
	for _, tt := range []struct {
		env    string
		status int
	}{{"EIO3=1", http.StatusOK}, {"EIO3=0", http.StatusBadRequest}} {
		for role, path := range map[string]string{"eio": "/engine.io/", "sio": "/socket.io/"} {
			port := process.FreePort(t)
			process.Self(t, []string{"PORT=" + port, tt.env}, role).Line()
			res, err := http.Get("http://127.0.0.1:" + port + path + "?EIO=3&transport=polling")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tt.status {
				t.Errorf("%s %s: %s", role, tt.env, res.Status)
			}
		}
	}
}

func TestDialectIsAskedFor(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port, "PARSER=msgpack"}, "sio").Line()
	nodejs.Run(t, []string{"PARSER=msgpack"}, "testdata/role.js", "http://127.0.0.1:"+port, "sio")
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
