package socketio_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// Every way to lose a client has its reason, on both transports.
func TestDisconnectReasons(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		for _, c := range []struct {
			reason socketio.DisconnectReason
			end    func(p *peer, s *socketio.Socket)
			sees   []string
		}{
			{socketio.ClientNamespaceDisconnect, func(p *peer, s *socketio.Socket) { p.send(`1`) }, nil},
			{socketio.ServerNamespaceDisconnect, func(p *peer, s *socketio.Socket) { s.Disconnect(false) }, []string{`1`}},
			{socketio.ServerNamespaceDisconnect, func(p *peer, s *socketio.Socket) { s.Disconnect(true) }, []string{`1`, "closed"}},
			{socketio.ForcedClose, func(p *peer, s *socketio.Socket) { s.Conn().Close() }, []string{"closed"}},
			{socketio.TransportClose, func(p *peer, s *socketio.Socket) { p.write(packet.Packet{Type: packet.Close}) }, []string{"closed"}},
			{socketio.ForcedServerClose, func(p *peer, s *socketio.Socket) { p.send(`0`) }, []string{"closed"}},
			{socketio.ParseError, func(p *peer, s *socketio.Socket) { p.send(`abc`) }, []string{"closed"}},
		} {
			server, web := serve(t, nil)
			reasons := make(chan socketio.DisconnectReason, 1)
			server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { reasons <- r })
			p := dial(t, web)
			s := find(t, server.Namespace, p.join("/"))
			c.end(p, s)
			p.expect(c.sees...)
			if r := <-reasons; r != c.reason {
				t.Errorf("reason %q, want %q", r, c.reason)
			}
			if s.Connected() {
				t.Errorf("%s: still connected", c.reason)
			}
		}
	})
}

func TestPingTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, nil)
		reasons := make(chan socketio.DisconnectReason, 1)
		server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { reasons <- r })
		p := dial()
		p.join("/")
		p.mute(time.Now().Add(time.Minute))
		start := time.Now()
		if r := <-reasons; r != socketio.PingTimeout {
			t.Errorf("reason %q", r)
		}
		if after := time.Since(start); after < time.Minute || after > 2*time.Minute {
			t.Errorf("after %v", after)
		}
		p.closed()
	})
}

// A client that joins nothing in 45 s is closed; one that a middleware keeps waiting as well; one that joined stays.
func TestConnectTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, nil)
		server.Of("slow").Use(func(c ctx, _ *socketio.Socket) error { <-c.Done(); return nil })
		start := time.Now()
		idle, waiting, refused, joined := dial(), dial(), dial(), dial()
		waiting.send(`0/slow`)
		refused.send(`0/unknown`)
		joined.join("/")
		joined.send(`1`) // once is enough
		idle.closed()
		waiting.closed()
		refused.closed()
		if after := time.Since(start); after != 45*time.Second {
			t.Errorf("closed after %v", after)
		}
		time.Sleep(time.Minute)
		joined.join("/")
	})
}

// Disconnect(true) ends every namespace of the connection; what was emitted before still goes out.
func TestDisconnectingTheConnection(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		tell := newStory()
		for _, n := range []*socketio.Namespace{server.Namespace, server.Of("a"), server.Of("b")} {
			n.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) { tell.add("%s", r) })
		}
		p := dial(t, web)
		p.join("/")
		p.join("/a")
		s := find(t, server.Of("b"), p.join("/b"))
		for i := range 100 {
			s.Emit("before", i)
		}
		s.Disconnect(true)
		s.Disconnect(true)
		s.Disconnect(false)
		for i := range 100 {
			p.expect(fmt.Sprintf(`2/b,["before",%d]`, i))
		}
		left := []string{p.next(), p.next(), p.next()}
		slices.Sort(left)
		if !slices.Equal(left, []string{`1`, `1/a,`, `1/b,`}) {
			t.Errorf("left %q", left)
		}
		p.expect("closed")
		tell.expect(t, string(socketio.ServerNamespaceDisconnect), string(socketio.ServerNamespaceDisconnect), string(socketio.ServerNamespaceDisconnect))
	})
}

// The seed's server disconnects in the connection handler: what was emitted before is delivered.
func TestDisconnectInTheConnectionHandler(t *testing.T) {
	server, web := serve(t, nil)
	server.OnConnection(func(s *socketio.Socket) {
		s.Emit("server message", map[string]string{"msg": "client connect server success"})
		s.Broadcast().Emit("server message", "broadcast")
		s.Disconnect(false)
		if err := s.Emit("late"); err == nil {
			t.Error("emitted after the disconnect")
		}
	})
	p := dialWebSocket(t, web)
	p.join("/")
	p.expect(`2["server message",{"msg":"client connect server success"}]`, `1`)
	p.join("/")
}

func TestDisconnectInAMiddlewareDoesNothing(t *testing.T) {
	server, web := serve(t, nil)
	server.Use(func(_ ctx, s *socketio.Socket) error { s.Disconnect(false); return nil })
	p := dialWebSocket(t, web)
	p.join("/")
	p.nothingMore(server)
}

// Shutdown: what was received is handled and answered, clients are not told to leave, handlers are waited for.
func TestShutdown(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		tell := newStory()
		working, release := make(chan bool), make(chan bool)
		server.OnCall("work", func(c ctx, _ *socketio.Socket, n int) (int, error) {
			if n == 1 {
				working <- true
				<-release
			}
			tell.add("work %d", n)
			return n, nil
		})
		server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { tell.add("%s", r) })
		p := dial(t, web)
		s := find(t, server.Namespace, p.join("/"))
		p.send(`21["work",1]`, `22["work",2]`)
		<-working
		eventually(t, func() bool { return s.InboxUsed() > 2*256 })
		done := make(chan error)
		go func() { done <- server.Shutdown(t.Context()) }()
		eventually(t, func() bool { return server.Draining() })
		p.send(`23["work",3]`) // too late
		release <- true
		p.expect(`31[1]`, `32[2]`, "closed")
		if err := <-done; err != nil {
			t.Error(err)
		}
		tell.expect(t, "work 1", "work 2", string(socketio.ServerShutdown))
		if err := server.Shutdown(t.Context()); err != nil {
			t.Errorf("once more: %v", err)
		}
		if res, err := web.Client().Get(web.URL + "/socket.io/?EIO=4&transport=polling"); err != nil || res.StatusCode != 503 {
			t.Errorf("handshake after the shutdown: %v, %v", res, err)
		} else {
			res.Body.Close()
		}
		if s.Emit("late") == nil {
			t.Error("emitted after the shutdown")
		}
		if err := server.Emit("late"); err != nil {
			t.Error(err)
		}
	})
}

// A handler that waits for the end of its socket gets it, after half of the time or 10 s.
func TestShutdownEndsContexts(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{0: 10 * time.Second, 4 * time.Second: 2 * time.Second, time.Hour: 10 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			server, dial := serveInMemory(t, nil)
			server.On("stream", func(c ctx, _ *socketio.Socket, _ struct{}) error { <-c.Done(); return nil })
			p := dial()
			p.join("/")
			p.send(`2["stream"]`)
			synctest.Wait()
			c := t.Context()
			if limit > 0 {
				var cancel context.CancelFunc
				c, cancel = context.WithTimeout(c, limit)
				defer cancel()
			}
			start := time.Now()
			if err := server.Shutdown(c); err != nil {
				t.Errorf("limit %v: %v", limit, err)
			}
			if after := time.Since(start); after != want {
				t.Errorf("limit %v: after %v, want %v", limit, after, want)
			}
			p.closed()
		})
	}
}

// A handler that does not end is waited for as long as the context allows, no longer.
func TestShutdownWithoutPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Engine: engineio.Options{PingInterval: time.Hour}})
		release := make(chan bool)
		server.On("stuck", func(ctx, *socketio.Socket, struct{}) error { <-release; return nil })
		p := dial()
		p.join("/")
		p.send(`2["stuck"]`)
		synctest.Wait()
		c, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := server.Shutdown(c); err != c.Err() {
			t.Errorf("error %v", err)
		}
		if after := time.Since(start); after != 3*time.Second {
			t.Errorf("after %v", after)
		}
		p.closed()
		close(release)
	})
}

// Who is not connected has no connection to close: its other namespaces, and its successor, stay.
func TestDisconnectOfWhoIsNotConnectedDoesNothing(t *testing.T) {
	server, web := serve(t, nil)
	server.Of("asks").Use(func(_ ctx, s *socketio.Socket) error { s.Disconnect(true); return nil })
	a := connect(t, server.Namespace, web, 1)[0]
	a.join("/asks")
	a.send(`1`)
	a.join("/")
	a.Disconnect(true) // the socket that has gone
	a.nothingMore(server)
}
