package engineio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Who waits for room gets it in the order of coming, nothing is lost and nobody is cut.
func TestLineUp(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 4}, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		for i := range 10 {
			go func() {
				leave, err := p.LineUp(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				if err := p.Send(text(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		for i := range 5 {
			s.want(s.get(q), 200, fmt.Sprintf("4%d\x1e4%d", 2*i, 2*i+1))
			synctest.Wait()
		}
		leave, err := p.LineUp(t.Context()) // the line is empty again
		if err != nil {
			t.Fatal(err)
		}
		leave()
	})
}

// A wait ends with its context, which lets the next one move up, and with the session. There is a limit to the line.
func TestLineUpEnds(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 2}, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		p.Send(text("first"))
		reason, end := context.WithCancel(t.Context())
		var waits sync.WaitGroup
		waits.Go(func() {
			if _, err := p.LineUp(reason); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		waits.Go(func() {
			leave, err := p.LineUp(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			p.Send(text("second"))
			leave()
		})
		synctest.Wait()
		end()
		synctest.Wait()
		s.want(s.get(q), 200, "4first")
		waits.Wait()
		var full, closed atomic.Int32
		for range 1030 {
			waits.Go(func() {
				switch _, err := p.LineUp(t.Context()); err {
				case engineio.ErrLineFull:
					full.Add(1)
				case engineio.ErrClosed:
					closed.Add(1)
				}
			})
		}
		synctest.Wait()
		p.CloseWith(engineio.ForcedClose, nil)
		waits.Wait()
		if full.Load() != 6 || closed.Load() != 1024 {
			t.Errorf("%d refused, %d ended", full.Load(), closed.Load())
		}
		if _, err := p.LineUp(t.Context()); err != engineio.ErrClosed {
			t.Error(err)
		}
	})
}

// A peer that fetches nothing is cut while others wait for it.
func TestLineUpInVain(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 2}, nil, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		p.Send(text("first"))
		start := time.Now()
		if _, err := p.LineUp(t.Context()); err != engineio.ErrClosed || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

type shut struct{ atomic.Bool }

func (s *shut) Open() bool { return !s.Load() }

// What goes through a gate never follows a packet that was queued after the gate was shut.
func TestGate(t *testing.T) {
	// On a busy machine a ping would come behind the last.
	s := loopback(t, &engineio.Options{OutboxPackets: 1 << 20, OutboxBytes: 1 << 30, PingInterval: time.Hour}, nil)
	q, p := s.openPolling()
	for range 200 {
		var gate shut
		var emits sync.WaitGroup
		for range 4 {
			emits.Go(func() {
				for {
					if _, err := p.EnqueueThrough(&gate, false, text("e")); err == engineio.ErrClosed {
						return
					} else if err != nil {
						t.Error(err)
					}
				}
			})
		}
		gate.Store(true)
		p.Enqueue(text("last"))
		emits.Wait()
		if _, err := p.EnqueueThrough(&gate, true, text("e")); err != engineio.ErrClosed {
			t.Error(err)
		}
		p.Flush()
		body := s.get(q).body
		if len(body) < 5 || body[len(body)-5:] != "4last" {
			t.Fatalf("something follows: %q", body[max(0, len(body)-40):])
		}
	}
}

// crowder hears of an outbox that is half full.
type crowder struct {
	engineio.Handler
	told chan int
}

func (c crowder) Crowded(e *engineio.Conn) { c.told <- e.BufferedAmount() }

func TestCrowded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		t.Cleanup(func() { time.Sleep(time.Second) })
		told := make(chan int, 10)
		opened := make(chan *peer, 1)
		engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
			p := &peer{Conn: c, messages: make(chan engineio.Message, 64), closed: make(chan ending, 2)}
			opened <- p
			return crowder{p, told}
		}, &engineio.Options{OutboxBytes: 10})
		s := start(t, l, l.dial, engine, new(http.Server))
		s.opened = opened
		q, p := s.openPolling()
		p.Send(text("1234"))
		synctest.Wait()
		if len(told) != 0 {
			t.Error("told before it is half full")
		}
		for range 2 { // and again once it has been empty
			p.Send(text("5"))
			p.Send(text("6"))
			synctest.Wait()
			if len(told) != 1 {
				t.Fatalf("told %d times", len(told))
			}
			if n := <-told; n < 5 {
				t.Errorf("with %d bytes", n)
			}
			s.get(q)
			p.Send(text("1234"))
		}
	})
}
