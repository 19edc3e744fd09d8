package lane

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/internal/descriptor"
)

// Server reads plain requests from the connections of a listener, and leaves all others to an HTTP server.
type Server struct {
	// Fixed at New.
	handler Handler
	http    *http.Server
	epoch   time.Time

	clock    clock
	foreign  *foreignOnes   // Fixed at Serve.
	draining atomic.Bool    // responses are the last of their connection. Written under mu.
	running  sync.WaitGroup // readers, and who writes for them
	serving  sync.WaitGroup // the HTTP server

	mu     sync.Mutex
	listen net.Listener       // Guarded by mu.
	conns  map[*Conn]struct{} // Guarded by mu.
}

// New makes a server. The times that a peer may take are those of h, whose ReadHeaderTimeout and IdleTimeout must be set, and
// whose ConnState is taken.
func New(handler Handler, h *http.Server) *Server {
	h.ConnState = answered
	return &Server{handler: handler, http: h, epoch: time.Now().Add(-1), conns: make(map[*Conn]struct{})}
}

// now is the time since the epoch, never 0.
func (s *Server) now() time.Duration { return time.Since(s.epoch) }

// Serve accepts connections until Shutdown or Close, and then returns [http.ErrServerClosed]. It must be called once.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	if s.draining.Load() {
		s.mu.Unlock()
		l.Close()
		return http.ErrServerClosed
	}
	s.listen = l
	s.foreign = &foreignOnes{addr: l.Addr(), conns: make(chan net.Conn), over: make(chan struct{})}
	s.serving.Go(func() { s.http.Serve(s.foreign) })
	s.mu.Unlock()
	return s.accept(l)
}

// accept is the loop of Serve.
func (s *Server) accept(l net.Listener) error {
	var pause time.Duration
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			if _, secure := nc.(interface{ ConnectionState() tls.ConnectionState }); secure {
				if !s.foreign.put(nc) { // net/http tells its handlers about it
					nc.Close()
				}
				continue
			}
			c := &Conn{server: s, nc: nc, raw: descriptor.Of(nc)}
			c.until = s.now() + s.http.ReadHeaderTimeout
			if !s.add(c) {
				nc.Close()
			}
		case s.draining.Load():
			return http.ErrServerClosed
		case temporary(err): // too many files, as a rule: some may be closed soon
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			time.Sleep(pause)
		default:
			l.Close()
			return err
		}
	}
}

func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

// add starts the reader of a connection. False means that none is wanted any more.
func (s *Server) add(c *Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() {
		return false
	}
	s.conns[c] = struct{}{}
	s.running.Add(1)
	go c.serve()
	return true
}

// forget is told of a connection that has ended, or is net/http's.
func (s *Server) forget(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// welcome takes a connection back from net/http. False means that it is to be closed.
func (s *Server) welcome(f *foreigner) bool {
	f.Conn.SetDeadline(time.Time{})
	old := f.c
	c := &Conn{server: s, nc: old.nc, raw: old.raw, remote: old.remote, greeted: true, blanks: old.blanks}
	c.until = s.now() + s.http.IdleTimeout
	if len(f.stash) > 0 {
		c.b = buffers.Get()
		c.to = copy(c.b[:], f.stash)
		c.until = 0
	}
	return s.add(c)
}

// Shutdown closes the listener and every connection between two requests, and waits for the others, as [http.Server] does.
// When ctx ends first, its error is returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.drain()
	err := s.http.Shutdown(ctx)
	for pause := time.Millisecond; s.endIdle() > 0 && ctx.Err() == nil; pause = min(2*pause, 500*time.Millisecond) {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.running.Wait()
	s.serving.Wait()
	return err
}

// Close closes the listener and all connections.
func (s *Server) Close() error {
	s.drain()
	s.mu.Lock()
	for c := range s.conns {
		c.nc.Close()
	}
	s.mu.Unlock()
	err := s.http.Close()
	s.serving.Wait()
	return err
}

// drain lets nothing new begin.
func (s *Server) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining.Store(true)
	if s.listen != nil {
		s.listen.Close()
	}
}

// endIdle ends the connections between two requests, and returns how many are left.
func (s *Server) endIdle() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for c := range s.conns {
		if !c.endIfIdle() {
			left++
		}
	}
	return left
}

// logf writes to the log of the HTTP server.
func (s *Server) logf(format string, args ...any) {
	if s.http.ErrorLog != nil {
		s.http.ErrorLog.Printf(format, args...)
		return
	}
	log.Printf(format, args...)
}
