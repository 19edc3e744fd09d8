package transport

import (
	"net/http"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
)

// Acceptor makes transports of HTTP requests, for a session layer that does not know their kind. It is how WebTransport
// is handed over as a value: who does not use it does not compile QUIC.
type Acceptor interface {
	// Name is the protocol's name of its transports, such as "webtransport".
	Name() string
	// Asks reports whether r asks for such a transport, rightly or not.
	Asks(r *http.Request) bool
	// Accept answers r, which asks and may have what it asks for, and returns the transport. On error nothing was
	// answered. Whatever becomes of the transport, the caller must call Serve, once.
	Accept(w http.ResponseWriter, r *http.Request, l Limits) (Arrival, error)
}

// Limits are what the session layer asks of a transport.
type Limits struct {
	MaxPayload   int           // the largest packet of the peer, in bytes
	WriteTimeout time.Duration // how long the peer may take to accept the next 64 KiB
}

// Arrival is a transport whose peer says with its first packet what it came for: a new session, or one that it has.
type Arrival interface {
	Transport
	// First waits for the first packet, but not longer than patience. It is called before Serve, at most once.
	First(patience time.Duration) (packet.Packet, error)
	// Serve reads from the peer and tells sink, until the transport ends. It returns when the connection is closed and
	// nothing of the transport runs any more. After Close it needs no sink.
	Serve(Sink)
}
