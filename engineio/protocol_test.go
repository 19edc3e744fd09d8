package engineio_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// The rules of the Engine.IO protocol's own test suite, in its order. Time is fake, so the times are exact.

func TestHandshakePolling(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		a := s.get("EIO=4&transport=polling")
		h := parseOpen(t, a.body)
		if a.status != 200 || len(h.SID) != 20 || !slices.Equal(h.Upgrades, []string{"websocket"}) ||
			h.PingInterval != 300 || h.PingTimeout != 200 || h.MaxPayload != 1_000_000 {
			t.Fatalf("%d %+v", a.status, h)
		}
		want := `0{"sid":"` + h.SID + `","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}`
		s.want(a, 200, want) // the keys in the order of the reference
	})
}

func TestHandshakeWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		_, h, _ := s.openWebSocket()
		if len(h.SID) != 20 || h.Upgrades == nil || len(h.Upgrades) != 0 || h.PingInterval != 300 || h.PingTimeout != 200 || h.MaxPayload != 1_000_000 {
			t.Fatalf("%+v", h)
		}
	})
}

func TestHandshakeRefused(t *testing.T) {
	const (
		badTransport = `{"code":0,"message":"Transport unknown"}`
		badMethod    = `{"code":2,"message":"Bad handshake method"}`
		badVersion   = `{"code":5,"message":"Unsupported protocol version"}`
	)
	for _, tt := range []struct{ name, method, query, body string }{
		{"no EIO", "GET", "transport=polling", badVersion},
		{"EIO=abc", "GET", "EIO=abc&transport=polling", badVersion},
		{"no transport", "GET", "EIO=4", badTransport},
		{"transport=abc", "GET", "EIO=4&transport=abc", badTransport},
		{"POST", "POST", "EIO=4&transport=polling", badMethod},
		{"PUT", "PUT", "EIO=4&transport=polling", badMethod},
		{"OPTIONS", "OPTIONS", "EIO=4&transport=polling", badMethod},
		{"WebSocket, no EIO", "", "transport=websocket", badVersion},
		{"WebSocket, EIO=abc", "", "EIO=abc&transport=websocket", badVersion},
		{"WebSocket, no transport", "", "EIO=4", badTransport},
		{"WebSocket, transport=abc", "", "EIO=4&transport=abc", badTransport},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, suite(), echo, func(t *testing.T, s *site) {
				if tt.method != "" {
					s.want(s.do(tt.method, tt.query, ""), 400, tt.body)
				} else {
					s.wantRefused(400, tt.body, tt.query, "")
				}
				if n := s.engine.Count(); n != 0 {
					t.Errorf("%d sessions", n)
				}
			})
		})
	}
}

func TestMessagesPolling(t *testing.T) {
	for _, tt := range []struct{ name, payload string }{
		{"one plain text packet", "4hello"},
		{"several plain text packets", "4test1\x1e4test2\x1e4test3"},
		{"plain text and binary packets", "4hello\x1ebAQIDBA=="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, suite(), echo, func(t *testing.T, s *site) {
				q, _ := s.openPolling()
				s.want(s.post(q, tt.payload), 200, "ok")
				s.want(s.get(q), 200, tt.payload)
			})
		})
	}
}

func TestInvalidPacketPolling(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		s.want(s.post(q, "abc"), 400, "")
		s.want(s.get(q), 400, unknown)
		if e := <-p.closed; e.reason != engineio.ParseError {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestDuplicatePoll(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		first := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.get(q+"&t=burst"), 400, "")
		s.want(<-first, 200, "1")
		s.want(s.get(q), 400, unknown)
		if e := <-p.closed; e.reason != engineio.TransportError {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestMessagesWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		w, _, _ := s.openWebSocket()
		w.send("4hello")
		w.wantText("4hello")
		w.sendBinary("\x01\x02\x03\x04")
		if first, payload, err := w.frame(); first != 0x82 || string(payload) != "\x01\x02\x03\x04" {
			t.Errorf("frame %#x %q %v", first, payload, err)
		}
	})
}

func TestInvalidPacketWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.send("abc")
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.ParseError {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestHeartbeatPolling(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		for range 3 {
			start := time.Now()
			s.want(s.get(q), 200, "2")
			if d := time.Since(start); d != 300*time.Millisecond {
				t.Errorf("ping after %v", d)
			}
			s.want(s.post(q, "3"), 200, "ok")
		}
	})
}

func TestPingTimeoutPolling(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		start := time.Now()
		if e := <-p.closed; e.reason != engineio.PingTimeout || time.Since(start) != 500*time.Millisecond {
			t.Errorf("closed: %v after %v", e, time.Since(start))
		}
		s.want(s.get(q), 400, unknown)

		// Who comes at that very moment comes too late, whatever the timer does.
		for range 20 {
			q, _ = s.openPolling()
			time.Sleep(500 * time.Millisecond)
			s.want(s.get(q), 400, unknown)
		}
	})
}

func TestHeartbeatWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		w, _, _ := s.openWebSocket()
		for range 3 {
			start := time.Now()
			w.wantText("2")
			if d := time.Since(start); d != 300*time.Millisecond {
				t.Errorf("ping after %v", d)
			}
			w.send("3")
		}
	})
}

func TestPingTimeoutWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		start := time.Now()
		w.wantText("2")
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.PingTimeout || time.Since(start) != 500*time.Millisecond {
			t.Errorf("closed: %v after %v", e, time.Since(start))
		}
	})
}

func TestClosePolling(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.post(q, "1"), 200, "ok")
		s.want(<-poll, 200, "6")
		s.want(s.get(q), 400, unknown)
		if e := <-p.closed; e != (ending{engineio.TransportClose, nil}) {
			t.Errorf("closed: %v", e)
		}
	})
}

// The two requests use two connections, and the one sent first may be seen second.
func TestClosePollingOvertakesPoll(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		s.want(s.post(q, "1"), 200, "ok")
		if e := <-p.closed; e != (ending{engineio.TransportClose, nil}) {
			t.Errorf("closed: %v", e)
		}
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}
		s.want(s.post(q, "4late"), 400, unknown)
		s.want(s.get(q), 200, "6")
		s.want(s.get(q), 400, unknown)

		q, _ = s.openPolling()
		s.want(s.post(q, "1"), 200, "ok")
		time.Sleep(time.Second)
		s.want(s.get(q), 400, unknown)

		// A GET that was answered long ago is not the one.
		q, p = s.openPolling()
		p.Send(text("a"))
		s.want(s.get(q), 200, "4a")
		time.Sleep(200 * time.Millisecond)
		s.want(s.post(q, "1"), 200, "ok")
		s.want(s.get(q), 200, "6")
		s.want(s.get(q), 400, unknown)
	})
}

// A client that closes its session while the GET beside it is answered with something else has no other GET to come.
func TestClosePollingBesideAnAnswer(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		p.Send(text("a"))
		s.want(s.get(q), 200, "4a")
		s.want(s.post(q, "1"), 200, "ok")
		s.want(s.get(q), 400, unknown)
	})
}

func TestCloseWebSocket(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.send("1")
		w.wantClose(noCode)
		if e := <-p.closed; e != (ending{engineio.TransportClose, nil}) {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestUpgrade(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		s.want(s.get(q), 200, "6")
		w.send("5")
		w.send("4hello")
		w.wantText("4hello")
		if got := p.Transport(); got != "websocket" {
			t.Errorf("transport %q", got)
		}
	})
}

func TestPollAfterUpgrade(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		w.send("5")
		synctest.Wait()
		s.want(s.get(q), 400, `{"code":3,"message":"Bad request"}`)
		s.want(s.post(q, "4x"), 400, `{"code":3,"message":"Bad request"}`)
		w.send("4hello")
		w.wantText("4hello")
	})
}

func TestSecondWebSocketAfterUpgrade(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		w.send("5")
		synctest.Wait()
		s.websocket(asWebSocket(q)).wantClose(noCode)
		w.send("4hello")
		w.wantText("4hello")
	})
}
