package interop

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// newServer makes the server that the cases talk to, with the compression of WebSocket messages asked for.
func newServer(deflate *engineio.PerMessageDeflate) *socketio.Server {
	io := socketio.NewServer(&socketio.Options{
		Engine: engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: 5 * time.Second, PerMessageDeflate: deflate},
	})
	var reasons sync.Map // of the sockets that are gone, by id
	for _, name := range []string{"/", "/custom", "/auth"} {
		n := io.Of(name)
		n.OnConnection(func(s *socketio.Socket) {
			s.OnDisconnect(func(reason socketio.DisconnectReason) { reasons.Store(s.ID(), string(reason)) })
		})
		n.OnCall("last-disconnect", func(_ context.Context, _ *socketio.Socket, id string) (any, error) {
			reason, _ := reasons.Load(id)
			return reason, nil
		})
		serveMessages(n)
		serveRooms(n)
		serveLife(n)
	}
	io.Of("/custom").OnAny(func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		if e.Name() != "whatever" {
			return nil
		}
		return s.Emit("heard", append([]any{e.Name()}, e.Args()...)...)
	})
	io.Of("/auth").Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Token string }
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
	return io
}

// serveMessages answers events with their own arguments, raw and typed.
func serveMessages(n *socketio.Namespace) {
	n.OnEvent("echo", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Emit("echo-back", e.Args()...)
	})
	n.OnEvent("echo-ack", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args()...)
	})
	n.OnEvent("message", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Send(e.Args()...)
	})
	n.OnCall("sum", func(_ context.Context, _ *socketio.Socket, v socketio.Args2[int, int]) (int, error) {
		return v.A + v.B, nil
	})
	n.OnCall("measure", func(_ context.Context, _ *socketio.Socket, f file) (measure, error) {
		return measure{Name: f.Name, Size: len(f.Content), First: f.Content[:1]}, nil
	})
	n.On("client message", func(_ context.Context, s *socketio.Socket, v socketio.Value) error {
		return s.Emit("server message", v)
	})
	n.On("", func(_ context.Context, s *socketio.Socket, v string) error {
		return s.Emit("сообщение", v)
	})
	n.OnEvent("ask-me", func(ctx context.Context, s *socketio.Socket, e *socketio.Event) error {
		go func() { // the client may want an answer itself before it gives one
			if answer, err := s.EmitWithAck(ctx, "question", e.Args()...); err == nil {
				_ = s.Emit("answered", answer...)
			}
		}()
		return nil
	})
	n.On("burst", func(_ context.Context, s *socketio.Socket, count int) error {
		for i := range count {
			if err := s.Emit("n", i); err != nil {
				return err
			}
		}
		return nil
	})
	n.On("volatile", func(_ context.Context, s *socketio.Socket, count int) error {
		for i := range count {
			_ = s.Volatile().Emit("v", i) // that some are dropped is the point
		}
		return s.Emit("v-done")
	})
}

type file struct {
	Name    string
	Content []byte
}

type measure struct {
	Name  string `json:"name"`
	Size  int    `json:"size"`
	First []byte `json:"first"`
}

// serveRooms broadcasts on request.
func serveRooms(n *socketio.Namespace) {
	n.OnCall("join", func(_ context.Context, s *socketio.Socket, room string) (any, error) {
		return nil, s.Join(room)
	})
	n.OnCall("leave", func(_ context.Context, s *socketio.Socket, room string) (any, error) {
		s.Leave(room)
		return nil, nil
	})
	n.OnEvent("to-room", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.To(text(e.Args().Value(0))).Emit("room-msg", e.Args()...)
	})
	n.OnEvent("in-room", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return n.In(text(e.Args().Value(0))).Emit("room-msg", e.Args()...)
	})
	n.OnCall("in-rooms", func(_ context.Context, _ *socketio.Socket, rooms []string) (any, error) {
		return nil, n.In(rooms...).Emit("room-msg", strings.Join(rooms, " "))
	})
	n.On("in-except", func(_ context.Context, _ *socketio.Socket, v socketio.Args2[string, string]) error {
		return n.In(v.A).Except(v.B).Emit("room-msg", v.A)
	})
	n.OnEvent("broadcast", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Broadcast().Emit("broadcast", e.Args()...)
	})
	n.OnCall("ask-room", func(ctx context.Context, _ *socketio.Socket, room string) (any, error) {
		replies, err := n.In(room).Timeout(2*time.Second).EmitWithAck(ctx, "please-ack")
		answers := []any{}
		for _, reply := range replies.All() {
			if reply.Err == nil {
				answers = append(answers, reply.Args.Value(0))
			}
		}
		if err != nil {
			return []any{err.Error(), answers}, nil
		}
		return []any{nil, answers}, nil
	})
}

// text is a value as a string, empty when it is none.
func text(v socketio.Value) string {
	var s string
	_ = v.Decode(&s)
	return s
}

// serveLife tells a client about itself, and ends its connection in every way.
func serveLife(n *socketio.Namespace) {
	n.OnCall("whoami", func(_ context.Context, s *socketio.Socket, _ struct{}) (map[string]any, error) {
		return map[string]any{
			"id":        s.ID(),
			"transport": s.Conn().Transport(),
			"rooms":     s.Rooms(),
			"auth":      s.Handshake().RawAuth(),
			"query":     s.Handshake().Query.Get("x"),
		}, nil
	})
	n.On("kick", func(_ context.Context, s *socketio.Socket, closeConn bool) error {
		s.Disconnect(closeConn)
		return nil
	})
	n.On("say-goodbye", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		defer s.Disconnect(false)
		return s.Emit("farewell", "client connect server success")
	})
	n.On("drop", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		s.Conn().Close()
		return nil
	})
}
