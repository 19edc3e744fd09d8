package transport

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
)

// Dialer makes transports to a server, for a session layer that does not know their kind: the other side of [Acceptor],
// and handed over as a value for the same reason.
type Dialer interface {
	// Name is the protocol's name of its transports, such as "webtransport".
	Name() string
	// Dial connects to u, whose scheme is https, and says there what for. The response is what the server answered if it
	// did, also on error; its body is not to be read. ctx limits Dial only. Whatever becomes of the transport, the caller
	// must call Serve, once.
	Dial(ctx context.Context, u *url.URL, d Departing) (Departure, *http.Response, error)
}

// Departing is what the session layer of a client asks of a transport.
type Departing struct {
	SID    string      // the session that it is to take over; "" opens a new one
	Header http.Header // of the request
	TLS    *tls.Config // how the client's other requests are secured; may be nil. It must not be changed.
	Limits             // MaxPayload is the largest packet of the server
}

// Departure is a transport that has reached its server. Send may be called before Serve.
type Departure interface {
	Transport
	// Serve reads from the peer and tells sink, until the transport ends. It returns when the connection is closed and
	// nothing of the transport runs any more.
	Serve(Sink)
}
