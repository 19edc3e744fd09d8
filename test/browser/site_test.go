package browser

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// site is a web site with a Socket.IO server. Its server can be stopped and started; what it was told survives that.
// Its methods are for the test's goroutine.
type site struct {
	t    *testing.T
	addr string
	opts func() *socketio.Options
	io   *socketio.Server
	http *http.Server

	mu      sync.Mutex
	notes   map[string][]int  // what each client noted, in order. Guarded by mu.
	reasons map[string]string // why sockets were disconnected, by id. Guarded by mu.
	gone    *sync.Cond        // on mu: reasons grew
}

// page is what the site serves as a page: nothing but the client, under a policy that allows no more than that needs.
const page = `<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">
<script src="/socket.io/socket.io.js"></script>`

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; worker-src 'self'; object-src 'none'"

// newSite makes a site and starts its server; opts may be nil.
func newSite(t *testing.T, opts func() *socketio.Options) *site {
	t.Helper()
	s := &site{t: t, addr: "127.0.0.1:0", opts: opts, notes: make(map[string][]int), reasons: make(map[string]string)}
	s.gone = sync.NewCond(&s.mu)
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *site) url() string { return "http://" + s.addr }

// start starts the server where it was before.
func (s *site) start() {
	s.t.Helper()
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	opts := new(socketio.Options)
	if s.opts != nil {
		opts = s.opts()
	}
	s.io = socketio.NewServer(opts)
	s.handle()
	s.http = &http.Server{Handler: s.io.Handler(http.HandlerFunc(servePage))}
	go s.http.Serve(l) // ends with stop
}

// stop stops the server as a restart does: connections end, sockets are not told to stay away.
func (s *site) stop() {
	if s.http == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.io.Shutdown(ctx); err != nil {
		s.t.Errorf("shutdown: %v", err)
	}
	if err := s.http.Close(); err != nil {
		s.t.Errorf("close: %v", err)
	}
	s.http = nil
}

func servePage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	switch r.URL.Path {
	case "/":
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(page))
	case "/worker.js":
		h.Set("Content-Type", "text/javascript")
		w.Write([]byte(worker))
	default:
		http.NotFound(w, r)
	}
}

// content is a value with bytes in it.
type content struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

func (s *site) handle() {
	s.io.OnConnection(func(sock *socketio.Socket) {
		sock.OnDisconnect(func(reason socketio.DisconnectReason) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.reasons[sock.ID()] = string(reason)
			s.gone.Broadcast()
		})
	})
	s.io.On("note", func(_ context.Context, _ *socketio.Socket, v socketio.Args2[string, int]) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notes[v.A] = append(s.notes[v.A], v.B)
		return nil
	})
	s.io.OnCall("notes", func(_ context.Context, _ *socketio.Socket, client string) ([]int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Clone(s.notes[client]), nil
	})
	s.io.OnCall("content", func(_ context.Context, _ *socketio.Socket, c content) (content, error) {
		slices.Reverse(c.Data)
		return content{Name: "reversed " + c.Name, Data: c.Data}, nil
	})
	s.io.OnCall("cookies", func(_ context.Context, sock *socketio.Socket, _ struct{}) (string, error) {
		return sock.Handshake().Header.Get("Cookie"), nil
	})
	s.io.On("drop", func(_ context.Context, sock *socketio.Socket, _ struct{}) error {
		sock.Conn().Close()
		return nil
	})
}

// reason waits until a socket is gone and says why.
func (s *site) reason(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.reasons[id] == "" {
		s.gone.Wait()
	}
	return s.reasons[id]
}

// crossOrigin are options that let pages of another origin in, with their cookies.
func crossOrigin(origin string) *socketio.Options {
	return &socketio.Options{Engine: engineio.Options{CORS: &engineio.CORS{Origins: []string{origin}, Credentials: true}}}
}
