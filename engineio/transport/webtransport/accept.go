package webtransport

import (
	"context"
	"errors"
	"net/http"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/socketio-go/socketio/engineio/transport"
)

// Name is the protocol's name of this transport.
const Name = "webtransport"

var _ transport.Acceptor = (*Server)(nil)

// Name is "webtransport".
func (s *Server) Name() string { return Name }

// Asks reports whether r asks for a WebTransport session: an extended CONNECT (RFC 9220) with that protocol, by its name
// or the one that browsers still send.
func (s *Server) Asks(r *http.Request) bool {
	return r.Method == http.MethodConnect && (r.Proto == "webtransport" || r.Proto == "webtransport-h3")
}

// Accept makes a transport of the request, which must have come to this server. Who may have a session is for the caller
// to decide, the origin included.
func (s *Server) Accept(w http.ResponseWriter, r *http.Request, l transport.Limits) (transport.Arrival, error) {
	response, err := own(w)
	if err != nil {
		return nil, err
	}
	tap := &tap{writer: response}
	session, err := s.sessions.Upgrade(tap, r)
	if err != nil {
		return nil, err
	}
	conn, _ := r.Context().Value(connKey{}).(*quic.Conn)
	return newTransport(session, tap.stream, conn, r.Header, l), nil
}

// writer is what the response to such a request can do, besides being one.
type writer interface {
	http.ResponseWriter
	http.Flusher
	http3.Settingser
	http3.HTTPStreamer
}

var errForeign = errors.New("webtransport: not a request of this server")

// own finds the response below what middleware has put around it.
func own(w http.ResponseWriter) (writer, error) {
	for {
		if w, ok := w.(writer); ok {
			return w, nil
		}
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil, errForeign
		}
		w = outer.Unwrap()
	}
}

// tap is a response that remembers the stream it was given away as: the library keeps it to itself, see goodbye.go.
type tap struct {
	writer
	stream *http3.Stream
}

// HTTPStream is called once by the library.
func (t *tap) HTTPStream() *http3.Stream {
	t.stream = t.writer.HTTPStream()
	return t.stream
}

// connKey is the key of the QUIC connection in the context of a request.
type connKey struct{}

func withConn(ctx context.Context, c *quic.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}
