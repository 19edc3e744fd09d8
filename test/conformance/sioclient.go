package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// serveSocketClient is the support server of the official Socket.IO client's own tests.
func serveSocketClient() error {
	io := socketio.NewServer(&socketio.Options{
		Recovery: new(socketio.Recovery),
		Engine: engineio.Options{
			PingInterval: 2 * time.Second,
			AllowRequest: func(*http.Request) error {
				time.Sleep(10 * time.Millisecond) // the tests of the client's timeouts count on it
				return nil
			},
		},
	})
	io.Use(func(_ context.Context, s *socketio.Socket) error {
		if s.Handshake().Query.Has("fail") {
			return &socketio.ConnectError{Message: "Auth failed (main namespace)"}
		}
		return nil
	})
	io.Of("/no").Use(func(context.Context, *socketio.Socket) error {
		return &socketio.ConnectError{Message: "Auth failed (custom namespace)"}
	})
	for _, name := range []string{"/timeout_socket", "/valid", "/asd"} {
		io.Of(name)
	}
	io.Of("/abc").OnConnection(func(s *socketio.Socket) { _ = s.Emit("handshake", introduction(s)) })
	for _, n := range []*socketio.Namespace{io.Of("/"), io.Of("/foo")} {
		n.OnCall("getId", func(_ context.Context, s *socketio.Socket, _ struct{}) (string, error) { return s.ID(), nil })
	}
	root := io.Of("/")
	root.OnCall("getHandshake", func(_ context.Context, s *socketio.Socket, _ struct{}) (map[string]any, error) {
		return introduction(s), nil
	})
	answerQuestions(root)
	checkBinary(root)
	return serveIO(io)
}

// introduction is what a client said in its handshake, as the reference tells it.
func introduction(s *socketio.Socket) map[string]any {
	h := s.Handshake()
	headers, query := map[string]string{}, map[string]string{}
	for name, values := range h.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	for name, values := range h.Query {
		query[name] = values[0]
	}
	return map[string]any{
		"headers": headers, "query": query, "auth": h.RawAuth(), "url": h.URL, "address": h.Address,
		"time": h.Time.String(), "issued": h.Time.UnixMilli(), "secure": h.Secure, "xdomain": h.XDomain,
	}
}

// answerQuestions emits what a client asks for.
func answerQuestions(n *socketio.Namespace) {
	now := func() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }
	for event, answer := range map[string]func() []any{
		"hi":         func() []any { return []any{"hi"} },
		"false":      func() []any { return []any{"false", false} },
		"doge":       func() []any { return []any{"doge", []byte("asdfasdf")} },
		"getbin":     func() []any { return []any{"takebin", []byte("asdfasdf")} },
		"getDate":    func() []any { return []any{"takeDate", now()} },
		"getDateObj": func() []any { return []any{"takeDateObj", map[string]string{"date": now()}} },
	} {
		n.OnEvent(event, func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
			a := answer()
			return s.Emit(a[0].(string), a[1:]...)
		})
	}
	n.On("getUtf8", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		for _, text := range []string{"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"} {
			if err := s.Emit("takeUtf8", text); err != nil {
				return err
			}
		}
		return nil
	})
	n.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args().Value(0))
	})
	n.OnCall("getAckDate", func(context.Context, *socketio.Socket, struct{}) (string, error) { return now(), nil })
	n.OnEvent("ack", func(ctx context.Context, s *socketio.Socket, _ *socketio.Event) error { // it is not acknowledged itself
		go func() { // the answer may come after events that wait behind this one, or never
			args, err := s.EmitWithAck(ctx, "ack")
			var a float64
			var b struct{ Test bool }
			if err == nil && args.Decode(&a, &b) == nil && a == 5 && b.Test {
				_ = s.Emit("got it")
			}
		}()
		return nil
	})
}

// wrapped is bytes between other values.
type wrapped struct {
	Hello, Goodbye string
	Message        []byte
}

// checkBinary acknowledges binary arguments that came as they should; in a row, when those before them did. An ArrayBuffer
// and a Blob of the client are the same here: bytes.
func checkBinary(n *socketio.Namespace) {
	for event, answer := range map[string]string{"buffa": "buffack", "blob": "back"} {
		n.On(event, func(_ context.Context, s *socketio.Socket, _ []byte) error { return s.Emit(answer) })
	}
	for event, answer := range map[string]string{"jsonbuff": "jsonbuff-ack", "jsonblob": "jsonblob-ack"} {
		n.On(event, func(_ context.Context, s *socketio.Socket, v wrapped) error {
			if v.Hello != "lol" || v.Goodbye != "gotcha" || len(v.Message) == 0 {
				return socketio.Errorf("not as it was sent: %+v", v)
			}
			return s.Emit(answer)
		})
	}
	last := socketio.NewKey[string]("the last of a row")
	row := func(s *socketio.Socket, event, before string) error {
		if came, _ := last.Get(s); came != before {
			return socketio.Errorf("%s came behind %q, not %q", event, came, before)
		}
		last.Set(s, event)
		return nil
	}
	n.On("abuff1", func(_ context.Context, s *socketio.Socket, _ []byte) error { return row(s, "abuff1", "") })
	n.On("abuff2", func(_ context.Context, s *socketio.Socket, _ socketio.Args) error {
		if err := row(s, "abuff2", "abuff1"); err != nil {
			return err
		}
		return s.Emit("abuff2-ack")
	})
	n.On("blob1", func(_ context.Context, s *socketio.Socket, _ []byte) error { return row(s, "blob1", "") })
	n.On("blob2", func(_ context.Context, s *socketio.Socket, _ string) error { return row(s, "blob2", "blob1") })
	n.On("blob3", func(_ context.Context, s *socketio.Socket, _ []byte) error {
		if err := row(s, "blob3", "blob2"); err != nil {
			return err
		}
		return s.Emit("blob3-ack")
	})
}
