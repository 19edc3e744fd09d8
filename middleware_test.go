package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
)

// Middleware runs in order, before the connection handlers, and the socket is not connected meanwhile.
func TestMiddlewareRunsInOrder(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	release := make(chan bool)
	server.Use(func(c ctx, s *socketio.Socket) error {
		tell.add("first %v %v", s.Connected(), c == s.Context())
		return nil
	})
	server.Use(func(_ ctx, s *socketio.Socket) error {
		<-release
		tell.add("second %v", len(server.Sockets()))
		return nil
	})
	off := server.Use(func(ctx, *socketio.Socket) error { return errors.New("taken off") })
	off()
	server.OnConnection(func(s *socketio.Socket) { tell.add("connection %v %v", s.Connected(), len(server.Sockets())) })
	p := dialWebSocket(t, web)
	p.send(`0`)
	release <- true
	tell.expect(t, "first false true", "second 0", "connection true 1")
}

// The middleware of a namespace runs for its clients alone, each function when the one before has finished.
func TestMiddlewareBelongsToItsNamespace(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.Use(func(ctx, *socketio.Socket) error { tell.add("main"); return nil })
	for i := range 3 {
		server.Of("chat").Use(func(ctx, *socketio.Socket) error {
			tell.add("%d begins", i)
			runtime.Gosched()
			tell.add("%d ends", i)
			return nil
		})
	}
	p := dialWebSocket(t, web)
	p.join("/chat")
	tell.expect(t, "0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends")
	p.join("/")
	tell.expect(t, "0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends", "main")
}

// An error refuses the client; it gets what was made for it.
func TestMiddlewareRefuses(t *testing.T) {
	server, web := serve(t, nil)
	connected := false
	for name, err := range map[string]error{
		"message": &socketio.ConnectError{Message: "unauthorized"},
		"data":    &socketio.ConnectError{Message: "unauthorized", Data: map[string]any{"a": "b", "c": 3}},
		"falsy":   &socketio.ConnectError{Message: "", Data: false},
		"wrapped": fmt.Errorf("secret: %w", &socketio.ConnectError{Message: "later", Data: 7}),
		"public":  socketio.Errorf("not today"),
		"private": errors.New("secret"),
		"binary":  &socketio.ConnectError{Message: "no binary here", Data: []byte("b")},
		"unfit":   &socketio.ConnectError{Message: "no functions here", Data: func() {}},
	} {
		n := server.Of(name)
		n.Use(func(ctx, *socketio.Socket) error { return err })
		n.Use(func(ctx, *socketio.Socket) error { t.Error("a second middleware ran"); return nil })
		n.OnConnection(func(*socketio.Socket) { connected = true })
	}
	p := dialWebSocket(t, web)
	for _, c := range [][2]string{
		{"message", `{"message":"unauthorized"}`},
		{"data", `{"message":"unauthorized","data":{"a":"b","c":3}}`},
		{"falsy", `{"message":"","data":false}`},
		{"wrapped", `{"message":"later","data":7}`},
		{"public", `{"message":"not today"}`},
		{"private", `{"message":"internal error"}`},
		{"binary", `{"message":"no binary here"}`},
		{"unfit", `{"message":"no functions here"}`},
		{"message", `{"message":"unauthorized"}`}, // once more: a refused client may try again
	} {
		p.send(`0/` + c[0])
		p.expect(`4/` + c[0] + `,` + c[1])
	}
	p.join("/")
	if connected {
		t.Error("a refused client was connected")
	}
}

// Rooms may be joined in a middleware. A refusal leaves them all.
func TestARefusalLeavesAllRooms(t *testing.T) {
	server, web := serve(t, nil)
	var refused *socketio.Socket
	server.Use(func(_ ctx, s *socketio.Socket) error {
		if err := s.Join("room1", "room2"); err != nil {
			return err
		}
		// Not connected yet: a broadcast passes it by.
		server.To("room1").Emit("too early")
		if s.Handshake().Query.Get("no") != "" {
			refused = s
			return &socketio.ConnectError{Message: "nope"}
		}
		return nil
	})
	p := start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket&no=1", nil))
	p.send(`0`)
	p.expect(`4{"message":"nope"}`)
	if n, rooms := server.RoomCount(), refused.Rooms(); n != 0 || len(rooms) != 0 {
		t.Errorf("%d rooms left, %q", n, rooms)
	}
	if err := refused.Join("again"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("join after the refusal: %v", err)
	}
	if err := refused.Emit("late"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("emit after the refusal: %v", err)
	}
	a := connect(t, server.Namespace, web, 1)[0]
	if got := a.Rooms(); !slices.Equal(got, []string{"room1", "room2", a.ID()}) {
		t.Errorf("rooms %q", got)
	}
	a.nothingMore(server)
}

// A client that goes while the middleware decides: the context ends, nothing is connected, nothing is left.
func TestTheClientGoesDuringMiddleware(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnConnection(func(*socketio.Socket) { tell.add("connection") })
	server.OnDisconnect(func(*socketio.Socket, socketio.DisconnectReason) { tell.add("disconnect") })
	server.Use(func(c ctx, s *socketio.Socket) error {
		s.Join("room")
		tell.add("middleware")
		<-c.Done()
		if _, ok := errors.AsType[*socketio.DisconnectError](context.Cause(c)); !ok {
			tell.add("cause %v", context.Cause(c))
		}
		return nil
	})
	p := dialWebSocket(t, web)
	p.send(`0`)
	tell.expect(t, "middleware")
	p.link.close()
	eventually(t, func() bool { return server.Busy() == 0 && server.Engine().Count() == 0 })
	if n := server.RoomCount(); n != 0 || len(server.Sockets()) != 0 {
		t.Errorf("%d rooms and %d sockets left", n, len(server.Sockets()))
	}
	tell.expect(t, "middleware")
}

// A packet for a namespace that has not accepted the client yet is out of order.
func TestNothingIsHandledBeforeAcceptance(t *testing.T) {
	for _, packet := range []string{`2["e"]`, `1`, `0`, `30[]`} {
		server, web := serve(t, nil)
		server.Use(func(c ctx, _ *socketio.Socket) error { <-c.Done(); return nil })
		server.OnAny(func(ctx, *socketio.Socket, *socketio.Event) error { t.Error("handled"); return nil })
		p := dialWebSocket(t, web)
		p.send(`0`, packet)
		p.expect("closed")
	}
}

// Middleware of a socket: sees each event before the handlers, may change it or keep it back.
func TestEventMiddleware(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnConnection(func(s *socketio.Socket) {
		s.OnAny(func(_ ctx, e *socketio.Event) error { tell.add("any %s", e.Name()); return nil })
		s.Use(func(_ ctx, e *socketio.Event) error {
			tell.add("first %s", e.Name())
			if e.Name() == "change" {
				return e.SetArgs("changed", []byte("bytes"))
			}
			return nil
		})
		s.Use(func(_ ctx, e *socketio.Event) error {
			if strings.HasPrefix(e.Name(), "no") {
				return socketio.Errorf("not allowed")
			}
			return nil
		})
		s.OnError(func(err error) { tell.add("error %v", err) })
		s.On("no", func(ctx, struct{}) error { tell.add("handled"); return nil })
		s.OnCall("change", func(_ ctx, v socketio.Args2[string, []byte]) (string, error) { return v.A + " " + string(v.B), nil })
	})
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`21["no"]`, `22["change","x"]`, `2["now"]`)
	p.expect(`31[{"error":{"message":"not allowed"}}]`, `32["changed bytes"]`)
	tell.expect(t, "any no", "first no", "error not allowed", "any change", "first change", "any now", "first now", "error not allowed")
}

// A middleware of a socket may make another event of it: what runs after it sees that one.
func TestEventMiddlewareMayRename(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnConnection(func(s *socketio.Socket) {
		s.Use(func(_ ctx, e *socketio.Event) error {
			tell.add("first sees %s %v", e.Name(), e.Args())
			if err := e.SetName("disconnect"); !errors.Is(err, socketio.ErrReservedName) {
				t.Errorf("a reserved name: %v", err)
			}
			if err := e.SetArgs(e.Name(), e.Args()[0]); err != nil {
				return err
			}
			return e.SetName("wrap")
		})
		s.Use(func(_ ctx, e *socketio.Event) error { tell.add("second sees %s %v", e.Name(), e.Args()); return nil })
		s.On("join", func(ctx, struct{}) error { tell.add("join runs"); return nil })
		s.On("wrap", func(_ ctx, v socketio.Args2[string, string]) error { tell.add("wrap %s %s", v.A, v.B); return nil })
	})
	server.On("wrap", func(ctx, *socketio.Socket, struct{}) error { tell.add("wrap of the namespace"); return nil })
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`21["join","woot"]`)
	p.expect(`31[]`)
	tell.expect(t, `first sees join ["woot"]`, `second sees wrap ["join" "woot"]`, "wrap of the namespace", "wrap join woot")
}

// A middleware may use up the rooms of a socket, but for the one that bears its id.
func TestAMiddlewareLeavesTheOwnRoom(t *testing.T) {
	server, web := serve(t, nil)
	server.Use(func(_ ctx, s *socketio.Socket) error {
		for i := range 1000 {
			if err := s.Join(fmt.Sprint("r", i)); err != nil {
				return err
			}
		}
		return nil
	})
	p := dialWebSocket(t, web)
	server.To(p.join("/")).Emit("hey")
	p.expect(`2["hey"]`)
}
