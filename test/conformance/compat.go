package main

import (
	"context"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// serveAll is the server that clients of every version are tried on, with everything there is turned on.
func serveAll() error {
	io := socketio.NewServer(&socketio.Options{
		Parser:   dialect(),
		Recovery: &socketio.Recovery{MaxDisconnectionDuration: 10 * time.Second},
		Engine: engineio.Options{
			AllowEIO3:    true,
			PingInterval: 800 * time.Millisecond,
			PingTimeout:  pongTime(700 * time.Millisecond),
			CORS:         &engineio.CORS{AllowOrigin: func(*http.Request, string) bool { return true }, Credentials: true},
		},
	})
	var reasons sync.Map // of the sockets that are gone, by id
	auth := io.Of("/auth")
	auth.Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Token any }
		if err := s.Handshake().Auth(&auth); err != nil {
			return err
		}
		switch auth.Token {
		case "secret":
			return nil
		case "bad":
			return &socketio.ConnectError{Message: "not authorized", Data: map[string]int{"code": 401}}
		}
		return &socketio.ConnectError{Message: "not authorized"}
	})
	for _, n := range []registrar{io.Of("/"), io.Of("/chat"), auth, io.OfMatching(regexp.MustCompile(`^/dyn-\d+$`))} {
		n.OnConnection(func(s *socketio.Socket) {
			_ = s.Emit("welcome", info(s)) // a client that has gone needs no greeting
			s.OnDisconnect(func(reason socketio.DisconnectReason) { reasons.Store(s.ID(), string(reason)) })
		})
		n.OnEvent("last-disconnect", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
			reason, _ := reasons.Load(text(e, 0))
			return e.Ack(reason)
		})
		serveEchoes(n)
		serveRooms(n)
		serveEnds(n)
	}
	return serveIO(io)
}

// registrar is a namespace, or the parent of some.
type registrar interface {
	OnConnection(f func(*socketio.Socket)) (off func())
	OnEvent(name string, f func(context.Context, *socketio.Socket, *socketio.Event) error) (off func())
}

// info is what the server knows of a client.
func info(s *socketio.Socket) map[string]any {
	return map[string]any{
		"sid":       s.ID(),
		"eio":       s.Conn().Protocol(),
		"transport": s.Conn().Transport(),
		"rooms":     s.Rooms(),
		"auth":      s.Handshake().RawAuth(),
		"q":         s.Handshake().Query.Get("q"),
		"recovered": s.Recovered(),
	}
}

// text is an argument as a string, empty when it is none.
func text(e *socketio.Event, i int) string {
	var s string
	_ = e.Args().Value(i).Decode(&s)
	return s
}

// number is an argument as a number, 0 when it is none.
func number(e *socketio.Event, i int) int {
	var n int
	_ = e.Args().Value(i).Decode(&n)
	return n
}

// serveEchoes sends back what comes, in each way there is.
func serveEchoes(n registrar) {
	n.OnEvent("echo", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Emit("echo-back", e.Args()...)
	})
	n.OnEvent("echo-ack", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args()...)
	})
	n.OnEvent("bin-ack", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		data, binary := e.Args().Value(0).Binary()
		return e.Ack(map[string]any{"isBin": binary, "len": len(data), "data": data, "nested": map[string]any{"a": []any{data}}})
	})
	n.OnEvent("whoami", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error { return e.Ack(info(s)) })
	n.OnEvent("ask-me", func(ctx context.Context, s *socketio.Socket, e *socketio.Event) error {
		go func() { // the client may want an answer itself before it gives one
			if answers, err := s.EmitWithAck(ctx, "question", e.Args()...); err == nil {
				_ = s.Emit("answered", answers...)
			}
		}()
		return nil
	})
	n.OnEvent("volatile", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		for i := range number(e, 0) {
			_ = s.Volatile().Emit("v", i) // that some are dropped is the point
		}
		return s.Emit("v-done", number(e, 0))
	})
}

// serveRooms joins, leaves and broadcasts on request.
func serveRooms(n registrar) {
	n.OnEvent("join", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		if err := s.Join(text(e, 0)); err != nil {
			return err
		}
		return e.Ack()
	})
	n.OnEvent("leave", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		s.Leave(text(e, 0))
		return e.Ack()
	})
	n.OnEvent("bcast", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.To(text(e, 0)).Emit("room-msg", e.Args()...)
	})
	n.OnEvent("io-bcast", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Namespace().To(text(e, 0)).Emit("room-msg", e.Args()...)
	})
	n.OnEvent("bcast-except", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		if e.Len() < 2 {
			return socketio.Errorf("a room and an exception are missing")
		}
		args := append(e.Args()[:1:1], e.Args()[2:]...)
		return s.Namespace().To(text(e, 0)).Except(text(e, 1)).Emit("room-msg", args...)
	})
	n.OnEvent("bcast-ack", func(ctx context.Context, s *socketio.Socket, e *socketio.Event) error {
		replies, err := s.Namespace().To(text(e, 0)).Timeout(time.Second).EmitWithAck(ctx, "please-ack")
		answers := []any{}
		for _, reply := range replies.All() {
			if reply.Err == nil {
				answers = append(answers, reply.Args.Value(0))
			}
		}
		if err != nil {
			return e.Ack(err.Error(), answers)
		}
		return e.Ack(nil, answers)
	})
}

// serveEnds ends a connection in every way.
func serveEnds(n registrar) {
	n.OnEvent("kick", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		s.Disconnect(e.Args().Value(0).String() == "true")
		return nil
	})
	n.OnEvent("drop", func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
		s.Conn().Close()
		return nil
	})
	n.OnEvent("drop-then-emit", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		s.Conn().Close()
		for i := range number(e, 0) {
			if err := s.Namespace().To(s.ID()).Emit("missed", i); err != nil {
				return err
			}
		}
		return nil
	})
}
