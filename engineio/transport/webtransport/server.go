package webtransport

import (
	"cmp"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	library "github.com/quic-go/webtransport-go"
)

// Options of a [Server].
type Options struct {
	// TLS holds the certificate. It is needed: QUIC has no form without it. Its NextProtos do not matter.
	TLS *tls.Config
	// MaxHeaderBytes limits the headers of a request. The default is 64 KiB.
	MaxHeaderBytes int
	// IdleTimeout is how long a connection without a session or a request may stay. The default is 30 s.
	IdleTimeout time.Duration
	// Logger gets what happens to connections that never became a session, at the level of debugging, and panics of the
	// handler. The default is [slog.Default].
	Logger *slog.Logger
}

// Server is an HTTP/3 server whose WebTransport sessions become transports of Engine.IO. It is given to one Engine.IO
// server as its option WebTransport, and serves HTTP requests, those for sessions among them, with the handler it is
// given by [Server.Listen] or [Server.Serve].
//
// A browser opens HTTP/3 for WebTransport by itself, at the port of the URL, so no Alt-Svc header is needed and none is
// sent: the UDP port must have the number of the TCP port that serves polling, for clients that upgrade.
type Server struct {
	h3       *http3.Server
	sessions *library.Server

	mu      sync.Mutex
	conn    net.PacketConn // Guarded by mu, as all that follows.
	serving bool
	closed  bool
	ended   chan struct{} // closed when serving has ended; nil before
	err     error         // why. Fixed when ended is closed.
}

// The limits of a connection. They bound what a peer can make this side hold: what was received and not read yet, and
// one goroutine for each stream.
const (
	streamWindow     = 1 << 20 // bytes of one stream that nobody has read yet
	connectionWindow = 3 << 19 // the same for all streams of a connection
	initialWindow    = 256 << 10
	requestStreams   = 100              // at once, as RFC 9114 section 6.1 wants it
	otherStreams     = 16               // unidirectional: HTTP/3 itself needs three
	keepAlive        = 20 * time.Second // below the idle timeout of browsers, whatever the heartbeat of the session
)

// New makes a server.
func New(o *Options) *Server {
	var f Options
	if o != nil {
		f = *o
	}
	h3 := &http3.Server{
		MaxHeaderBytes: cmp.Or(max(0, f.MaxHeaderBytes), 64<<10),
		IdleTimeout:    cmp.Or(max(0, f.IdleTimeout), 30*time.Second),
		Logger:         cmp.Or(f.Logger, slog.Default()),
		ConnContext:    withConn,
		QUICConfig: &quic.Config{
			InitialStreamReceiveWindow:     initialWindow,
			MaxStreamReceiveWindow:         streamWindow,
			InitialConnectionReceiveWindow: initialWindow,
			MaxConnectionReceiveWindow:     connectionWindow,
			MaxIncomingStreams:             requestStreams,
			MaxIncomingUniStreams:          otherStreams,
			KeepAlivePeriod:                keepAlive,
		},
	}
	if f.TLS != nil {
		h3.TLSConfig = http3.ConfigureTLSConfig(f.TLS)
	}
	return &Server{
		h3: h3,
		sessions: &library.Server{
			H3:          h3,
			CheckOrigin: func(*http.Request) bool { return true }, // it is checked before Accept
		},
	}
}

var (
	// ErrServerClosed is returned by a server that was closed.
	ErrServerClosed = errors.New("webtransport: server closed")
	errNoTLS        = errors.New("webtransport: Options.TLS is needed")
	errServing      = errors.New("webtransport: server serves already")
)

// Listen listens on a UDP address such as ":443" and serves the requests that come there with h, on a goroutine of its
// own. A nil h means [http.DefaultServeMux]. It returns when the address is bound; [Server.Wait] returns when serving has
// ended, [Server.Close] ends it.
func (s *Server) Listen(address string, h http.Handler) error {
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return err
	}
	conn, err := net.ListenUDP("udp", a)
	if err != nil {
		return err
	}
	if err := s.begin(conn, h); err != nil {
		conn.Close()
		return err
	}
	go s.serve()
	return nil
}

// Serve serves the requests that come to conn with h, until the server is closed or serving fails. A nil h means
// [http.DefaultServeMux]. The connection is closed in either case.
func (s *Server) Serve(conn net.PacketConn, h http.Handler) error {
	if err := s.begin(conn, h); err != nil {
		conn.Close()
		return err
	}
	s.serve()
	return s.Wait()
}

func (s *Server) begin(conn net.PacketConn, h http.Handler) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.h3.TLSConfig == nil:
		return errNoTLS
	case s.closed:
		return ErrServerClosed
	case s.serving:
		return errServing
	}
	s.serving, s.conn, s.ended = true, conn, make(chan struct{})
	s.h3.Handler = h
	return nil
}

func (s *Server) serve() {
	err := s.sessions.Serve(s.conn)
	s.mu.Lock()
	if s.closed {
		err = ErrServerClosed
	}
	s.mu.Unlock()
	s.conn.Close()
	s.err = err
	close(s.ended)
}

// Addr is the address that the server listens on; nil if it does not.
func (s *Server) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return nil
	}
	return s.conn.LocalAddr()
}

// Wait returns when serving has ended, with the error that ended it: [ErrServerClosed] after [Server.Close], and for a
// server that does not serve.
func (s *Server) Wait() error {
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	if ended == nil {
		return ErrServerClosed
	}
	<-ended
	return s.err
}

// Close closes every connection and the UDP port, and waits for the goroutines of the server. Sessions are to be ended
// before, by Shutdown of the server that owns them: those that live are cut off.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	ended := s.ended
	s.mu.Unlock()
	err := s.sessions.Close()
	if ended != nil {
		<-ended
	}
	return err
}
