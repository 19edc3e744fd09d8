package engineio_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// In protocol 4 only the server pings.
func TestPingFromClient(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.send("2")
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.TransportError || e.err == nil {
			t.Errorf("WebSocket: %v", e)
		}
		q, p := s.openPolling()
		s.want(s.post(q, "2"), 200, "ok")
		if e := <-p.closed; e.reason != engineio.TransportError || e.err == nil {
			t.Errorf("polling: %v", e)
		}
		s.want(s.get(q), 400, unknown)
	})
}

// Packets that mean nothing from a client are ignored.
func TestMeaninglessPackets(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		w, _, _ := s.openWebSocket()
		for _, p := range []string{"0", "5", "6", "3", "0{}"} {
			w.send(p)
		}
		w.send("4hello")
		w.wantText("4hello")
	})
}

// Only a pong answers a ping. Messages behind it put the end off by no more than a second.
func TestMessagesAreNoPong(t *testing.T) {
	bubble(t, &engineio.Options{PingInterval: 10 * time.Second, PingTimeout: 5 * time.Second}, ignore, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		start := time.Now()
		w.wantText("2")
		go func() {
			for range 100 {
				time.Sleep(100 * time.Millisecond)
				if _, err := w.nc.Write(maskedFrame(0x81, "4x")); err != nil {
					return
				}
			}
		}()
		w.wantClose(noCode)
		if d := time.Since(start); d < 15*time.Second || d > 16*time.Second {
			t.Errorf("closed after %v", d)
		}
		if e := <-p.closed; e.reason != engineio.PingTimeout {
			t.Errorf("closed: %v", e)
		}
	})
}

// While the handler blocks nothing is read, the pong neither: the ping timeout is suspended.
func TestPingTimeoutSuspended(t *testing.T) {
	for _, name := range []string{"websocket", "polling"} {
		t.Run(name, func(t *testing.T) {
			bubble(t, suite(), func(c *engineio.Conn, m engineio.Message) {
				select {
				case <-time.After(time.Hour):
				case <-c.Done():
				}
			}, func(t *testing.T, s *site) {
				var p *peer
				if name == "polling" {
					var q string
					q, p = s.openPolling()
					go s.try("POST", q, "4block")
				} else {
					var w *wsClient
					w, _, p = s.openWebSocket()
					w.send("4block")
					go func() {
						for {
							if _, _, err := w.frame(); err != nil {
								return
							}
						}
					}()
				}
				synctest.Wait()
				start := time.Now()
				time.Sleep(59 * time.Minute)
				if len(p.closed) != 0 {
					t.Fatalf("closed while the handler was busy: %v", <-p.closed)
				}
				// Then the peer has the whole time again.
				e := <-p.closed
				if d := time.Since(start); e.reason != engineio.PingTimeout || d != time.Hour+200*time.Millisecond {
					t.Errorf("closed: %v after %v", e, d)
				}
			})
		})
	}
}

// A pong that waited behind a slow message counts, however long the message took.
func TestPongBehindSlowMessage(t *testing.T) {
	bubble(t, suite(), func(c *engineio.Conn, m engineio.Message) {
		if string(m.Data) == "slow" {
			time.Sleep(10 * time.Second)
		}
		echo(c, m)
	}, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.write(append(append(maskedFrame(0x81, "4slow"), maskedFrame(0x81, "3")...), maskedFrame(0x81, "4hello")...))
		w.wantText("2")
		w.wantText("4slow")
		w.wantText("4hello")
		w.wantText("2")
		if len(p.closed) != 0 {
			t.Errorf("closed: %v", <-p.closed)
		}
	})
}

// A session that ends while its peer takes no bytes has a second for what is under way, then its connection is cut.
func TestPingTimeoutBehindStuckWrite(t *testing.T) {
	o := suite()
	o.WriteTimeout = time.Hour
	bubble(t, o, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		start := time.Now()
		p.Send(text("never read"))
		e := <-p.closed
		if d := time.Since(start); e.reason != engineio.PingTimeout || d != 500*time.Millisecond {
			t.Errorf("closed: %v after %v", e, d)
		}
		time.Sleep(990 * time.Millisecond)
		if _, err := w.nc.Write(maskedFrame(0x8a, "")); err != nil {
			t.Errorf("cut too early: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
		if _, err := w.nc.Write(maskedFrame(0x8a, "")); err == nil {
			t.Error("the connection is open")
		}
	})
}
