package engineio_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// After the probe the poll that waits gets a noop, 100 ms later and not before, and so does each that follows.
func TestNoopTiming(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		w := s.websocket(asWebSocket(q))
		time.Sleep(time.Second)
		select {
		case a := <-poll:
			t.Fatalf("before the probe: %v", a)
		default:
		}
		w.send("2probe")
		w.wantText("3probe")
		start := time.Now()
		s.want(<-poll, 200, "6")
		s.want(s.get(q), 200, "6")
		if d := time.Since(start); d != 200*time.Millisecond {
			t.Errorf("two noops after %v", d)
		}
	})
}

// Messages sent at any time of an upgrade arrive once, and in order.
func TestOrderAcrossUpgrade(t *testing.T) {
	const n = 400
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		var sender sync.WaitGroup
		sender.Go(func() {
			for i := range n {
				if err := p.Send(text(fmt.Sprint(i))); err != nil {
					t.Errorf("send %d: %v", i, err)
				}
				time.Sleep(time.Millisecond)
			}
		})
		var got []string
		poll := func() (stop bool) {
			for _, record := range strings.Split(s.get(q).body, "\x1e") {
				switch record[0] {
				case '4':
					got = append(got, record[1:])
				case '6':
					stop = true
				}
			}
			return stop
		}
		for range 20 {
			poll()
		}
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		poll() // the client pauses: the poll that waits is its last
		time.Sleep(30 * time.Millisecond)
		w.send("5")
		for len(got) < n {
			got = append(got, w.text()[1:])
		}
		sender.Wait()
		for i, m := range got {
			if m != fmt.Sprint(i) {
				t.Fatalf("message %d is %s", i, m)
			}
		}
	})
}

// The other direction: what the client posted is delivered before what it sends on the new transport.
func TestOrderFromClientAcrossUpgrade(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		s.want(s.post(q, "4a\x1e4b"), 200, "ok")
		w.write(append(maskedFrame(0x81, "5"), maskedFrame(0x81, "4c")...))
		for _, want := range []string{"a", "b", "c"} {
			if got := data(<-p.messages); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

func TestFailedUpgrade(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fail  func(*wsClient)
		close int // code, -1: the connection is gone already
	}{
		{"another packet", func(w *wsClient) { w.send("4hello") }, noCode},
		{"a ping that is no probe", func(w *wsClient) { w.send("2") }, noCode},
		{"another packet after the probe", func(w *wsClient) { w.send("2probe"); w.wantText("3probe"); w.send("4hello") }, noCode},
		{"no packet", func(w *wsClient) { w.send("x") }, noCode},
		{"a broken frame", func(w *wsClient) { w.write([]byte{0x81, 0x01, 'x'}) }, 1002},
		{"a close frame", func(w *wsClient) { w.write(maskedFrame(0x88, "\x03\xe8")) }, 1000},
		{"the end of the connection", func(w *wsClient) { w.nc.Close() }, -1},
		{"silence", func(w *wsClient) { time.Sleep(10 * time.Second) }, noCode},
		{"silence after the probe", func(w *wsClient) { w.send("2probe"); w.wantText("3probe"); time.Sleep(10 * time.Second) }, noCode},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, echo, func(t *testing.T, s *site) {
				q, p := s.openPolling()
				w := s.websocket(asWebSocket(q))
				tt.fail(w)
				if tt.close >= 0 {
					w.wantClose(tt.close)
				}
				synctest.Wait()
				// The session lives on, and may try again.
				s.want(s.post(q, "4hello"), 200, "ok")
				s.want(s.get(q), 200, "4hello")
				w = s.websocket(asWebSocket(q))
				w.send("2probe")
				w.wantText("3probe")
				w.send("5")
				w.send("4again")
				w.wantText("4again")
				if len(p.closed) != 0 {
					t.Errorf("closed: %v", <-p.closed)
				}
			})
		})
	}
}

func TestSecondWebSocketWhileUpgrading(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		w := s.websocket(asWebSocket(q))
		s.websocket(asWebSocket(q)).wantClose(noCode)
		w.send("2probe")
		w.wantText("3probe")
		s.websocket(asWebSocket(q)).wantClose(noCode)
		w.send("5")
		w.send("4hello")
		w.wantText("4hello")
	})
}

func TestNoUpgrade(t *testing.T) {
	bubble(t, &engineio.Options{NoUpgrade: true}, echo, func(t *testing.T, s *site) {
		a := s.get("EIO=4&transport=polling")
		h := parseOpen(t, a.body)
		if h.Upgrades == nil || len(h.Upgrades) != 0 {
			t.Errorf("upgrades: %v", h.Upgrades)
		}
		s.websocket("EIO=4&transport=websocket&sid=" + h.SID).wantClose(noCode)
	})
}

func TestTransportsOption(t *testing.T) {
	bubble(t, &engineio.Options{Transports: []string{"polling"}}, echo, func(t *testing.T, s *site) {
		h := parseOpen(t, s.get("EIO=4&transport=polling").body)
		if h.Upgrades == nil || len(h.Upgrades) != 0 {
			t.Errorf("upgrades: %v", h.Upgrades)
		}
		s.wantRefused(400, transportUnknown, "EIO=4&transport=websocket", "")
	})
	bubble(t, &engineio.Options{Transports: []string{"websocket"}}, echo, func(t *testing.T, s *site) {
		s.want(s.get("EIO=4&transport=polling"), 400, transportUnknown)
		s.openWebSocket()
	})
}

// The poll that waits when the client switches without pausing gets a noop.
func TestUpgradeWithoutPause(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		w := s.websocket(asWebSocket(q))
		w.send("5")
		s.want(<-poll, 200, "6")
		w.send("4hello")
		w.wantText("4hello")
	})
}

// A poll that came during the upgrade and still waits when it completes may have been sent behind the switch, on another
// connection. It gets what one gets that comes after.
func TestPollBesideTheSwitch(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		w := s.websocket(asWebSocket(q))
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		w.send("2probe")
		w.wantText("3probe")
		w.send("5")
		s.want(<-poll, 400, badRequest)
		w.send("4hello")
		w.wantText("4hello")
	})
}

// The same when something is queued for it: it is kept for the new transport for a moment, and answers the poll if no
// switch comes.
func TestPollBesideTheSwitchWithSomethingQueued(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		p.Send(text("a"))
		s.want(s.get(q), 200, "4a")
		p.Send(text("b"))
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		w.send("5")
		w.wantText("4b")
		s.want(<-poll, 400, badRequest)
	})
}

// A client that switches while its POST is being delivered would have two transports deliver at once. It may not.
func TestUpgradeDuringPost(t *testing.T) {
	var release chan struct{} // made in the bubble
	bubble(t, nil, func(c *engineio.Conn, m engineio.Message) {
		if string(m.Data) == "block" {
			<-release
		}
		echo(c, m)
	}, func(t *testing.T, s *site) {
		release = make(chan struct{})
		q, _ := s.openPolling()
		post := later(func() answer { return s.post(q, "4block") })
		synctest.Wait()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		w.send("5")
		w.wantClose(noCode)
		close(release)
		s.want(<-post, 200, "ok")
		s.want(s.get(q), 200, "4block")
	})
}

// The heartbeat goes on over the new transport, also for a ping that was sent on the old one.
func TestHeartbeatAcrossUpgrade(t *testing.T) {
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		s.want(s.get(q), 200, "6")
		time.Sleep(300 * time.Millisecond) // the ping has been due for 100 ms, and had no poll to leave with
		w.send("5")
		w.wantText("2")
		time.Sleep(150 * time.Millisecond) // the time for the pong began with the upgrade
		w.send("3")
		start := time.Now()
		w.wantText("2")
		if d := time.Since(start); d != 300*time.Millisecond {
			t.Errorf("next ping after %v", d)
		}
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.PingTimeout {
			t.Errorf("closed: %v", e)
		}
	})
}

// When the session ends, the transport that wanted to take over ends as well.
func TestUpgradeAborted(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		p.CloseWith(engineio.ForcedClose, nil)
		w.wantClose(noCode)
	})
}

// An upgrade may complete while the session is closing; what is queued then leaves on the new transport.
func TestUpgradeWhileClosing(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		p.Send(text("last"))
		p.Close()
		w.send("5")
		w.wantText("4last")
		w.wantText("1")
		w.wantClose(noCode)
		if e := <-p.closed; e != (ending{engineio.ForcedClose, nil}) {
			t.Errorf("closed: %v", e)
		}
	})
}

// Many sessions move to WebSocket, on real connections, while the server sends each a counter: no hole, no repeat.
func TestManyUpgrades(t *testing.T) {
	s := loopback(t, &engineio.Options{OutboxPackets: 1 << 20}, nil) // whoever is slow to read is not cut
	var sessions sync.WaitGroup
	for range 40 {
		q, p := s.openPolling()
		stop := make(chan struct{}) // closed when enough has come over WebSocket
		var sender sync.WaitGroup
		sent := 0
		sender.Go(func() {
			for ; ; sent++ {
				select {
				case <-stop:
					p.Send(text("end"))
					return
				case <-time.After(time.Millisecond):
				}
				if err := p.Send(text(fmt.Sprint(sent))); err != nil {
					t.Errorf("send: %v", err)
					return
				}
			}
		})
		sessions.Go(func() {
			next := 0
			take := func(m string) (end bool) {
				if m == "4end" {
					return true
				}
				if m != fmt.Sprint("4", next) {
					t.Errorf("got %q, want %d", m, next)
					return true
				}
				next++
				return false
			}
			poll := func() {
				a, err := s.try("GET", q, "")
				if err != nil || a.status != 200 {
					t.Errorf("poll: %v %v", a, err)
					return
				}
				for _, record := range strings.Split(a.body, "\x1e") {
					if record != "6" {
						take(record)
					}
				}
			}
			poll()
			poll()
			w := s.websocket(asWebSocket(q))
			defer w.nc.Close()
			w.send("2probe")
			w.wantText("3probe")
			poll()
			w.send("5")
			for range 50 {
				take(w.text())
			}
			close(stop)
			for !take(w.text()) {
			}
			sender.Wait()
			if next != sent {
				t.Errorf("%d of %d arrived", next, sent)
			}
		})
	}
	sessions.Wait()
}
