package official

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends a test that hangs; nothing is measured with it.
const patience = time.Minute

// lab is a test with a server to talk to.
type lab struct {
	*testing.T
	url string
}

// titles are tests by the names that the reference gives them.
type titles map[string]func(lab)

// run runs the titles against one server.
func (all titles) run(t *testing.T, url string) {
	for title, test := range all {
		t.Run(title, func(t *testing.T) { test(lab{t, url}) })
	}
}

// introduction is what the server knows of a client.
type introduction struct {
	Query   map[string]string
	Auth    map[string]any
	Headers map[string]string
}

// serve starts the server that the tests of the Socket.IO client talk to.
func serve(t *testing.T) string {
	t.Helper()
	io := socketio.NewServer(&socketio.Options{
		Recovery: new(socketio.Recovery),
		Engine:   engineio.Options{PingInterval: 2 * time.Second},
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
	introduce := func(s *socketio.Socket) introduction {
		h := s.Handshake()
		i := introduction{Query: map[string]string{}, Headers: map[string]string{}}
		for name, values := range h.Query {
			i.Query[name] = values[0]
		}
		for name, values := range h.Header {
			i.Headers[strings.ToLower(name)] = values[0]
		}
		h.Auth(&i.Auth)
		return i
	}
	io.Of("/abc").OnConnection(func(s *socketio.Socket) { s.Emit("handshake", introduce(s)) })
	for _, n := range []*socketio.Namespace{io.Of("/"), io.Of("/foo")} {
		n.OnCall("getId", func(_ context.Context, s *socketio.Socket, _ struct{}) (string, error) { return s.ID(), nil })
	}
	io.OnCall("getHandshake", func(_ context.Context, s *socketio.Socket, _ struct{}) (introduction, error) {
		return introduce(s), nil
	})
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	io.OnEvent("slow", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		time.AfterFunc(500*time.Millisecond, func() { e.Ack() })
		return nil
	})
	now := func() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }
	io.OnCall("getAckDate", func(context.Context, *socketio.Socket, socketio.Args) (string, error) { return now(), nil })
	back := func(event, answer string, args ...any) {
		io.OnEvent(event, func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error { return s.Emit(answer, args...) })
	}
	back("hi", "hi")
	back("ack", "ack")
	back("false", "false", false)
	back("doge", "doge", []byte("asdfasdf"))
	back("getDate", "takeDate", now())
	back("getDateObj", "takeDateObj", map[string]string{"date": now()})
	io.On("getUtf8", func(_ context.Context, s *socketio.Socket, _ struct{}) error {
		for _, text := range utf8 {
			s.Emit("takeUtf8", text)
		}
		return nil
	})
	io.OnEvent("binary", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Emit("binary", e.Args()...)
	})
	h := httptest.NewServer(io)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		io.Shutdown(ctx)
		h.Close()
	})
	return h.URL
}

var utf8 = []string{"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"}

// manager makes a manager that is closed at the end of the test.
func (l lab) manager(o *client.Options) *client.Manager { return l.managerOf(l.url, o) }

func (l lab) managerOf(url string, o *client.Options) *client.Manager {
	l.Helper()
	m, err := client.NewManager(url, o)
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(m.Close)
	return m
}

// socket makes the socket of a namespace, of a manager of its own. It is not connected.
func (l lab) socket(namespace string, o *client.Options) *client.Socket {
	l.Helper()
	return l.manager(o).Socket(namespace, o)
}

// connect is socket, connected.
func (l lab) connect(namespace string, o *client.Options) *client.Socket {
	l.Helper()
	s := l.socket(namespace, o)
	s.Connect()
	l.wait(s)
	return s
}

func (l lab) wait(s *client.Socket) {
	l.Helper()
	ctx, cancel := context.WithTimeout(l.Context(), patience)
	defer cancel()
	if err := s.Wait(ctx); err != nil {
		l.Fatal(err)
	}
}

// ask waits for an answer.
func ask[T any](l lab, s *client.Socket, event string, args ...any) T {
	l.Helper()
	v, err := s.Timeout(patience).Call[T](l.Context(), event, args...)
	if err != nil {
		l.Fatalf("%s: %v", event, err)
	}
	return v
}

// hear makes a channel of the arguments of an event.
func hear(s *client.Socket, event string) <-chan client.Args {
	c := make(chan client.Args, 100)
	s.On(event, func(_ context.Context, a client.Args) error { c <- a; return nil })
	return c
}

// next takes the next value of a channel.
func next[T any](l lab, c <-chan T) T {
	l.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		l.Fatal("nothing came")
		panic("not reached")
	}
}

// signal makes a channel that something can be said on without waiting.
func signal() (say func(), heard <-chan struct{}) {
	c := make(chan struct{}, 1000)
	return func() { c <- struct{}{} }, c
}

// tape is a dialect that records what a client sends.
type tape struct {
	parser.Dialect
	mu  sync.Mutex
	out []string // Guarded by mu.
}

func newTape() *tape { return &tape{Dialect: parser.JSON{}} }

func (r *tape) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	all, err := r.Dialect.AppendMessages(dst, p)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range all[len(dst):] {
		r.out = append(r.out, string(m.Data))
	}
	return all, err
}

func (r *tape) sent() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.out)
}
