package attack

import (
	"bytes"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// originAttacks come from a page of another site, with the user's cookies.
func originAttacks() []attack {
	all := []attack{
		{"a foreign page reads a handshake", func(t *testing.T, s *site) {
			r, err := raw.Exchange(s.addr, raw.Request("GET", raw.PollingTarget, nil, "Origin: https://evil.example", "Cookie: a=b"))
			if err != nil {
				t.Fatal(err)
			}
			checkHeaders(t, r)
		}},
		{"a foreign page asks for leave", func(t *testing.T, s *site) {
			r, err := raw.Exchange(s.addr, raw.Request("OPTIONS", raw.PollingTarget, nil,
				"Origin: https://evil.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"))
			if err != nil {
				t.Fatal(err)
			}
			checkHeaders(t, r)
			if r.Status < 400 {
				t.Errorf("answered by %d", r.Status)
			}
		}},
		{"WebSocket from the same origin is let in", func(t *testing.T, s *site) {
			wantStatus(t, s, sameHost(s, raw.Handshake(raw.WebSocketTarget, "Origin: http://"+s.addr)), 101)
		}},
		{"WebSocket from two origins, ours second", func(t *testing.T, s *site) {
			wantNone(t, s, sameHost(s, raw.Handshake(raw.WebSocketTarget, "Origin: http://evil.example", "Origin: http://"+s.addr)))
		}},
		{"WebSocket from two origins, ours first", func(t *testing.T, s *site) {
			wantNone(t, s, sameHost(s, raw.Handshake(raw.WebSocketTarget, "Origin: http://"+s.addr, "Origin: http://evil.example")))
		}},
		{"an upgrade of a session from a foreign page", func(t *testing.T, s *site) {
			p, err := raw.Connect(s.addr, "polling")
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			wantStatus(t, s, sameHost(s, raw.Handshake(raw.Upgrade(p.SID), "Origin: https://evil.example")), 403)
			stillServed(t, p)
		}},
	}
	for _, o := range []struct {
		name    string
		headers func(s *site) []string
	}{
		{"another site", lines("Origin: https://evil.example", "Cookie: session=stolen")},
		{"null", lines("Origin: null")},
		{"nothing but a scheme", lines("Origin: http://")},
		{"no URL at all", lines("Origin: evil")},
		{"another port", lines("Origin: http://127.0.0.1:1")},
		{"a name that begins like ours", func(s *site) []string { return []string{"Origin: http://" + s.addr + ".evil.example"} }},
		{"a name that ends like ours", func(s *site) []string { return []string{"Origin: http://evil.example." + s.addr} }},
		{"ours as a user name", func(s *site) []string { return []string{"Origin: http://" + s.addr + "@evil.example"} }},
		{"ours in the path", func(s *site) []string { return []string{"Origin: http://evil.example/" + s.addr} }},
		{"ours behind a blank", func(s *site) []string { return []string{"Origin: http://evil.example http://" + s.addr} }},
		{"a forwarded host that nobody trusts", lines("Origin: https://evil.example", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")},
	} {
		all = append(all, attack{"WebSocket from " + o.name, func(t *testing.T, s *site) {
			r := wantStatus(t, s, sameHost(s, raw.Handshake(raw.WebSocketTarget, o.headers(s)...)), 403)
			if !bytes.Contains(r.Body, []byte("Forbidden")) && !bytes.Contains(r.Body, []byte(`"code":4`)) {
				t.Errorf("the body is %.200q", r.Body)
			}
		}})
	}
	return all
}

func lines(all ...string) func(*site) []string { return func(*site) []string { return all } }

// sameHost puts the real address of the server in the Host header, as a browser does.
func sameHost(s *site, request []byte) []byte {
	return bytes.Replace(request, []byte("Host: 127.0.0.1\r\n"), []byte("Host: "+s.addr+"\r\n"), 1)
}

// wantNone expects a handshake to be refused, as foreign or as malformed.
func wantNone(t *testing.T, s *site, request []byte) { requests(request, 400, 403)(t, s) }

func wantStatus(t *testing.T, s *site, request []byte, status int) *raw.Response {
	t.Helper()
	r, err := raw.Exchange(s.addr, request)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != status {
		t.Fatalf("answered by %d %.200q; want %d", r.Status, r.Body, status)
	}
	return r
}
