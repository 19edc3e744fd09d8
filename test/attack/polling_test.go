package attack

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// session is a polling session that has joined the default namespace and is spoken to by hand.
type session struct {
	*raw.Peer
	addr string
}

func openSession(t *testing.T, s *site) *session {
	t.Helper()
	p, err := raw.Connect(s.addr, "polling")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return &session{p, s.addr}
}

// post sends a POST of the session on a connection of its own.
func (p *session) post(t *testing.T, body []byte, headers ...string) *raw.Response {
	t.Helper()
	r, err := raw.Exchange(p.addr, raw.Request("POST", raw.Poll(p.SID), body, headers...))
	if err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, r)
	return r
}

// begin sends a request on a connection of its own and leaves the answer for later.
func (p *session) begin(t *testing.T, request []byte) *raw.Conn {
	t.Helper()
	c, err := raw.Dial(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Send(request); err != nil {
		t.Fatal(err)
	}
	return c
}

// pollingAttacks abuse the requests of a session: their number, their order and their form.
func pollingAttacks() []attack {
	onPolling := func(name string, f func(t *testing.T, s *site, p *session)) attack {
		return attack{name, func(t *testing.T, s *site) { f(t, s, openSession(t, s)) }}
	}
	all := []attack{
		onPolling("two polls at once", func(t *testing.T, s *site, p *session) {
			first := p.begin(t, raw.Request("GET", raw.Poll(p.SID), nil))
			second := p.begin(t, raw.Request("GET", raw.Poll(p.SID), nil))
			a, b := answer(t, first), answer(t, second)
			if a.Status != 200 && b.Status != 200 || a.Status == b.Status {
				t.Errorf("answered by %d and %d; want a 200 and an error", a.Status, b.Status)
			}
			gone(t, s, p.Peer)
		}),
		onPolling("a hundred polls at once", func(t *testing.T, s *site, p *session) {
			var all []*raw.Conn
			for range 100 {
				all = append(all, p.begin(t, raw.Request("GET", raw.Poll(p.SID), nil)))
			}
			for _, c := range all {
				answer(t, c)
			}
			gone(t, s, p.Peer)
		}),
		onPolling("two posts at once", func(t *testing.T, s *site, p *session) {
			first := p.begin(t, raw.Request("POST", raw.Poll(p.SID), nil, "Content-Length: 100", "Expect: 100-continue"))
			// The server asks for the body: from now on this POST is under way.
			if line, err := first.In.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
				t.Fatalf("%q, %v", line, err)
			}
			second := answer(t, p.begin(t, raw.Request("POST", raw.Poll(p.SID), []byte(`421["echo"]`))))
			if second.Status != 400 {
				t.Errorf("the second is answered by %d; want 400", second.Status)
			}
			gone(t, s, p.Peer)
		}),
		onPolling("two polls pipelined on one connection", func(t *testing.T, s *site, p *session) {
			request := raw.Request("GET", raw.Poll(p.SID), nil)
			c := p.begin(t, append(request, request...))
			if err := p.Say(`421["echo"]`); err != nil {
				t.Fatal(err)
			}
			if r := answer(t, c); r.Status != 200 || string(r.Body) != "431[]" {
				t.Errorf("the first is answered by %d %q", r.Status, r.Body)
			}
		}),
		onPolling("a binary post", func(t *testing.T, s *site, p *session) {
			poll := p.begin(t, raw.Request("GET", raw.Poll(p.SID), nil))
			if r := p.post(t, []byte{0, 1, 2, 0xff}, "Content-Type: application/octet-stream"); r.Status != 400 {
				t.Errorf("answered by %d; want 400", r.Status)
			}
			answer(t, poll)
			gone(t, s, p.Peer)
		}),
		onPolling("a binary post of text", func(t *testing.T, s *site, p *session) {
			if r := p.post(t, []byte(`421["echo"]`), "Content-Type: application/octet-stream"); r.Status != 400 {
				t.Errorf("answered by %d; want 400", r.Status)
			}
			gone(t, s, p.Peer)
		}),
		onPolling("a post in gzip is not inflated", func(t *testing.T, s *site, p *session) {
			r := p.post(t, []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), "Content-Encoding: gzip")
			if r.Status < 400 {
				t.Errorf("answered by %d", r.Status)
			}
		}),
		onPolling("a post from a form for JSONP", func(t *testing.T, s *site, p *session) {
			r, err := raw.Exchange(p.addr, raw.Request("POST", raw.Poll(p.SID)+"&j=0", []byte(`d=421["echo"]`), "Content-Type: application/x-www-form-urlencoded"))
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != 400 {
				t.Errorf("answered by %d; want 400", r.Status)
			}
			gone(t, s, p.Peer)
		}),
		onPolling("another transport for the session", func(t *testing.T, s *site, p *session) {
			refuses(raw.Request("GET", raw.Upgrade(p.SID), nil), badRequest)(t, s)
			stillServed(t, p.Peer)
		}),
		onPolling("version 3 for a session of version 4", func(t *testing.T, s *site, p *session) {
			old := strings.Replace(raw.Poll(p.SID), "EIO=4", "EIO=3", 1)
			refuses(raw.Request("GET", old, nil), badRequest)(t, s)
			refuses(raw.Request("POST", old, []byte(`11:421["echo"]`)), badRequest)(t, s)
			stillServed(t, p.Peer)
		}),
		onPolling("the session id twice", func(t *testing.T, s *site, p *session) {
			requests(raw.Request("GET", raw.Poll(p.SID)+"&sid="+p.SID, nil), 400)(t, s)
			requests(raw.Request("GET", raw.Poll("unknown")+"&sid="+p.SID, nil), 400)(t, s)
			stillServed(t, p.Peer)
		}),
		onPolling("the session id in other cases", func(t *testing.T, s *site, p *session) {
			refuses(raw.Request("GET", raw.Poll(strings.ToLower(p.SID)+"%20"), nil), unknownSID)(t, s)
			stillServed(t, p.Peer)
		}),
		onPolling("the id of the socket in place of the session's", func(t *testing.T, s *site, p *session) {
			refuses(raw.Request("GET", raw.Poll(p.ID), nil), unknownSID)(t, s)
			stillServed(t, p.Peer)
		}),
		onPolling("a poll that is reset", func(t *testing.T, s *site, p *session) {
			p.begin(t, raw.Request("GET", raw.Poll(p.SID), nil)).Reset()
			gone(t, s, p.Peer)
		}),
		onPolling("a post that is reset in its body", func(t *testing.T, s *site, p *session) {
			p.begin(t, raw.Request("POST", raw.Poll(p.SID), []byte(`421["ec`), "Content-Length: 100")).Reset()
			gone(t, s, p.Peer)
		}),
		onPolling("a post with half a body and a FIN", func(t *testing.T, s *site, p *session) {
			c := p.begin(t, raw.Request("POST", raw.Poll(p.SID), []byte(`421["echo","half"]`), "Content-Length: 100"))
			c.TCP.CloseWrite()
			got, err := c.Drain()
			if err != nil || bytes.HasPrefix(got, []byte("HTTP/1.1 200")) {
				t.Errorf("answered by %.100q, %v", got, err)
			}
			gone(t, s, p.Peer)
		}),
	}
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS"} {
		all = append(all, onPolling(method+" with a session", func(t *testing.T, s *site, p *session) {
			requests(raw.Request(method, raw.Poll(p.SID), nil), 400, 405, 500)(t, s)
		}))
	}
	return all
}

// answer reads the response to a request that was begun.
func answer(t *testing.T, c *raw.Conn) *raw.Response {
	t.Helper()
	r, err := c.Response()
	if err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, r)
	return r
}
