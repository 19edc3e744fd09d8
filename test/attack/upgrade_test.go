package attack

import (
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// upgradeAttacks abuse the change from polling to WebSocket. Whatever happens on the new connection, the session on
// polling lives.
func upgradeAttacks() []attack {
	text := func(s string) []byte { return raw.AppendFrame(nil, raw.Text, []byte(s)) }
	var all []attack
	for _, bad := range []struct {
		name  string
		bytes []byte
	}{
		{"a ping without the word", text("2")},
		{"a probe in another word", text("2probed")},
		{"a probe of 100 kB", text("2probe" + strings.Repeat("e", 100_000))},
		{"a message in place of a probe", text(`421["echo"]`)},
		{"a CONNECT in place of a probe", text("40")},
		{"a pong in place of a probe", text("3probe")},
		{"a binary probe", raw.AppendFrame(nil, raw.Binary, []byte("2probe"))},
		{"no packet at all", text("abc")},
		{"an empty frame", text("")},
		{"a close packet", text("1")},
		{"a close frame", raw.AppendFrame(nil, raw.Close, nil)},
		{"an unmasked probe", []byte("\x81\x062probe")},
		{"a claim of 2^63-1", append([]byte{0x81, 0xff, 0x7f}, "\xff\xff\xff\xff\xff\xff\xff1234"...)},
	} {
		all = append(all,
			attack{bad.name, func(t *testing.T, s *site) { failUpgrade(t, s, nil, bad.bytes) }},
			attack{bad.name + " in the segment of the handshake", func(t *testing.T, s *site) { failUpgrade(t, s, bad.bytes, nil) }},
		)
	}
	for _, bad := range []struct{ name, packet string }{
		{"a message", `421["echo"]`}, {"a close packet", "1"}, {"no packet", "abc"},
	} {
		all = append(all, attack{bad.name + " behind the probe", func(t *testing.T, s *site) {
			failUpgrade(t, s, nil, append(text("2probe"), text(bad.packet)...))
		}})
	}
	// The reference takes an upgrade packet without a probe, and answers a second probe. Either is harmless, if the
	// session goes on: on the new connection or on the old.
	for _, odd := range []struct{ name, packets string }{
		{"an upgrade packet without a probe", "5"}, {"two probes", "2probe,2probe,5"}, {"two upgrade packets", "2probe,5,5"},
	} {
		all = append(all, attack{odd.name, func(t *testing.T, s *site) {
			p := openSession(t, s)
			request := raw.Handshake(raw.Upgrade(p.SID))
			for packet := range strings.SplitSeq(odd.packets, ",") {
				request = append(request, text(packet)...)
			}
			c := p.begin(t, append(request, text(`427["echo","moved"]`)...))
			if err := c.Switched(); err != nil {
				t.Fatal(err)
			}
			for {
				f, err := c.Frame()
				if err != nil || f.First == raw.Close {
					stillServed(t, p.Peer)
					return
				}
				if string(f.Payload) == `437["moved"]` {
					return
				}
			}
		}})
	}
	return append(all,
		attack{"a reset behind the probe", func(t *testing.T, s *site) {
			p := openSession(t, s)
			c := p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), text("2probe")...))
			wantProbed(t, c)
			c.Reset()
			stillServed(t, p.Peer)
			for !probes(t, p) { // until the server has seen the reset
				time.Sleep(5 * time.Millisecond)
			}
			stillServed(t, p.Peer)
		}},
		attack{"two upgrades at once", func(t *testing.T, s *site) {
			p := openSession(t, s)
			first := p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), text("2probe")...))
			wantProbed(t, first)
			wantNoProbe(t, p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), text("2probe")...)))
			first.Reset()
			stillServed(t, p.Peer)
		}},
		attack{"a second WebSocket for an upgraded session", func(t *testing.T, s *site) {
			p := openSession(t, s)
			if err := p.Upgrade(); err != nil {
				t.Fatal(err)
			}
			stillServed(t, p.Peer) // now the server has seen the upgrade packet
			wantNoProbe(t, p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), text("2probe")...)))
			refuses(raw.Request("GET", raw.Poll(p.SID), nil), badRequest)(t, s)
			stillServed(t, p.Peer)
		}},
		attack{"an upgrade of a session on WebSocket", func(t *testing.T, s *site) {
			p, err := raw.Connect(s.addr, "websocket")
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			second, err := raw.Dial(s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			second.Send(append(raw.Handshake(raw.Upgrade(p.SID)), text("2probe")...))
			wantNoProbe(t, second)
			stillServed(t, p)
		}},
		attack{"a poll after the upgrade", func(t *testing.T, s *site) {
			p := openSession(t, s)
			if err := p.Upgrade(); err != nil {
				t.Fatal(err)
			}
			stillServed(t, p.Peer) // now the server has seen the upgrade packet
			refuses(raw.Request("GET", raw.Poll(p.SID), nil), badRequest)(t, s)
			refuses(raw.Request("POST", raw.Poll(p.SID), []byte(`421["echo"]`)), badRequest)(t, s)
			stillServed(t, p.Peer)
		}},
		attack{"handshake, probe, upgrade and event in one segment", func(t *testing.T, s *site) {
			p := openSession(t, s)
			request := raw.Handshake(raw.Upgrade(p.SID))
			for _, packet := range []string{"2probe", "5", `421["echo",1]`} {
				request = append(request, text(packet)...)
			}
			c := p.begin(t, request)
			wantProbed(t, c)
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte("431[1]")})
		}},
		attack{"refused upgrades that are reset", func(t *testing.T, s *site) {
			for _, target := range []string{raw.Upgrade("unknown"), raw.Path + "nothing", "/elsewhere", raw.Path + "?EIO=4&transport=polling"} {
				for range 25 {
					c, err := raw.Dial(s.addr)
					if err != nil {
						t.Fatal(err)
					}
					c.Send(raw.Handshake(target))
					c.Reset()
				}
			}
		}},
	)
}

// failUpgrade opens a WebSocket for a polling session, with together in the segment of the handshake and then behind
// it, and expects that the connection ends and the session goes on.
func failUpgrade(t *testing.T, s *site, together, then []byte) {
	t.Helper()
	p := openSession(t, s)
	c := p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), together...))
	if err := c.Switched(); err != nil {
		t.Fatal(err)
	}
	if then != nil {
		c.Send(then)
	}
	e, err := c.End()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range e.Frames {
		if string(f.Payload) != "3probe" && f.First != raw.Pong {
			t.Errorf("the connection said %v", f)
		}
	}
	stillServed(t, p.Peer)
}

// probes tries to begin an upgrade and reports whether the probe was answered.
func probes(t *testing.T, p *session) bool {
	t.Helper()
	c := p.begin(t, append(raw.Handshake(raw.Upgrade(p.SID)), raw.AppendFrame(nil, raw.Text, []byte("2probe"))...))
	defer c.Close()
	if err := c.Switched(); err != nil {
		return false
	}
	f, err := c.Frame()
	return err == nil && string(f.Payload) == "3probe"
}

// wantProbed expects the handshake to be accepted and the probe to be answered.
func wantProbed(t *testing.T, c *raw.Conn) {
	t.Helper()
	if err := c.Switched(); err != nil {
		t.Fatal(err)
	}
	wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte("3probe")})
}

// wantNoProbe expects a WebSocket for a session to be refused, or to be closed without an answer to its probe.
func wantNoProbe(t *testing.T, c *raw.Conn) {
	t.Helper()
	r, err := c.Response()
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != 101 {
		wantOneOf(t, r, []int{400})
		return
	}
	if e, err := c.End(); err != nil || len(e.Frames) > 0 {
		t.Errorf("the second connection got %v, %v", e, err)
	}
}
