package socketio_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// A session is kept after a loss, and after this side gave up; not after a goodbye, nor after what can't be read.
func TestWhenASessionIsKept(t *testing.T) {
	for _, tt := range []struct {
		reason socketio.DisconnectReason
		end    func(p *peer, s *socketio.Socket)
		kept   bool
	}{
		{socketio.TransportClose, func(p *peer, s *socketio.Socket) { p.link.close() }, true},
		{socketio.ForcedClose, func(p *peer, s *socketio.Socket) { s.Conn().Close() }, true},
		{socketio.TransportError, func(p *peer, s *socketio.Socket) { s.Conn().CloseWith("transport error", nil) }, true},
		{socketio.ForcedServerClose, func(p *peer, s *socketio.Socket) { p.send("0") }, true},
		{socketio.ParseError, func(p *peer, s *socketio.Socket) { p.send("2[") }, false},
		{socketio.ClientNamespaceDisconnect, func(p *peer, s *socketio.Socket) { p.send("1") }, false},
		{socketio.ServerNamespaceDisconnect, func(p *peer, s *socketio.Socket) { s.Disconnect(false) }, false},
		{socketio.ServerNamespaceDisconnect, func(p *peer, s *socketio.Socket) { s.Disconnect(true) }, false},
	} {
		server, web := serveRecovery(t, socketio.Recovery{})
		ended := make(chan socketio.DisconnectReason, 1)
		back := make(chan *socketio.Socket, 2)
		server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { ended <- r })
		server.OnConnection(func(s *socketio.Socket) { back <- s })
		s, p, c := entered(t, server, web)
		<-back
		tt.end(p, s)
		if r := <-ended; r != tt.reason {
			t.Errorf("reason %q, want %q", r, tt.reason)
		}
		if err := s.Emit("missed"); (err == nil) != tt.kept || err != nil && !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("%s: emit: %v", tt.reason, err)
		}
		if err := s.Volatile().Emit("missed"); !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("%s: volatile emit: %v", tt.reason, err)
		}
		p = dialWebSocket(t, web)
		p.send(c.connect())
		if tt.kept {
			c.receive(t, p, `2["missed"]`)
			p.expect(c.welcome())
		} else {
			c.welcomed(t, p.next())
		}
		if s := <-back; s.Recovered() != tt.kept || tt.kept == errors.Is(s.RecoveryError(), socketio.ErrSessionUnknown) {
			t.Errorf("%s: recovered %v, %v", tt.reason, s.Recovered(), s.RecoveryError())
		}
	}
}

// A session lives for as long as a client may stay away, and no longer.
func TestASessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Recovery: new(socketio.Recovery)})
		back := make(chan *socketio.Socket, 1)
		server.OnConnection(func(s *socketio.Socket) { back <- s })
		p := dial()
		c := enter(t, p)
		for _, away := range []time.Duration{119 * time.Second, 121 * time.Second} {
			s := <-back
			time.Sleep(24 * time.Hour) // a quiet day
			lose(t, server, p)
			time.Sleep(away)
			want := away < 2*time.Minute
			if err := s.Emit("missed"); (err == nil) != want {
				t.Errorf("emit after %v: %v", away, err)
			}
			p = dial()
			p.send(c.connect())
			if want {
				c.receive(t, p, `2["missed"]`)
				p.expect(c.welcome())
			} else {
				c.welcomed(t, p.next())
			}
		}
		s := <-back
		if s.Recovered() || s.RecoveryError() == nil {
			t.Errorf("recovered %v, %v", s.Recovered(), s.RecoveryError())
		}
	})
}

// A client that changed its network is back long before the server could notice: the connection that it left does not
// answer, so it ends, its handlers run first, and the session goes over.
func TestAConnectionThatWasLeftIsFoundOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Recovery: new(socketio.Recovery)})
		tell := newStory()
		server.OnConnection(func(s *socketio.Socket) { tell.add("in %v", s.Recovered()) })
		server.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) {
			if r == socketio.PingTimeout {
				time.Sleep(time.Second) // the other waits
			}
			tell.add("out %s", r)
		})
		left := dial()
		c := enter(t, left)
		server.Emit("received")
		c.receive(t, left, `2["received"]`)
		left.mute(time.Now())
		resume := left.stopReading()
		start := time.Now()
		server.Emit("under way")
		p := dial()
		p.send(c.connect())
		c.receive(t, p, `2["under way"]`)
		p.expect(c.welcome())
		if after := time.Since(start); after > 10*time.Second {
			t.Errorf("after %v", after)
		}
		resume()
		left.closed()
		time.Sleep(time.Second)
		tell.expect(t, "in false", "out ping timeout", "in true")
	})
}

// Who has a session and answers keeps it: the same private id is good for nothing elsewhere.
func TestASessionInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Recovery: new(socketio.Recovery)})
		sockets := make(chan *socketio.Socket, 2)
		server.OnConnection(func(s *socketio.Socket) { sockets <- s })
		p := dial()
		c := enter(t, p)
		first := <-sockets
		other := dial()
		other.send(c.connect())
		new(returning).welcomed(t, other.next())
		if s := <-sockets; s.Recovered() || s.ID() == c.sid || !errors.Is(s.RecoveryError(), socketio.ErrSessionInUse) {
			t.Errorf("recovered %v, %v", s.Recovered(), s.RecoveryError())
		}
		if !first.Connected() {
			t.Error("the one that has it was disconnected")
		}
		first.Emit("still there")
		c.receive(t, p, `2["still there"]`)
	})
}

// Of many that ask for a session at once, one gets it.
func TestASessionIsTakenByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Recovery: new(socketio.Recovery)})
		recovered := make(chan bool, 9)
		server.OnConnection(func(s *socketio.Socket) { recovered <- s.Recovered() })
		p := dial()
		c := enter(t, p)
		<-recovered
		lose(t, server, p)
		server.Emit("missed")
		var group sync.WaitGroup
		for range 8 {
			p := dial()
			group.Go(func() { p.send(c.connect()) })
		}
		group.Wait()
		count := 0
		for range 8 {
			if <-recovered {
				count++
			}
		}
		if count != 1 {
			t.Errorf("%d got it", count)
		}
	})
}

// Handlers of a socket that was lost end before the one that takes its place begins, though its client is back already;
// rooms that they joined meanwhile count.
func TestHandlersOfTheLostSocketEndFirst(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	tell := newStory()
	entered, release := make(chan bool), make(chan bool)
	server.On("work", func(c ctx, s *socketio.Socket, _ struct{}) error {
		entered <- true
		<-c.Done()
		<-release
		tell.add("worked: %v", s.Join("room"))
		return nil
	})
	server.OnConnection(func(s *socketio.Socket) { tell.add("in %v", slices.Contains(s.Rooms(), "room")) })
	server.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) { tell.add("out") })
	p := dialWebSocket(t, web)
	c := enter(t, p)
	p.send(`2["work"]`)
	<-entered
	p.link.close()
	next := dialWebSocket(t, web)
	next.send(c.connect())
	close(release)
	next.expect(c.welcome())
	server.To("room").Emit("there")
	c.receive(t, next, `2["there"]`)
	tell.expect(t, "in false", "worked: <nil>", "out", "in true")
}

// A recovered socket is one like any other: it can be disconnected, and then does not come back.
func TestDisconnectOfARecoveredSocket(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	sockets := make(chan *socketio.Socket, 3)
	server.OnConnection(func(s *socketio.Socket) { sockets <- s })
	old, p, c := entered(t, server, web)
	<-sockets
	lose(t, server, p)
	p = dialWebSocket(t, web)
	p.send(c.connect())
	p.expect(c.welcome())
	s := <-sockets
	if err := old.Emit("by the old handle"); err != nil {
		t.Error(err)
	}
	c.receive(t, p, `2["by the old handle"]`)
	old.Disconnect(true) // has gone, does nothing
	if n := len(server.Sockets()); n != 1 {
		t.Errorf("%d sockets", n)
	}
	s.Disconnect(true)
	p.expect(`1`)
	p.closed()
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.welcomed(t, p.next())
	if s := <-sockets; s.Recovered() {
		t.Error("recovered after it was disconnected")
	}
}

// Each namespace of a connection has a session of its own.
func TestSessionsOfSeveralNamespaces(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serveRecovery(t, socketio.Recovery{})
		other := server.Of("/other")
		p := dial(t, web)
		c := enter(t, p)
		p.send(`0/other,`)
		answer := p.next()
		lose(t, server, p)
		server.Emit("missed")
		other.Emit("missed there")
		p = dial(t, web)
		p.send(c.connect())
		c.receive(t, p, `2["missed"]`)
		p.expect(c.welcome())
		p.send(`0/other,` + answer[len(`0/other,`):])
		if got := p.next(); got[:len(`2/other,["missed there"`)] != `2/other,["missed there"` {
			t.Error(got)
		}
		p.expect(answer)
	})
}

// An adapter or a dialect that panics under the order lock leaves no lock behind.
func TestAPanicLeavesTheOrderFree(t *testing.T) {
	sick := false
	server, web := serve(t, &socketio.Options{Recovery: new(socketio.Recovery), Adapter: func(adapter.Node) adapter.Adapter {
		return &sickly{newFaulty(func() error { return nil }).innerLog, &sick}
	}})
	s, p, c := entered(t, server, web)
	sick = true
	if err := s.Emit("lost"); err == nil {
		t.Error("no error of a direct emit")
	}
	if err := server.Emit("lost"); err == nil {
		t.Error("no error of a broadcast")
	}
	sick = false
	server.Emit("on it goes")
	c.receive(t, p, `2["on it goes"]`)
	if n := server.Stats().Panics; n != 2 {
		t.Errorf("%d panics", n)
	}
}

// sickly is a log that panics when it is sick.
type sickly struct {
	*innerLog
	sick *bool
}

func (k *sickly) Publish(adapter.Message) error { return nil }
func (k *sickly) Close(context.Context) error   { k.innerLog.Close(); return nil }

func (k *sickly) Store(m adapter.Message) (string, error) {
	if *k.sick {
		panic("sick")
	}
	return k.innerLog.Store(m)
}

// However much is emitted and however many are lost, memory stays within what the limits say.
func TestRecoveryKeepsMemoryBounded(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{MaxEventBytes: 1 << 20, MaxSessions: 10})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	text := strings.Repeat("x", 10_000)
	for range 5000 { // 50 MB
		server.Emit("e", text)
	}
	for range 30 {
		p := dialWebSocket(t, web)
		enter(t, p)
		lose(t, server, p)
	}
	if after := heap(); after > before+8<<20 {
		t.Errorf("from %d KiB to %d KiB", before>>10, after>>10)
	}
}
