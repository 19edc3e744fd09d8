package engineio

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// Server accepts sessions. It is an [http.Handler].
type Server struct {
	side
	prefix     string // of the paths it answers at
	open       func(*Conn) Handler
	middleware []func(http.Handler) http.Handler
	wrapped    sync.Once
	chain      http.Handler          // the middleware around serveOnce, once wrapped
	refused    func(ConnectionError) // may be nil
	ownIDs     bool                  // those of the sessions are made here
	hosts      hosts
	targets    targets
	headers    headers
	front      func(http.Handler) bool // see Front; may be nil
	capped     *capped                 // nil without caps
	websocket  *websocket.Options
	polling    *polling.Options
	flushers   []flusher
	fanOuts    sync.Pool      // of *FanOut
	lot        *websocket.Lot // of idle WebSocket connections
	accepted   atomic.Uint32  // sessions so far, to deal them out to the flushers

	mu       sync.Mutex
	sessions map[string]*Conn              // Guarded by mu, as all that follows.
	leaving  map[string]*polling.Transport // closed by their client a moment ago, see leave.go
	draining bool                          // no new sessions
	stopped  bool                          // nothing new at all: somebody waits for running
	severed  bool                          // and nobody is told goodbye
	readers  map[transport.Transport]bool  // whether it is an arrival, see arrive.go
}

// NewServer makes a server. open is called for each new session, before anything the peer sent after its handshake is
// read, so no packet can be lost; it returns who handles the session, never nil, and must not block. Nil options mean the
// defaults.
func NewServer(open func(*Conn) Handler, o *Options) *Server {
	s := &Server{
		side:     side{o: o.withDefaults(), epoch: time.Now()},
		open:     open,
		sessions: map[string]*Conn{},
		readers:  map[transport.Transport]bool{},
		leaving:  map[string]*polling.Transport{},
	}
	s.ownIDs = o == nil || o.GenerateID == nil
	s.side.ended, s.side.left = s.forget, s.leave
	s.websocket, s.polling = s.o.webSocket(), s.o.polling()
	s.capped = newCapped(s.o.Caps)
	s.flushers = make([]flusher, runtime.GOMAXPROCS(0))
	for i := range s.flushers {
		s.flushers[i].running, s.flushers[i].number = &s.running, i
	}
	s.lot = websocket.NewLot(&s.running, func(t *websocket.Transport) { s.dismiss(t) })
	s.prefix = strings.TrimSuffix(s.o.Path, "/")
	if !s.o.NoTrailingSlash {
		s.prefix += "/"
	}
	return s
}

// nextFlusher is the flusher of the next session.
func (s *Server) nextFlusher() *flusher {
	return &s.flushers[s.accepted.Add(1)%uint32(len(s.flushers))]
}

// Handles reports whether a request for path is one for this server: whether path begins with [Options].Path.
func (s *Server) Handles(path string) bool { return strings.HasPrefix(path, s.prefix) }

// Count is the number of live sessions.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// OnConnectionError sets who is told about refused requests. It must be called before the server is used.
func (s *Server) OnConnectionError(f func(ConnectionError)) { s.refused = f }

// Drain makes the server refuse new sessions (503). Those that live go on.
func (s *Server) Drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
}

// shutdownPatience is how long a polling client may take to come back and learn that the server shuts down. One that
// polls has a request waiting nearly always.
const shutdownPatience = time.Second

// Shutdown refuses new sessions, closes all that live with the reason [ServerShutdown] after sending what is queued, and
// waits for every goroutine of the server. When ctx ends first, what is left is cut off and the error is that of ctx;
// what may still run then is a handler that does not return. Requests that are being answered run on goroutines of the
// HTTP server, which has a Shutdown of its own.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop()
	for _, c := range s.live() {
		c.closeWithin(ServerShutdown, shutdownPatience)
	}
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.cut()
		return ctx.Err()
	}
}

// Close is [Server.Shutdown] without patience: connections are cut off, then every goroutine of the server is waited for.
// A [Handler] that does not return although its session is done keeps Close from returning as well, and so does a hook of
// [Options] that is asked about a WebSocket handshake.
func (s *Server) Close() error {
	s.stop()
	s.cut()
	s.running.Wait()
	return nil
}

// stop lets nothing new begin.
func (s *Server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining, s.stopped = true, true
	for t, arrival := range s.readers {
		if arrival {
			t.Close(transport.Orderly) // it belongs to no session that could be closed
		}
	}
}

// cut ends all sessions and connections at once.
func (s *Server) cut() {
	for _, c := range s.live() {
		c.end(ServerShutdown, nil, transport.Cut)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.severed = true
	for t := range s.readers {
		t.Close(transport.Cut) // some say goodbye still, or never belonged to a session
	}
}

// live is a snapshot of the sessions.
func (s *Server) live() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	cs := make([]*Conn, 0, len(s.sessions))
	for _, c := range s.sessions {
		cs = append(cs, c)
	}
	return cs
}

// add makes c a session of the server, unless none is wanted any more or its id is taken.
func (s *Server) add(c *Conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return ErrServerClosed
	}
	if _, taken := s.sessions[c.id]; taken {
		return errIDTaken
	}
	if !s.capped.enter(s, c.request) {
		return errCapped
	}
	s.sessions[c.id] = c
	s.running.Add(1)
	return nil
}

func (s *Server) forget(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[c.id] == c {
		delete(s.sessions, c.id)
		s.capped.leave(s, c.request)
	}
}

func (s *Server) find(id string) *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[id]
}

// nosniff is shared by all responses, and never changed (BenchmarkPolling).
var nosniff = []string{"nosniff"}

// bodyPatience is how long a body may take that nobody reads: of a request that is refused, or that should have none.
// Who reads a body sets the limits of its own.
const bodyPatience = 5 * time.Second

// hasConnection reports whether a response may speak of its connection. In HTTP/3 that would be an error of the server
// (RFC 9114 section 4.2).
func hasConnection(r *http.Request) bool { return r.ProtoMajor < 3 }

// ServeHTTP answers a request of the protocol.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.Handles(r.URL.Path) {
		http.NotFound(w, r)
		return
	}
	if s.middleware != nil || !websocket.IsUpgrade(r) { // a 101 has no content; if it is refused, refuse sets it
		w.Header()["X-Content-Type-Options"] = nosniff
	}
	if r.ContentLength != 0 && !s.asksWebTransport(r) { // net/http reads a body that nobody else does, before it answers
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyPatience))
		if r.Method != http.MethodPost && hasConnection(r) {
			w.Header().Set("Connection", "close")
		}
	}
	if s.o.CORS != nil && s.o.CORS.apply(w, r) {
		return
	}
	if s.middleware != nil {
		s.serveThrough(w, r)
		return
	}
	s.answer(w, r)
}

// answer answers a request that has passed the middleware.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	q := newQuery(r)
	if s.asksWebTransport(r) {
		s.acceptWebTransport(w, q)
		return
	}
	q.upgrade, q.key = websocket.IsUpgrade(r), r.Header[webSocketKey]
	if f := s.verify(q); f != nil {
		s.refuse(w, r, f)
		return
	}
	if q.upgrade {
		s.acceptWebSocket(w, q)
		return
	}
	s.acceptPolling(w, q)
}
