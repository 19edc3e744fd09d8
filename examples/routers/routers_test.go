package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v5"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/examples/routers/handover"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/raw"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

// start serves an application until the end of the test and gives its address.
func start(t *testing.T, serve func(net.Listener, *socketio.Server) error) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sio := newServer()
	ended := make(chan error, 1)
	go func() { ended <- serve(l, sio) }()
	t.Cleanup(func() {
		if err := sio.Engine().Close(); err != nil {
			t.Error(err)
		}
		l.Close()
		<-ended // with an error that says so
	})
	return l.Addr().String()
}

// The official client is served on each transport, on every router.
func TestTheOfficialClientOnEveryRouter(t *testing.T) {
	var urls []string
	want := ""
	for name := range apps {
		urls = append(urls, "http://"+start(t, apps[name]))
		want += "hello polling\nhello websocket\nhello polling websocket\n"
	}
	if got := nodejs.Run(t, nil, "testdata/greet.js", urls...); got != want {
		t.Errorf("the client printed %q; want %q", got, want)
	}
}

// mounts are applications whose own routes take everything, made before or after Socket.IO was mounted.
var mounts = map[string]func(first bool) func(net.Listener, *socketio.Server) error{
	"mux": func(first bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			mux := http.NewServeMux()
			inOrder(first, func() { mux.Handle("/socket.io/", sio) }, func() { mux.HandleFunc("/", page) })
			return http.Serve(l, mux)
		}
	},
	"chi": func(first bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			r := chi.NewRouter()
			inOrder(first, func() { r.Handle("/socket.io/*", sio) }, func() { r.HandleFunc("/*", page) })
			return http.Serve(l, r)
		}
	},
	"gin": func(first bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			r := gin.New()
			inOrder(first, func() { r.Any("/socket.io/*any", gin.WrapH(sio)) }, func() { r.NoRoute(func(c *gin.Context) { c.Status(http.StatusOK) }, gin.WrapF(page)) })
			return http.Serve(l, r)
		}
	},
	"gin whose catch-all leaves no room for another route": func(bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			r := gin.New()
			r.Any("/*any", gin.WrapF(page))
			return http.Serve(l, sio.Handler(r))
		}
	},
	"echo": func(first bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			e := echo.New()
			inOrder(first, func() { e.Any("/socket.io/*", echo.WrapHandler(sio)) }, func() { e.Any("/*", echo.WrapHandler(http.HandlerFunc(page))) })
			return http.Serve(l, e)
		}
	},
	"fiber": func(first bool) func(net.Listener, *socketio.Server) error {
		return func(l net.Listener, sio *socketio.Server) error {
			app := fiber.New()
			var bridge *handover.Bridge
			inOrder(first,
				func() { bridge = handover.Mount(app.Server(), sio, sio.Engine().Handles, nil) },
				func() {
					app.All("/*", func(c fiber.Ctx) error {
						return c.SendString(fmt.Sprintf("%s %s %s", c.Method(), c.Path(), c.Body()))
					})
				})
			defer bridge.Close()
			return app.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
		}
	},
}

func inOrder(first bool, socketIO, application func()) {
	if first {
		socketIO()
		application()
		return
	}
	application()
	socketIO()
}

// page tells what it was asked.
func page(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, text)
}

// Whatever the order of mounting: what is Socket.IO's is served on each transport, and all other requests reach the
// application, also on a connection that has carried Socket.IO before.
func TestTheApplicationKeepsItsRoutes(t *testing.T) {
	for name, mount := range mounts {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/first=%v", name, first), func(t *testing.T) {
				t.Parallel()
				addr := start(t, mount(first))
				for range 2 { // the second time meets what the first left behind
					application(t, addr)
					talk(t, addr)
				}
			})
		}
	}
}

// application asks for pages, on one connection as far as the server keeps it, with a handshake between them.
func application(t *testing.T, addr string) {
	t.Helper()
	c := dial(t, addr)
	defer func() { c.Close() }()
	for _, step := range []struct {
		request []byte
		want    string
	}{
		{raw.Request("GET", "/", nil), "GET / "},
		{raw.Request("POST", "/form", []byte("a=b")), "POST /form a=b"},
		{raw.Request("GET", raw.PollingTarget, nil), `0{"sid":`},
		{raw.Request("GET", "/deep/down", nil), "GET /deep/down "},
		{raw.Request("GET", raw.PollingTarget, nil), `0{"sid":`},
		{raw.Request("POST", "/form", []byte("c=d")), "POST /form c=d"},
		{raw.Request("GET", "/socket.iox/", nil), "GET /socket.iox/ "},
		{raw.Request("GET", "/socket.io/unknown?EIO=4&transport=polling", nil), `0{"sid":`},
		{raw.Request("DELETE", "/thing", nil), "DELETE /thing "},
	} {
		if err := c.Send(step.request); err != nil {
			t.Fatal(err)
		}
		r, err := c.Response()
		if err != nil {
			t.Fatalf("%.60q: %v", step.request, err)
		}
		if r.Status != 200 || !strings.HasPrefix(string(r.Body), step.want) {
			t.Errorf("%.60q answered by %d %.100q; want %q", step.request, r.Status, r.Body, step.want)
		}
		if r.Closes {
			c.Close()
			c = dial(t, addr)
		}
	}
}

// talk is the life of clients: over polling, through an upgrade, over WebSocket, and with everything sent at once.
func talk(t *testing.T, addr string) {
	t.Helper()
	p, err := raw.Connect(addr, "polling")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range 3 {
		if err := p.Ask(fmt.Sprintf(`42%d["greet","polling"]`, i), fmt.Sprintf(`3%d["hello polling"]`, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Upgrade(); err != nil {
		t.Fatal(err)
	}
	if err := p.Ask(`427["greet","upgrade"]`, `37["hello upgrade"]`); err != nil {
		t.Fatal(err)
	}

	w, err := raw.Connect(addr, "websocket")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	large := strings.Repeat("x", 100_000)
	if err := w.Ask(`427["greet","`+large+`"]`, `37["hello `+large+`"]`); err != nil {
		t.Fatalf("%.200v", err)
	}

	// What comes in the segment of a handshake is not lost.
	c := dial(t, addr)
	defer c.Close()
	if err := c.Send(raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))); err != nil {
		t.Fatal(err)
	}
	if err := c.Switched(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`0{"sid":`, `40{"sid":`} {
		if f, err := c.Frame(); err != nil || !strings.HasPrefix(string(f.Payload), want) {
			t.Fatalf("got %v, %v; want %s", f, err, want)
		}
	}

	// A client that gives up its poll is noticed at once, not by the heartbeat.
	gone, err := raw.Connect(addr, "polling")
	if err != nil {
		t.Fatal(err)
	}
	defer gone.Reset()
	poll := dial(t, addr)
	if err := poll.Send(raw.Request("GET", raw.Poll(gone.SID), nil)); err != nil {
		t.Fatal(err)
	}
	poll.Close()
	for deadline := time.Now().Add(raw.Patience); ; time.Sleep(5 * time.Millisecond) {
		// A request on the wrong transport does not disturb a session that lives.
		r, err := raw.Exchange(addr, raw.Request("GET", raw.Upgrade(gone.SID), nil))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(r.Body), `"code":1,`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the session lives on: %s", r.Body)
		}
	}
}

func dial(t *testing.T, addr string) *raw.Conn {
	t.Helper()
	c, err := raw.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
