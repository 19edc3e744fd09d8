package socketio_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// Promise 1: events of one socket are handled one at a time and in order.
func TestAnswersComeInTheOrderOfTheEvents(t *testing.T) {
	const events, peers = 1000, 4
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		server.OnCall("echo", func(_ ctx, _ *socketio.Socket, n int) (int, error) { return n, nil })
		var wg sync.WaitGroup
		for range peers {
			p := dial(t, web)
			p.join("/")
			wg.Go(func() {
				var batch []string
				for i := range events {
					batch = append(batch, fmt.Sprintf(`2%d["echo",%d]`, i, i))
				}
				for part := range slices.Chunk(batch, 300) {
					p.send(part...)
				}
				for i := range events {
					if got, want := p.next(), fmt.Sprintf(`3%d[%d]`, i, i); got != want {
						t.Errorf("got %s, want %s", got, want)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// Promise 1: handlers of one socket do not overlap, whichever they are: the connection's, those of events and of the
// catch-all, its end. What they share needs no lock.
func TestHandlersOfASocketDoNotOverlap(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		ended := make(chan int)
		server.OnConnection(func(s *socketio.Socket) {
			inside, handled := 0, 0 // without a lock
			handle := func() {
				if inside++; inside != 1 {
					t.Errorf("%d handlers at once", inside)
				}
				handled++
				runtime.Gosched()
				inside--
			}
			handle()
			s.OnAny(func(ctx, *socketio.Event) error { handle(); return nil })
			s.On("e", func(ctx, struct{}) error { handle(); return nil })
			s.OnDisconnecting(func(socketio.DisconnectReason) { handle() })
			s.OnDisconnect(func(socketio.DisconnectReason) { handle(); ended <- handled })
		})
		p := dial(t, web)
		p.join("/")
		for range 10 {
			p.send(slices.Repeat([]string{`2["e"]`}, 50)...)
			runtime.Gosched()
		}
		p.send(`1`)
		if n := <-ended; n != 1+2*500+2 {
			t.Errorf("%d handlers ran", n)
		}
	})
}

func TestSocketsRunInParallel(t *testing.T) {
	server, web := serve(t, nil)
	ran := make(chan bool)
	server.OnCall("wait", func(c ctx, _ *socketio.Socket, _ struct{}) (bool, error) { return <-ran, nil })
	server.On("go", func(ctx, *socketio.Socket, struct{}) error { ran <- true; return nil })
	a, b := dialWebSocket(t, web), dialWebSocket(t, web)
	a.join("/")
	b.join("/")
	a.send(`21["wait"]`)
	b.send(`2["go"]`)
	a.expect(`31[true]`)
}

func TestNamespacesOfOneConnectionRunInParallel(t *testing.T) {
	server, web := serve(t, nil)
	ran := make(chan bool)
	server.OnCall("wait", func(c ctx, _ *socketio.Socket, _ struct{}) (bool, error) { return <-ran, nil })
	server.Of("other").On("go", func(ctx, *socketio.Socket, struct{}) error { ran <- true; return nil })
	p := dialWebSocket(t, web)
	p.join("/")
	p.join("/other")
	p.send(`21["wait"]`, `2/other,["go"]`)
	p.expect(`31[true]`)
}

// story is a list of what happened, for tests about order.
type story struct {
	mu    sync.Mutex
	lines []string
	grew  chan struct{}
}

func newStory() *story { return &story{grew: make(chan struct{}, 1)} }

func (s *story) add(format string, args ...any) {
	s.mu.Lock()
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
	s.mu.Unlock()
	select {
	case s.grew <- struct{}{}:
	default:
	}
}

// expect waits until as many lines as wanted are there, and compares.
func (s *story) expect(t testing.TB, want ...string) {
	t.Helper()
	limit := time.After(patience)
	for {
		s.mu.Lock()
		lines := slices.Clone(s.lines)
		s.mu.Unlock()
		if len(lines) >= len(want) {
			if !slices.Equal(lines, want) {
				t.Fatalf("story\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
			}
			return
		}
		select {
		case <-s.grew:
		case <-limit:
			t.Fatalf("story stops at\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	}
}

// expectSorted is expect for what has no order.
func (s *story) expectSorted(t testing.TB, want ...string) {
	t.Helper()
	slices.Sort(want)
	eventually(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.lines) >= len(want) })
	s.mu.Lock()
	slices.Sort(s.lines)
	s.mu.Unlock()
	s.expect(t, want...)
}

// The connection handlers run first, the disconnect handlers last, and events that were read before a disconnect are
// handled, also when all of it comes in one segment.
func TestALifeIsToldInOrder(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		tell := newStory()
		welcome := make(chan bool)
		server.Use(func(_ ctx, s *socketio.Socket) error { tell.add("middleware %v", s.Connected()); return nil })
		server.OnConnection(func(s *socketio.Socket) {
			<-welcome
			tell.add("connection")
			s.OnDisconnecting(func(r socketio.DisconnectReason) { tell.add("disconnecting %s %v", r, len(s.Rooms())) })
			s.OnDisconnect(func(r socketio.DisconnectReason) { tell.add("disconnect %s %v", r, len(s.Rooms())) })
		})
		server.On("e", func(c ctx, s *socketio.Socket, n int) error {
			if n == 2 {
				<-c.Done() // a disconnect ends the context at once, before its turn in the inbox
			}
			tell.add("event %d", n)
			return nil
		})
		p := dial(t, web)
		p.join("/")
		p.send(`2["e",1]`, `2["e",2]`, `2["e",3]`, `1`)
		welcome <- true
		tell.expect(t, "middleware false", "connection", "event 1", "event 2", "event 3",
			"disconnecting client namespace disconnect 1", "disconnect client namespace disconnect 0")
	})
}

func TestEventsReadBeforeTheConnectionBrokeAreHandled(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	first := make(chan bool)
	server.On("e", func(_ ctx, _ *socketio.Socket, n int) error {
		if n == 1 {
			<-first
		}
		tell.add("event %d", n)
		return nil
	})
	server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { tell.add("disconnect %s", r) })
	server.OnConnection(func(s *socketio.Socket) {
		go func() { <-s.Context().Done(); first <- true }()
	})
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`2["e",1]`, `2["e",2]`, `2["e",3]`)
	p.link.close()
	tell.expect(t, "event 1", "event 2", "event 3", "disconnect transport close")
}

// Promise 2: one goroutine's emits reach each receiver in program order, direct or broadcast, and all broadcasts of a
// namespace reach everybody in one order.
func TestEmitsKeepProgramOrderOnSeveralCores(t *testing.T) {
	const writers, rounds, receivers = 6, 150, 6
	server, web := serve(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 3 * writers * rounds}})
	accepted := make(chan *socketio.Socket, receivers)
	server.OnConnection(func(s *socketio.Socket) { s.Join("r"); accepted <- s })
	var peers []*peer
	var sockets []*socketio.Socket
	for i := range receivers {
		dial := dialWebSocket
		if i%3 == 2 {
			dial = dialPolling
		}
		p := dial(t, web)
		p.join("/")
		peers = append(peers, p)
		sockets = append(sockets, <-accepted)
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			own := sockets[w%receivers]
			for i := range rounds {
				server.To("r").Emit("cast", w, 3*i)
				own.Emit("own", w, 3*i+1)
				server.In("r", "none").Except("nobody").Emit("cast", w, 3*i+2)
			}
		})
	}
	var order []string // of the broadcasts, as the first receiver saw them
	for n, p := range peers {
		last := make([]int, writers)
		var casts []string
		for range writers*rounds*2 + rounds*writers/receivers {
			got := p.next()
			var name string
			var w, i int
			if _, err := fmt.Sscanf(strings.NewReplacer(`2["`, "", `",`, " ", ",", " ", "]", "").Replace(got), "%s %d %d", &name, &w, &i); err != nil {
				t.Fatalf("receiver %d: %s: %v", n, got, err)
			}
			if i < last[w] {
				t.Fatalf("receiver %d: writer %d sent %d before %d", n, w, i, last[w])
			}
			last[w] = i
			if name == "cast" {
				casts = append(casts, got)
			}
		}
		if order == nil {
			order = casts
		}
		if !slices.Equal(casts, order) {
			t.Fatalf("receiver %d saw the broadcasts in another order than the first", n)
		}
	}
	wg.Wait()
}

// Promise 2: the receivers of an emit are those at the time of the emit, and it is in their outboxes when it returns: who
// leaves or goes afterwards gets it, who comes afterwards does not.
func TestReceiversAreThoseAtTheTimeOfTheEmit(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 4)
	leaves, goes, stays, comes := c[0], c[1], c[2], c[3]
	for _, s := range c[:3] {
		s.Join("room")
	}
	for i := range 100 {
		server.To("room").Emit("e", i)
		leaves.Leave("room")
		comes.Join("room")
		if i == 99 {
			goes.Disconnect(true)
		}
		leaves.Emit("left", i)
		comes.Emit("came", i)
		comes.Leave("room")
		leaves.Join("room")
	}
	for i := range 100 {
		e := fmt.Sprintf(`2["e",%d]`, i)
		leaves.expect(e, fmt.Sprintf(`2["left",%d]`, i))
		goes.expect(e)
		stays.expect(e)
		comes.expect(fmt.Sprintf(`2["came",%d]`, i))
	}
	goes.expect(`1`, "closed")
}

// Promise 3: a handler may wait for an acknowledgement of its own socket, also behind 10,000 pipelined events.
func TestAHandlerAwaitsItsOwnSocket(t *testing.T) {
	const events = 10_000
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		handled := 0
		server.OnCall("ask", func(c ctx, s *socketio.Socket, _ struct{}) (string, error) {
			answer, err := s.Call[string](c, "question")
			return fmt.Sprint(answer, " after ", handled), err
		})
		server.On("n", func(_ ctx, s *socketio.Socket, n int) error {
			if n != handled {
				return fmt.Errorf("event %d comes as number %d", n, handled)
			}
			handled++
			return nil
		})
		server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (int, error) { return handled, nil })
		p := dial(t, web)
		p.join("/")
		p.send(`21["ask"]`)
		p.expect(`20["question"]`)
		var flood []string
		for i := range events {
			flood = append(flood, fmt.Sprintf(`2["n",%d]`, i))
		}
		for part := range slices.Chunk(flood, 2500) {
			p.send(part...)
		}
		p.send(`30["yes"]`, `22["count"]`)
		p.expect(`31["yes after 0"]`, fmt.Sprintf(`32[%d]`, events))
	})
}

// The same when the reader waits already by the time the handler asks.
func TestAPausedReaderGoesOnForAnAcknowledgement(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, &socketio.Options{InboxBytes: 8 << 10})
		server.OnCall("ask", func(c ctx, s *socketio.Socket, _ struct{}) (string, error) {
			for !s.InboxPaused() {
				time.Sleep(time.Millisecond)
			}
			if used := s.InboxUsed(); used > 9<<10 {
				return "", socketio.Errorf("%d bytes in the inbox", used)
			}
			return s.Call[string](c, "question")
		})
		handled := 0
		server.On("n", func(ctx, *socketio.Socket, struct{}) error { handled++; return nil })
		server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (int, error) { return handled, nil })
		p := dial(t, web)
		p.join("/")
		p.send(`21["ask"]`)
		go p.send(slices.Repeat([]string{`2["n"]`}, 100)...)
		p.expect(`20["question"]`)
		p.send(`30["yes"]`, `22["count"]`)
		p.expect(`31["yes"]`, `32[100]`)
	})
}

// Without anybody waiting, the reader stops at the soft limit until the handlers have caught up.
func TestAFullInboxPausesTheReader(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, &socketio.Options{InboxBytes: 8 << 10})
		handled := 0
		server.On("n", func(_ ctx, s *socketio.Socket, n int) error {
			for n == 0 && !s.InboxPaused() {
				time.Sleep(time.Millisecond)
			}
			if used := s.InboxUsed(); used > 9<<10 {
				return fmt.Errorf("%d bytes in the inbox", used)
			}
			if n == handled {
				handled++
			}
			return nil
		})
		server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (int, error) { return handled, nil })
		p := dial(t, web)
		p.join("/")
		var flood []string
		for i := range 3000 {
			flood = append(flood, fmt.Sprintf(`2["n",%d]`, i))
		}
		p.send(append(flood, `21["count"]`)...)
		p.expect(`31[3000]`)
	})
}

// A peer that floods while a handler waits for its answer is cut off at the hard limit, and the wait ends.
func TestAFloodBeyondTheHardLimitEndsTheConnection(t *testing.T) {
	server, web := serve(t, &socketio.Options{InboxBytes: 4 << 10, Engine: engineio.Options{MaxPayload: 4 << 10}})
	ended := make(chan error, 1)
	reasons := make(chan socketio.DisconnectReason, 1)
	server.On("ask", func(c ctx, s *socketio.Socket, _ struct{}) error {
		_, err := s.EmitWithAck(c, "question")
		ended <- err
		return nil
	})
	server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { reasons <- r })
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`2["ask"]`)
	p.expect(`20["question"]`)
	p.link.write(asMessages(slices.Repeat([]string{`2["n"]`}, 1000))...) // an error is that of the end
	p.closed()
	if err := <-ended; !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("the wait ended with %v", err)
	}
	if r := <-reasons; r != socketio.ForcedServerClose {
		t.Errorf("reason %q", r)
	}
}

// A peer that asks faster than it reads the answers is slowed down, not cut off.
func TestAPeerThatAsksAndDoesNotRead(t *testing.T) {
	const events = 6000
	text := strings.Repeat("x", 2000)
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		handled := make(chan int, events)
		server.OnCall("echo", func(_ ctx, _ *socketio.Socket, v socketio.Args2[int, string]) (socketio.Args2[int, string], error) {
			handled <- v.A
			return v, nil
		})
		p := dial(t, web)
		s := find(t, server.Namespace, p.join("/"))
		resume := p.stopReading()
		sent := make(chan bool)
		go func() {
			for i := range events {
				p.send(fmt.Sprintf(`2%d["echo",%d,"%s"]`, i, i, text))
			}
			close(sent)
		}()
		eventually(t, func() bool { return s.InboxPaused() })
		if len(handled) == events {
			t.Error("everything was handled")
		}
		resume()
		for i := range events {
			if got, want := p.next(), fmt.Sprintf(`3%d[%d,"%s"]`, i, i, text); got != want {
				t.Fatalf("got %.50s, want %.50s", got, want)
			}
		}
		<-sent
	})
}
