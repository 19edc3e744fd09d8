package socketio

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Listen makes io listen on a TCP address such as ":3000". It is [Server.Listen] for who has no server yet: a nil io is
// an error.
func Listen(addr string, io *Server) error {
	if io == nil {
		return errors.New("socketio: Listen needs a server, got nil")
	}
	return io.Listen(addr)
}

// listener is the HTTP server of [Server.Listen].
type listener struct {
	mu     sync.Mutex
	server *http.Server   // Guarded by mu.
	lane   *engineio.Lane // Guarded by mu; in front of server
	addr   net.Addr       // Guarded by mu.
	ended  chan struct{}  // Guarded by mu; closed when serving has ended
	err    error          // Fixed when ended is closed.
	closed bool           // Guarded by mu.
}

const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// Listen listens on a TCP address such as ":3000" and serves it, with timeouts that slow peers can't wear out; requests
// for anything else are answered 404. TCP's keep-alive is off: the heartbeat notices peers that are gone. Polls and WebSocket
// handshakes cost less than behind an HTTP server, see [engineio.Lane]. It returns when the address is bound; [Server.Wait]
// returns when serving has ended, [Server.Shutdown] ends it.
func (io *Server) Listen(addr string) error {
	l := &io.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return ErrServerClosed
	case l.server != nil:
		return errors.New("socketio: server listens already on " + l.addr.String())
	}
	config := net.ListenConfig{KeepAlive: -1} // four system calls a connection for what heartbeat and timeouts do
	tcp, err := config.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	l.addr, l.ended = tcp.Addr(), make(chan struct{})
	l.server = &http.Server{
		Handler:           io.Handler(nil),
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
	l.lane = io.engine.NewLane(l.server)
	go func(lane *engineio.Lane) {
		defer close(l.ended)
		if err := lane.Serve(tcp); !errors.Is(err, http.ErrServerClosed) {
			l.err = err
		}
	}(l.lane)
	return nil
}

// Addr is the address that the server listens on; nil if it does not.
func (io *Server) Addr() net.Addr {
	io.listener.mu.Lock()
	defer io.listener.mu.Unlock()
	return io.listener.addr
}

// Wait returns when a server that listens has stopped: with nil after [Server.Shutdown], else with the error that
// stopped it. For a server that does not listen it returns [ErrServerClosed] at once.
func (io *Server) Wait() error {
	l := &io.listener
	l.mu.Lock()
	ended := l.ended
	l.mu.Unlock()
	if ended == nil {
		return ErrServerClosed
	}
	<-ended
	return l.err
}

func (l *listener) shutdown(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	lane, ended := l.lane, l.ended
	l.mu.Unlock()
	if lane == nil {
		return nil
	}
	err := lane.Shutdown(ctx)
	if err != nil {
		lane.Close() // the error is that of ctx
	}
	<-ended
	return err
}

// Attach makes an HTTP server answer the requests of Socket.IO; all others go where they went before, to its Handler or,
// as net/http has it, to [http.DefaultServeMux]. It must be called before the server serves. [Server.Shutdown] does not
// shut it down.
func (io *Server) Attach(server *http.Server) error {
	if server == nil {
		return errors.New("socketio: Attach needs an *http.Server, got nil")
	}
	next := server.Handler
	if next == nil {
		next = http.DefaultServeMux
	}
	server.Handler = io.Handler(next)
	return nil
}

// Handler returns a handler that answers the requests of Socket.IO and hands all others to next, or answers them 404 if
// next is nil.
func (io *Server) Handler(next http.Handler) http.Handler {
	if next == nil {
		next = http.NotFoundHandler()
	}
	return &front{io, next}
}

// front answers the requests of io, and hands all others on.
type front struct {
	io   *Server
	next http.Handler
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.io.engine.Handles(r.URL.Path) {
		f.io.ServeHTTP(w, r)
		return
	}
	f.next.ServeHTTP(w, r)
}

// isFront reports whether h is io, or a front of it.
func (io *Server) isFront(h http.Handler) bool {
	f, ok := h.(*front)
	return ok && f.io == io || h == http.Handler(io)
}

// ServeHTTP answers the requests below [Options.Path]: sessions, and the browser client. Mount it at that path of any
// router.
func (io *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !io.serveBundle(w, r) {
		io.engine.ServeHTTP(w, r)
	}
}
