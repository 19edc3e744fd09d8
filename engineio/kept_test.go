package engineio_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio/engineio"
)

// Sessions whose clients sent the same headers keep one copy of them; others, and who shows who he is, keep their own.
func TestSharedHeaders(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		open := func(lines string) http.Header {
			t.Helper()
			s.request("EIO=4&transport=websocket", lines, "")
			return (<-s.opened).Request().Header
		}
		same := func(a, b http.Header) bool { return fmt.Sprintf("%p", a) == fmt.Sprintf("%p", b) }
		first := open("User-Agent: A\r\nX: 1\r\nX: 2\r\n")
		for i := range 200 { // more than are remembered
			h := open(fmt.Sprintf("User-Agent: %d\r\n", i))
			if h.Get("User-Agent") != fmt.Sprint(i) {
				t.Fatalf("client %d has %v", i, h)
			}
		}
		if first.Get("User-Agent") != "A" || len(first["X"]) != 2 || first.Get("Connection") == "" || first.Get("Sec-WebSocket-Key") != "" {
			t.Errorf("kept: %v", first)
		}
		a, b := open("User-Agent: A\r\nX: 1\r\nX: 2\r\n"), open("X: 1\r\nuser-agent: A\r\nX: 2\r\n")
		if !same(a, b) {
			t.Error("two copies of the same headers")
		}
		for _, other := range []string{"User-Agent: A\r\nX: 2\r\nX: 1\r\n", "User-Agent: A\r\nX: 1\r\n", "User-Agent: X\r\nA: 1\r\nA: 2\r\n"} {
			if h := open(other); same(a, h) {
				t.Errorf("%q became %v", other, h)
			}
		}
		if c, d := open("Cookie: ann\r\n"), open("Cookie: bob\r\n"); c.Get("Cookie") != "ann" || d.Get("Cookie") != "bob" {
			t.Errorf("%v, %v", c, d)
		}
	})
}

// The context of a session has the values of its request: where only net/http can have put any there, its two are kept
// without the contexts around them.
func TestBareContext(t *testing.T) {
	type key struct{}
	value := func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, "value") }
	for _, c := range []struct {
		name  string
		setUp func(h *http.Server, engine *engineio.Server)
		want  any
	}{
		{"alone", func(*http.Server, *engineio.Server) {}, nil},
		{"behind a handler", func(h *http.Server, engine *engineio.Server) {
			h.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				engine.ServeHTTP(w, r.WithContext(value(r.Context())))
			})
		}, "value"},
		{"with a context for each connection", func(h *http.Server, _ *engineio.Server) {
			h.ConnContext = func(ctx context.Context, _ net.Conn) context.Context { return value(ctx) }
		}, "value"},
		{"with a context for all", func(h *http.Server, _ *engineio.Server) {
			h.BaseContext = func(net.Listener) context.Context { return value(context.Background()) }
		}, "value"},
		{"behind middleware", func(_ *http.Server, engine *engineio.Server) {
			engine.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(value(r.Context())))
				})
			})
		}, "value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opened := make(chan *engineio.Conn, 1)
			engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
				opened <- c
				return &peer{Conn: c, closed: make(chan ending, 1)}
			}, nil)
			server := httptest.NewUnstartedServer(engine)
			c.setUp(server.Config, engine)
			server.Start()
			defer server.Close()
			defer engine.Close()
			res, err := http.Get(server.URL + "/engine.io/?EIO=4&transport=polling")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			http.DefaultClient.CloseIdleConnections()
			ctx := (<-opened).Request().Context()
			if got := ctx.Value(key{}); got != c.want {
				t.Errorf("value %v, want %v", got, c.want)
			}
			if _, ok := ctx.Value(http.LocalAddrContextKey).(net.Addr); !ok || ctx.Value(http.ServerContextKey) != server.Config {
				t.Errorf("net/http's values: %v, %v", ctx.Value(http.LocalAddrContextKey), ctx.Value(http.ServerContextKey))
			}
			if _, has := ctx.Deadline(); has || ctx.Done() != nil || ctx.Err() != nil || ctx.Value("none") != nil {
				t.Error("it ends")
			}
		})
	}
}
