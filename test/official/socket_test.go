package official

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// hasID fails the test unless the socket's id is the one that the server knows.
func hasID(l lab, s *client.Socket) {
	l.Helper()
	if id := ask[string](l, s, "getId"); id == "" || s.ID() != id || id == s.Manager().Conn().ID() {
		l.Errorf("id %q, the server's %q, the connection's %q", s.ID(), id, s.Manager().Conn().ID())
	}
}

// refused waits for a connect error.
func refused(l lab, s *client.Socket) error {
	l.Helper()
	errs := make(chan error, 10)
	s.OnConnectError(func(err error) { errs <- err })
	s.Connect()
	return next(l, errs)
}

// introduced is what the server of /abc knows of a client.
func introduced(l lab, query string, o *client.Options) (who introduction) {
	l.Helper()
	s := lab{l.T, l.url + query}.socket("/abc", o)
	heard := hear(s, "handshake")
	s.Connect()
	if err := next(l, heard).Decode(&who); err != nil {
		l.Error(err)
	}
	return who
}

// gate holds POSTs back.
type gate struct {
	http.Transport
	closed atomic.Bool
	held   chan struct{}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && g.closed.Load() {
		<-g.held
	}
	return g.Transport.RoundTrip(r)
}

// socket.io-client/test/socket.ts, and connection-state-recovery.ts
func TestSocket(t *testing.T) {
	timesOut := func(transport string) func(lab) {
		return func(l lab) {
			s := l.socket("/", &client.Options{Timeout: time.Nanosecond, Engine: engineio.DialOptions{Transports: []string{transport}}})
			if err := refused(l, s); err.Error() != "timeout" {
				l.Error(err)
			}
		}
	}
	titles{
		"should have an accessible socket id equal to the server-side socket id (default namespace)": func(l lab) { hasID(l, l.connect("/", nil)) },
		"should have an accessible socket id equal to the server-side socket id (custom namespace)":  func(l lab) { hasID(l, l.connect("/foo", nil)) },
		"clears socket.id upon disconnection": func(l lab) {
			s := l.connect("/", nil)
			s.Disconnect()
			if s.ID() != "" {
				l.Error(s.ID())
			}
		},
		"doesn't fire an error event if we force disconnect in opening state": func(l lab) {
			s := l.socket("/", &client.Options{Timeout: 10 * time.Millisecond})
			s.Manager().OnError(func(err error) { l.Error(err) })
			s.Connect()
			s.Disconnect()
			still()
		},
		"fire a connect_error event when the connection cannot be established": func(l lab) {
			if err := refused(l, l.managerOf(nobody, nil).Socket("/", nil)); err == nil {
				l.Error("no error")
			}
		},
		"fire a connect_error event on open timeout (polling)":   timesOut("polling"),
		"fire a connect_error event on open timeout (websocket)": timesOut("websocket"),
		"doesn't fire a connect_error event when the connection is already established": func(l lab) {
			s := l.connect("/", nil)
			s.OnConnectError(func(err error) { l.Error(err) })
			s.Manager().Conn().Close()
			still()
		},
		"should change socket.id upon reconnection": func(l lab) {
			s := l.socket("/foo", quickly()) // of a namespace whose sessions are recovered under their id, but for who has gone on purpose
			s.Connect()
			l.wait(s)
			id := s.ID()
			s.OnReconnecting(func(int, time.Duration) {
				if s.ID() != "" {
					l.Error("an id without a connection")
				}
			})
			s.Disconnect()
			s.Connect()
			l.wait(s)
			if s.ID() == id {
				l.Error("the same id")
			}
		},
		"should accept an object (default namespace)": func(l lab) {
			s := l.connect("/", &client.Options{Engine: engineio.DialOptions{Query: url.Values{"e": {"f"}}}})
			if got := ask[introduction](l, s, "getHandshake"); got.Query["e"] != "f" {
				l.Errorf("%+v", got)
			}
		},
		"should accept a query string (default namespace)": func(l lab) {
			s := lab{l.T, l.url + "?c=d"}.connect("/", nil)
			if got := ask[introduction](l, s, "getHandshake"); got.Query["c"] != "d" {
				l.Errorf("%+v", got)
			}
		},
		"should accept an object (query)": func(l lab) {
			if got := introduced(l, "", &client.Options{Engine: engineio.DialOptions{Query: url.Values{"a": {"b"}}}}); got.Query["a"] != "b" {
				l.Errorf("%+v", got)
			}
		},
		"should accept a query string": func(l lab) {
			if got := introduced(l, "?b=c&d=e", nil); got.Query["b"] != "c" || got.Query["d"] != "e" {
				l.Errorf("%+v", got)
			}
		},
		"should properly encode the parameters": func(l lab) {
			if got := introduced(l, "", &client.Options{Engine: engineio.DialOptions{Query: url.Values{"&a": {"&=?a"}}}}); got.Query["&a"] != "&=?a" {
				l.Errorf("%+v", got)
			}
		},
		"should accept an object (auth)": func(l lab) {
			if got := introduced(l, "", &client.Options{Auth: map[string]string{"a": "b"}}); got.Auth["a"] != "b" {
				l.Errorf("%+v", got)
			}
		},
		"should accept an function": func(l lab) {
			auth := func(context.Context) (any, error) { return map[string]string{"a": "b"}, nil }
			if got := introduced(l, "", &client.Options{Auth: auth}); got.Auth["a"] != "b" {
				l.Errorf("%+v", got)
			}
		},
		"should fire an error event on middleware failure from custom namespace": func(l lab) {
			if err := refused(l, l.socket("/no", nil)); err.Error() != "Auth failed (custom namespace)" {
				l.Error(err)
			}
		},
		"should not try to reconnect after a middleware failure": func(l lab) {
			s := l.socket("/no", quickly())
			errs := 0
			s.OnConnectError(func(error) { errs++ })
			if err := refused(l, s); s.Active() {
				l.Error("it goes on after", err)
			}
			// Only the connection below may come back.
			still()
			s.Close()
			if errs != 1 {
				l.Errorf("%d errors", errs)
			}
		},
		"should properly disconnect then reconnect": func(l lab) {
			o := quickly()
			o.Engine.Transports = []string{"websocket"}
			s := l.connect("/", o)
			gone := make(chan client.DisconnectReason, 2)
			s.OnDisconnect(func(r client.DisconnectReason, _ error) { gone <- r })
			s.Disconnect()
			s.Connect()
			l.wait(s)
			still()
			if r := next(l, gone); r != client.ClientDisconnect || len(gone) > 0 {
				l.Errorf("%q, and %d more", r, len(gone))
			}
		},
		"should throw on reserved event": func(l lab) {
			s := l.socket("/no", nil)
			if err := s.Emit("disconnecting", "goodbye"); !errors.Is(err, client.ErrReservedName) {
				l.Error(err)
			}
		},
		"should emit events in order": func(l lab) {
			s := l.socket("/", nil)
			back := hear(s, "binary")
			s.OnConnect(func() { s.Emit("binary", "second") })
			s.Emit("binary", "first")
			s.Connect()
			for _, want := range []string{"first", "second"} {
				var got string
				if err := next(l, back).Decode(&got); err != nil || got != want {
					l.Errorf("%q, want %q", got, want)
				}
			}
		},
		"should emit an event and wait for the acknowledgement": func(l lab) {
			if got := ask[int](l, l.connect("/", nil), "echo", 123); got != 123 {
				l.Error(got)
			}
		},
		"should discard a volatile packet when the socket is not connected": func(l lab) {
			s := l.socket("/", nil)
			if _, err := s.Volatile().EmitWithAck(l.Context(), "getId"); !errors.Is(err, client.ErrDropped) {
				l.Error(err)
			}
			s.Connect()
			ask[string](l, s, "getId")
		},
		"should discard a volatile packet when the pipe is not ready": func(l lab) {
			g := &gate{held: make(chan struct{})}
			s := l.connect("/", &client.Options{Engine: engineio.DialOptions{Transports: []string{"polling"}, HTTP: &http.Client{Transport: g}}})
			g.closed.Store(true)
			if err := s.Emit("hi"); err != nil {
				l.Error(err)
			}
			_, err := s.Volatile().EmitWithAck(l.Context(), "getId") // the POST of the other is on its way
			if close(g.held); !errors.Is(err, client.ErrDropped) {
				l.Error(err)
			}
		},
		"should send a volatile packet when the socket is connected and the pipe is ready": func(l lab) {
			s := l.connect("/", nil)
			for {
				_, err := s.Volatile().Timeout(patience).EmitWithAck(l.Context(), "getId")
				if err == nil {
					return
				}
				if !errors.Is(err, client.ErrDropped) {
					l.Fatal(err)
				}
			}
		},
		"should call listener": func(l lab) {
			s := l.socket("/abc", nil)
			names := make(chan string, 1)
			s.OnAny(func(_ context.Context, e *client.Event) error { names <- e.Name(); return nil })
			s.Connect()
			if name := next(l, names); name != "handshake" {
				l.Error(name)
			}
		},
		"should prepend listener": func(l lab) {
			s := l.socket("/abc", nil)
			order := make(chan int, 3)
			add := func(n int) func(context.Context, *client.Event) error {
				return func(context.Context, *client.Event) error { order <- n; return nil }
			}
			s.OnAny(add(3))
			s.PrependAny(add(2))
			s.PrependAny(add(1))
			s.Connect()
			for want := 1; want <= 3; want++ {
				if n := next(l, order); n != want {
					l.Errorf("listener %d runs at place %d", n, want)
				}
			}
		},
		"should remove listener": func(l lab) {
			s := l.socket("/abc", nil)
			s.OnAny(func(context.Context, *client.Event) error { l.Error("it was removed"); return nil })()
			heard := hear(s, "handshake")
			s.Connect()
			next(l, heard)
		},
		"should call listener (outgoing)": func(l lab) {
			s := l.connect("/abc", nil)
			var got []any
			s.OnAnyOutgoing(func(name string, args []any) { got = append([]any{name}, args...) })
			s.Emit("my-event", "123")
			if !slices.Equal(got, []any{"my-event", "123"}) {
				l.Error(got...)
			}
		},
		"should call listener with binary data": func(l lab) {
			s := l.connect("/abc", nil)
			var got []any
			s.OnAnyOutgoing(func(_ string, args []any) { got = args })
			s.Emit("my-event", []byte{1, 2, 3})
			if b, ok := got[0].([]byte); !ok || len(b) != 3 {
				l.Error(got...)
			}
		},
		"should prepend listener (outgoing)": func(l lab) {
			s := l.connect("/abc", nil)
			var order []int
			add := func(n int) func(string, []any) { return func(string, []any) { order = append(order, n) } }
			s.OnAnyOutgoing(add(3))
			s.PrependAnyOutgoing(add(2))
			s.PrependAnyOutgoing(add(1))
			s.Emit("my-event", "123")
			if !slices.Equal(order, []int{1, 2, 3}) {
				l.Error(order)
			}
		},
		"should remove listener (outgoing)": func(l lab) {
			s := l.connect("/abc", nil)
			s.OnAnyOutgoing(func(string, []any) { l.Error("it was removed") })()
			s.Emit("my-event", "123")
		},
		"should buffer the event and send it upon reconnection": func(l lab) {
			s := l.connect("/", quickly())
			back, heard := signal()
			s.OnReconnect(func(int) { back() })
			s.Manager().Conn().Close() // as after a heartbeat that was missed
			if got := ask[string](l, s, "echo", "123"); got != "123" {
				l.Error(got)
			}
			next(l, heard)
		},
		"connection state recovery: should have an accessible socket id equal to the server-side socket id (default namespace)": func(l lab) {
			s := l.connect("/", quickly())
			if s.Recovered() {
				l.Error("at first")
			}
			heard := hear(s, "hi")
			s.Emit("hi") // from here on there is an offset
			next(l, heard)
			id := s.ID()
			back, connected := signal()
			s.OnConnect(back)
			s.Manager().Conn().Close()
			next(l, connected)
			if s.ID() != id || !s.Recovered() {
				l.Errorf("id %q then %q, recovered %v", id, s.ID(), s.Recovered())
			}
		},
	}.run(t, serve(t))
}
