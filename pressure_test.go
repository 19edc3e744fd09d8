package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// What waits for a client is known, and hooks hear of it: once until the outbox has been empty, beside its handlers, those
// of the parent first.
func TestSlowConsumersAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Engine: engineio.Options{OutboxBytes: 100 << 10}})
		parent := server.OfMatching(dynamic)
		var told []string
		parent.OnSlowConsumer(func(s *socketio.Socket, buffered int) {
			told = append(told, fmt.Sprint("parent ", buffered >= 50<<10, " ", s.Connected()))
			panic("contained")
		})
		server.Of("dynamic-1").OnSlowConsumer(func(*socketio.Socket, int) { told = append(told, "own") })
		blocked := make(chan bool)
		server.Of("dynamic-1").On("block", func(ctx, *socketio.Socket, struct{}) error { <-blocked; return nil })
		p := dial()
		s := find(t, server.Of("dynamic-1"), p.join("/dynamic-1"))
		p.send(`2/dynamic-1,["block"]`)
		defer close(blocked)
		chunk := strings.Repeat("x", 20<<10)
		for range 2 {
			resume := p.stopReading()
			synctest.Wait()
			for s.BufferedAmount() < 40<<10 {
				s.Emit("e", chunk)
				synctest.Wait()
			}
			if len(told) != 0 {
				t.Errorf("told before it is half full: %q", told)
			}
			for range 2 {
				s.Emit("e", chunk)
				synctest.Wait()
			}
			if want := []string{"parent true true", "own"}; !slices.Equal(told, want) {
				t.Errorf("told %q, want %q", told, want)
			}
			resume()
			eventually(t, func() bool { return s.BufferedAmount() == 0 })
			told = nil
		}
	})
}

// Who fills the outbox at once is told before the disconnect, too.
func TestSlowConsumersAreToldBeforeTheyGo(t *testing.T) {
	server, web := serve(t, &socketio.Options{Engine: engineio.Options{OutboxBytes: 100}})
	for range 8 {
		var told atomic.Int32
		gone := make(chan string, 1)
		c := connect(t, server.Namespace, web, 1)[0]
		offSlow := server.OnSlowConsumer(func(*socketio.Socket, int) { told.Add(1) })
		offGone := server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) {
			gone <- fmt.Sprint(told.Load() > 0, " ", r)
		})
		c.stopReading()
		big := strings.Repeat("x", 1<<20)
		var err error
		for err == nil {
			err = c.Emit("e", big)
		}
		if !errors.Is(err, socketio.ErrBufferFull) {
			t.Fatal(err)
		}
		if got := <-gone; got != "true transport error" {
			t.Errorf("told before it went: %s", got)
		}
		offSlow()
		offGone()
	}
}

// Emits that wait for room lose nothing and keep their order, for a client that reads slowly; it is not cut.
func TestEmitsThatWaitForRoom(t *testing.T) {
	for _, recovery := range []bool{false, true} {
		t.Run(fmt.Sprint("recovery ", recovery), func(t *testing.T) {
			o := &socketio.Options{Engine: engineio.Options{OutboxPackets: 8}}
			if recovery {
				o.Recovery = &socketio.Recovery{}
			}
			server, web := serve(t, o)
			c := connect(t, server.Namespace, web, 1)[0]
			const emitters, each = 6, 60
			pad := strings.Repeat("x", 20<<10)
			resume := c.stopReading()
			var emits sync.WaitGroup
			for from := range emitters {
				emits.Go(func() {
					for i := range each {
						if err := c.EmitContext(t.Context(), "e", from, i, map[string]string{"pad": pad}); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			resume()
			next := make([]int, emitters)
			for range emitters * each {
				var from, i int
				got := c.next()
				if _, err := fmt.Sscanf(got[:min(len(got), 40)], `2["e",%d,%d`, &from, &i); err != nil {
					t.Fatalf("%.60s: %v", got, err)
				}
				if next[from] != i {
					t.Fatalf("got %d of %d, want %d", i, from, next[from])
				}
				next[from]++
			}
			emits.Wait()
			if !c.Connected() {
				t.Error("the client was cut")
			}
		})
	}
}

// A wait for room ends with its context, with the socket, and with the connection of a client that reads nothing at all.
func TestAWaitForRoomEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 4, WriteTimeout: time.Minute}})
		server.Of("other")
		p := dial()
		s := find(t, server.Namespace, p.join("/"))
		other := find(t, server.Of("other"), p.join("/other"))
		p.stopReading()
		for s.EmitContext(briefly(t), "e") == nil {
		}
		reason := errors.New("enough")
		over, end := context.WithCancelCause(t.Context())
		var waits sync.WaitGroup
		wait := func(s *socketio.Socket, c context.Context, wants ...error) {
			waits.Go(func() {
				err := s.EmitContext(c, "e")
				for _, want := range wants {
					if !errors.Is(err, want) {
						t.Errorf("error %v, want %v", err, want)
					}
				}
			})
		}
		wait(s, over, context.Canceled, reason)
		wait(other, t.Context(), socketio.ErrDisconnected)
		wait(s, t.Context(), socketio.ErrDisconnected)
		synctest.Wait()
		if err := s.Volatile().EmitContext(t.Context(), "dropped"); err != nil {
			t.Error(err)
		}
		end(reason)
		other.Disconnect(false)
		synctest.Wait()
		start := time.Now()
		waits.Wait() // until the write timeout
		if time.Since(start) > time.Minute {
			t.Errorf("waited %v", time.Since(start))
		}
		if err := s.EmitContext(over, "e"); !errors.Is(err, reason) {
			t.Errorf("a context that had ended: %v", err)
		}
	})
}

// briefly is a context that ends when nothing moves any more.
func briefly(t *testing.T) context.Context {
	c, cancel := context.WithTimeout(t.Context(), time.Second)
	t.Cleanup(cancel)
	return c
}

// Emits from any goroutine stop before the DISCONNECT: nothing of the namespace follows it.
func TestNothingFollowsADisconnect(t *testing.T) {
	server, web := serve(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 1 << 20, OutboxBytes: 1 << 30}})
	p := dialWebSocket(t, web)
	p.join("/")
	server.Of("n")
	for range 20 {
		s := find(t, server.Of("n"), p.join("/n"))
		var emits sync.WaitGroup
		var begun atomic.Int32
		for _, emit := range []func() error{
			func() error { return s.Emit("direct") },
			func() error { server.Of("n").Emit("broadcast"); return s.Context().Err() },
			func() error { s.Volatile().Emit("volatile"); return s.Context().Err() },
		} {
			emits.Go(func() {
				for emit() == nil {
					begun.Add(1)
				}
			})
		}
		eventually(t, func() bool { return begun.Load() > 5 })
		s.Disconnect(false)
		emits.Wait()
		for p.next() != `1/n,` {
		}
		p.nothingMore(server)
	}
}

// With recovery on, who was lost has no outbox to wait for: the event is kept for it, as with Emit.
func TestAnEmitThatWaitsForWhoWasLost(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	sockets := make(chan *socketio.Socket, 2)
	server.OnConnection(func(s *socketio.Socket) { sockets <- s })
	p := dialWebSocket(t, web)
	c := enter(t, p)
	s := <-sockets
	lose(t, server, p)
	if err := s.EmitContext(t.Context(), "kept"); err != nil {
		t.Error(err)
	}
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.receive(t, p, `2["kept"]`)
	p.expect(c.welcome())
}
