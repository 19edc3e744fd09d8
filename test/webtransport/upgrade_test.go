package webtransport

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

func TestUpgrade(t *testing.T) {
	s := newSite(t, nil, echo)
	q, h, p := s.openPolling()
	if want := []string{"websocket", "webtransport"}; !slices.Equal(h.Upgrades, want) {
		t.Errorf("upgrades: %q, want %q", h.Upgrades, want)
	}
	c := s.upgrade(h.SID)
	c.send("2probe")
	c.wantText("3probe")
	s.want(200, "6", "GET", q, "") // the noop that lets the client stop polling
	c.send("5")
	c.send("4hello")
	c.wantText("4hello")
	if p.Transport() != "webtransport" {
		t.Errorf("transport %q", p.Transport())
	}
	s.want(400, `{"code":3,"message":"Bad request"}`, "GET", q, "")
}

// Many sessions move while the server sends each a counter: no hole, no repeat. SOAK=1 makes it 2,000.
func TestOrderAcrossUpgrade(t *testing.T) {
	s := newSite(t, &engineio.Options{OutboxPackets: 1 << 20}, nil) // whoever is slow to read is not cut
	rounds := 1
	if os.Getenv("SOAK") != "" {
		rounds = 100
	}
	for range rounds {
		moveUnderACounter(t, s)
	}
}

func moveUnderACounter(t *testing.T, s *site) {
	var sessions sync.WaitGroup
	for range 20 {
		q, h, p := s.openPolling()
		stop := make(chan struct{}) // closed when enough has come
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
		c := s.upgrade(h.SID)
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
				_, body := s.do("GET", q, "")
				for _, record := range strings.Split(body, "\x1e") {
					if record != "6" {
						take(record)
					}
				}
			}
			poll()
			poll()
			c.send("2probe")
			c.wantText("3probe")
			poll()
			c.send("5")
			for range 50 {
				take(c.text())
			}
			close(stop)
			for !take(c.text()) {
			}
			sender.Wait()
			if next != sent {
				t.Errorf("%d of %d arrived", next, sent)
			}
			c.session.CloseWithError(0, "")
			receive(t, p.closed)
		})
	}
	sessions.Wait()
}

// The other direction: what was posted is delivered before what comes on the new transport.
func TestOrderFromClientAcrossUpgrade(t *testing.T) {
	s := newSite(t, nil, nil)
	q, h, p := s.openPolling()
	c := s.upgrade(h.SID)
	c.send("2probe")
	c.wantText("3probe")
	s.want(200, "ok", "POST", q, "4a\x1e4b")
	c.write(append(frame(false, []byte("5")), frame(false, []byte("4c"))...))
	for _, want := range []string{"a", "b", "c"} {
		if got := string(receive(t, p.messages).Data); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFailedUpgrade(t *testing.T) {
	for name, fail := range map[string]func(*client){
		"another packet":                 func(c *client) { c.send("4hello") },
		"another packet after the probe": func(c *client) { c.send("2probe"); c.wantText("3probe"); c.send("4hello") },
		"no packet":                      func(c *client) { c.send("x") },
		"no frame":                       func(c *client) { c.write([]byte{0}) },
		"silence":                        func(*client) {},
		"silence after the probe":        func(c *client) { c.send("2probe"); c.wantText("3probe") },
		"a second stream":                func(c *client) { c.open(); c.write([]byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // silence takes its time
			s := newSite(t, &engineio.Options{UpgradeTimeout: 3 * time.Second}, echo)
			q, h, p := s.openPolling()
			c := s.upgrade(h.SID)
			fail(c)
			c.wantEnd()
			// The session lives on, and may try again.
			s.want(200, "ok", "POST", q, "4hello")
			for _, body := s.do("GET", q, ""); body != "4hello"; _, body = s.do("GET", q, "") {
				if body != "6" {
					t.Fatalf("got %q", body)
				}
			}
			c = s.upgrade(h.SID)
			c.send("2probe")
			c.wantText("3probe")
			c.send("5")
			c.send("4again")
			c.wantText("4again")
			if len(p.closed) != 0 {
				t.Errorf("closed: %v", <-p.closed)
			}
		})
	}
}

// One candidate at a time, and none for a session that has moved or never polled.
func TestSecondUpgrade(t *testing.T) {
	s := newSite(t, nil, echo)
	_, h, _ := s.openPolling()
	c := s.upgrade(h.SID)
	c.send("2probe")
	c.wantText("3probe")
	s.upgrade(h.SID).wantEnd()
	c.send("5")
	c.send("4hello")
	c.wantText("4hello")
	s.upgrade(h.SID).wantEnd()

	_, h, _ = s.connect()
	s.upgrade(h.SID).wantEnd()
}

// When the session ends, so does the transport that was to take over.
func TestUpgradeAborted(t *testing.T) {
	s := newSite(t, nil, nil)
	_, h, p := s.openPolling()
	c := s.upgrade(h.SID)
	c.send("2probe")
	c.wantText("3probe")
	p.CloseWith(engineio.ForcedClose, nil)
	c.wantEnd()
}
