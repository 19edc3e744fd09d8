package engineio

import (
	"context"
	"net/http"
	"sync"
)

// Server accepts sessions. It is an [http.Handler].
type Server struct {
	o    Options
	open func(*Conn) Handler

	mu       sync.Mutex
	sessions map[string]*Conn
}

// NewServer makes a server. open is called for each new session, before anything the peer sent after its handshake is
// read, so no packet can be lost; it returns who handles the session and must not block. Nil options mean the defaults.
func NewServer(open func(*Conn) Handler, o *Options) *Server {
	return &Server{o: o.withDefaults(), open: open, sessions: map[string]*Conn{}}
}

// ServeHTTP answers a request of the protocol.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// Count is the number of live sessions.
func (s *Server) Count() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.sessions) }

// OnConnectionError sets who is told about refused requests. It must be called before the server is used.
func (s *Server) OnConnectionError(f func(ConnectionError)) {}

// Drain makes the server refuse new sessions (503). Those that live go on.
func (s *Server) Drain() {}

// Shutdown refuses new sessions, closes all that live and waits for every goroutine of the server, or for ctx: then what
// is left is cut off and the error is that of ctx.
func (s *Server) Shutdown(ctx context.Context) error { return nil }

// Close is [Server.Shutdown] without patience: connections are cut off.
func (s *Server) Close() error { return nil }
