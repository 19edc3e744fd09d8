package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// transports are the ways to a server that every test of the road goes.
var transports = map[string][]string{
	"polling":   {"polling"},
	"websocket": {"websocket"},
	"upgrade":   nil,
}

// patience ends a test that hangs. Nothing depends on its length.
const patience = time.Minute

// serve starts a server of ours.
func serve(t *testing.T, o *socketio.Options) (*socketio.Server, string) {
	t.Helper()
	io := socketio.NewServer(o)
	h := httptest.NewServer(io)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		io.Shutdown(ctx)
		h.Close()
	})
	return io, h.URL
}

// connect dials, and closes at the end of the test.
func connect(t *testing.T, url string, o *client.Options) *client.Socket {
	t.Helper()
	c, err := client.Dial(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func eachTransport(t *testing.T, f func(t *testing.T, o *client.Options)) {
	for name, list := range transports {
		t.Run(name, func(t *testing.T) {
			f(t, &client.Options{Engine: engineio.DialOptions{Transports: list}})
		})
	}
}

// diary notes what happens, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
}

func newDiary() *diary { return &diary{more: make(chan struct{}, 1)} }

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
	select {
	case d.more <- struct{}{}:
	default:
	}
}

// until waits for a line, or for one that begins so if it ends in a colon, and returns all up to then.
func (d *diary) until(t *testing.T, line string) []string {
	t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		i := slices.IndexFunc(d.lines, func(have string) bool {
			return have == line || strings.HasSuffix(line, ":") && strings.HasPrefix(have, line)
		})
		lines := slices.Clone(d.lines)
		d.mu.Unlock()
		if i >= 0 {
			return lines[:i+1]
		}
		select {
		case <-d.more:
		case <-late:
			t.Fatalf("no %q in %q", line, lines)
		}
	}
}

func (d *diary) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = nil
}

// follow notes the life of a socket.
func (d *diary) follow(s *client.Socket) {
	s.OnConnecting(func(string) { d.note("connecting") })
	s.OnConnect(func() { d.note("connect") })
	s.OnConnectError(func(err error) { d.note("connect_error:%v", err) })
	s.OnConnectFailed(func(err error) { d.note("connect_failed:%v", err) })
	s.OnDisconnect(func(r client.DisconnectReason, _ error) { d.note("disconnect:%s", r) })
	s.OnReconnecting(func(n int, _ time.Duration) { d.note("reconnecting:%d", n) })
	s.OnReconnect(func(n int) { d.note("reconnect:%d", n) })
	s.OnReconnectFailed(func() { d.note("reconnect_failed") })
	s.OnError(func(err error) { d.note("error:%v", err) })
}

func TestEventsAndAnswersBothWays(t *testing.T) {
	io, url := serve(t, nil)
	type message struct {
		Text string
		Data []byte
	}
	io.OnCall("echo", func(_ context.Context, _ *socketio.Socket, m message) (message, error) { return m, nil })
	io.On("ask me", func(ctx context.Context, s *socketio.Socket, n int) error {
		go func() {
			answer, err := s.Call[int](ctx, "double", n)
			s.Emit("asked", answer, fmt.Sprint(err))
		}()
		return nil
	})
	eachTransport(t, func(t *testing.T, o *client.Options) {
		c := connect(t, url, o)
		want := message{"€ and \U0001F600", []byte{0, 1, 255}}
		got, err := c.Call[message](t.Context(), "echo", want)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, %v", got, err)
		}
		asked := make(chan client.Args2[int, string], 1)
		c.OnCall("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
		c.On("asked", func(_ context.Context, a client.Args2[int, string]) error { asked <- a; return nil })
		if err := c.Emit("ask me", 21); err != nil {
			t.Fatal(err)
		}
		if a := <-asked; a.A != 42 || a.B != "<nil>" {
			t.Errorf("asked %+v", a)
		}
	})
}

func TestManyEventsArriveInOrder(t *testing.T) {
	io, url := serve(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 1 << 16}})
	io.OnEvent("n", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error { return s.Emit("n", e.Args()...) })
	eachTransport(t, func(t *testing.T, o *client.Options) {
		c := connect(t, url, o)
		const n = 3000
		next, done := 0, make(chan struct{})
		c.On("n", func(_ context.Context, i int) error {
			if i != next {
				t.Errorf("%d came, want %d", i, next)
			}
			if next++; next == n {
				close(done)
			}
			return nil
		})
		for i := range n {
			if err := c.Emit("n", i); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("%d of %d came", next, n)
		}
	})
}

func TestHandlerMayWaitForAnAnswer(t *testing.T) {
	io, url := serve(t, nil)
	io.OnCall("inc", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n + 1, nil })
	io.On("start", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		for i := range 100 {
			s.Emit("go", i)
		}
		return nil
	})
	c := connect(t, url, nil)
	got := make(chan int, 100)
	c.On("go", func(ctx context.Context, n int) error {
		m, err := c.Call[int](ctx, "inc", n)
		got <- m
		return err
	})
	c.Emit("start")
	for i := range 100 {
		if n := <-got; n != i+1 {
			t.Fatalf("answer %d is %d", i, n)
		}
	}
}

func TestErrorsOfHandlersAreAnswers(t *testing.T) {
	io, url := serve(t, nil)
	io.On("public", func(context.Context, *socketio.Socket, struct{}) error { return socketio.Errorf("no %s", "way") })
	answers := make(chan string, 4)
	io.OnConnection(func(s *socketio.Socket) {
		go func() {
			for _, name := range []string{"fails", "private", "panics", "unfit"} {
				_, err := s.Call[client.Value](s.Context(), name, "x")
				answers <- fmt.Sprint(err)
			}
		}()
	})
	c, err := client.New(url, &client.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.On("fails", func(context.Context, client.Value) error { return client.Errorf("because") })
	c.On("private", func(context.Context, client.Value) error { return errors.New("secret") })
	c.On("panics", func(context.Context, client.Value) error { panic("boom") })
	c.On("unfit", func(context.Context, int) error { return nil })
	c.Connect()
	for _, want := range []string{"because", "internal error", "internal error", "argument 1 is invalid"} {
		if got := <-answers; got != want {
			t.Errorf("answer %q, want %q", got, want)
		}
	}
	_, err = c.Call[string](t.Context(), "public")
	var public *client.Error
	if !errors.As(err, &public) || public.Message != "no way" {
		t.Errorf("error %v", err)
	}
}

func TestNamespacesShareOneConnection(t *testing.T) {
	io, url := serve(t, nil)
	for _, name := range []string{"/", "/a", "/b"} {
		io.Of(name).OnCall("where", func(_ context.Context, s *socketio.Socket, _ struct{}) (string, error) {
			return s.Namespace().Name() + " " + s.Conn().ID(), nil
		})
	}
	m, err := client.NewManager(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	conns := map[string]bool{}
	for _, name := range []string{"/", "/a", "b"} {
		s := m.Socket(name, nil)
		s.Connect()
		where, err := s.Call[string](t.Context(), "where")
		if err != nil || !strings.HasPrefix(where, s.Namespace()+" ") {
			t.Fatalf("%s: %q, %v", name, where, err)
		}
		conns[strings.Fields(where)[1]] = true
	}
	if len(conns) != 1 || m.Socket("a", nil) != m.Socket("/a", nil) {
		t.Errorf("connections %v", conns)
	}
	// One leaves, the others go on; after the last the connection is closed.
	m.Socket("/", nil).Disconnect()
	if _, err := m.Socket("/b", nil).Call[string](t.Context(), "where"); err != nil {
		t.Error(err)
	}
	closed := make(chan client.DisconnectReason, 1)
	m.OnClose(func(r client.DisconnectReason, _ error) { closed <- r })
	m.Socket("/a", nil).Disconnect()
	m.Socket("/b", nil).Disconnect()
	if r := <-closed; r != client.ForcedClose {
		t.Errorf("closed: %s", r)
	}
}

func TestLifeCycleInTheOrderOfTheSeed(t *testing.T) {
	io, url := serve(t, nil)
	io.On("drop", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		s.Conn().CloseWith(engineio.TransportClose, nil)
		return nil
	})
	eachTransport(t, func(t *testing.T, o *client.Options) {
		o.ReconnectionDelay = 10 * time.Millisecond
		c, _ := client.New(url, o)
		t.Cleanup(c.Close)
		d := newDiary()
		d.follow(c)
		c.Connect()
		if got := d.until(t, "connect"); !slices.Equal(got, []string{"connecting", "connect"}) {
			t.Fatalf("first: %q", got)
		}
		d.forget()
		c.Emit("drop")
		got := d.until(t, "connect")
		want := []string{got[0], "reconnecting:1", "connecting", "reconnect:1", "connect"}
		if !slices.Equal(got, want) || got[0] != "disconnect:transport close" && got[0] != "disconnect:transport error" {
			t.Errorf("loss: %q, want a disconnect and %q", got, want[1:])
		}
	})
}

func TestAttemptsAreUsedUp(t *testing.T) {
	c, _ := client.New("http://127.0.0.1:1", &client.Options{ReconnectionDelay: time.Millisecond, ReconnectionAttempts: 3})
	t.Cleanup(c.Close)
	d := newDiary()
	d.follow(c)
	c.Connect()
	got := d.until(t, "reconnect_failed")
	want := []string{
		"connect_error:xhr poll error", "connect_failed:xhr poll error",
		"reconnecting:1", "connect_error:xhr poll error",
		"reconnecting:2", "connect_error:xhr poll error",
		"reconnecting:3", "connect_error:xhr poll error",
		"reconnect_failed",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRefusal(t *testing.T) {
	io, url := serve(t, nil)
	io.Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Token string }
		if err := s.Handshake().Auth(&auth); err != nil {
			return err
		}
		if auth.Token != "open sesame" {
			return &socketio.ConnectError{Message: "no", Data: map[string]int{"code": 7}}
		}
		return nil
	})
	token := "guess"
	o := &client.Options{Auth: func(context.Context) (any, error) { return map[string]string{"token": token}, nil }}
	_, err := client.Dial(t.Context(), url, o)
	var refusal *client.ConnectError
	if !errors.As(err, &refusal) || refusal.Message != "no" || refusal.Data.String() != `{"code":7}` {
		t.Fatalf("error %#v", err)
	}
	_, err = client.Dial(t.Context(), url+"/nowhere", nil)
	if !errors.As(err, &refusal) || refusal.Message != "Invalid namespace" {
		t.Errorf("error %v", err)
	}
	c, _ := client.New(url, o)
	t.Cleanup(c.Close)
	c.Connect()
	if err := c.Wait(t.Context()); err == nil || c.Active() {
		t.Errorf("refused: %v, active %t", err, c.Active())
	}
	token = "open sesame" // asked anew
	c.Connect()
	if err := c.Wait(t.Context()); err != nil || c.ID() == "" {
		t.Errorf("accepted: %v, id %q", err, c.ID())
	}
}

func TestDisconnectReasonsOfBothSides(t *testing.T) {
	io, url := serve(t, nil)
	heard := make(chan socketio.DisconnectReason, 1)
	io.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { heard <- r })
	io.On("kick", func(_ context.Context, s *socketio.Socket, all bool) error { s.Disconnect(all); return nil })
	eachTransport(t, func(t *testing.T, o *client.Options) {
		for _, all := range []bool{false, true} {
			c := connect(t, url, o)
			d := newDiary()
			d.follow(c)
			c.Emit("kick", all)
			d.until(t, "disconnect:io server disconnect")
			<-heard
			if c.Active() {
				t.Error("a socket that was sent away comes back by itself")
			}
		}
		c := connect(t, url, o)
		d := newDiary()
		d.follow(c)
		c.Disconnect()
		d.until(t, "disconnect:io client disconnect")
		if r := <-heard; r != socketio.ClientNamespaceDisconnect {
			t.Errorf("server heard %q", r)
		}
	})
}

// What is remembered is forgotten when it fails: where WebSocket does not pass any more, polling does.
func TestRememberedUpgradeMayFail(t *testing.T) {
	io := socketio.NewServer(nil)
	var blocked atomic.Bool
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if blocked.Load() && r.Header.Get("Upgrade") != "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		io.Shutdown(ctx)
		h.Close()
	})
	c, err := client.New(h.URL, &client.Options{RememberUpgrade: true, ReconnectionDelay: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	upgraded := make(chan struct{}, 1)
	c.Manager().OnUpgrade(func(string) { upgraded <- struct{}{} })
	d := newDiary()
	d.follow(c)
	c.Connect()
	<-upgraded
	d.until(t, "connect")
	d.forget()
	blocked.Store(true)
	io.DisconnectSockets(true)
	d.until(t, "disconnect:")
	c.Connect() // as the server has sent it away
	d.until(t, "connect")
}
