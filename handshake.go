package socketio

import (
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Handshake is what a client said when it connected. Its fields must not be changed: the sockets of one connection share
// them, and connections whose headers are equal share those.
type Handshake struct {
	Header  http.Header // of the request that opened the connection; without Sec-WebSocket-Key, which says nothing any more
	Query   url.Values  // of its URL
	URL     string      // its path and query
	Address string      // the IP address of the client: that of the peer, or what a trusted proxy tells
	Time    time.Time   // when the socket was made
	Secure  bool        // came over TLS
	XDomain bool        // a browser's page of a known origin asked

	auth Value
}

// Auth decodes the payload of the CONNECT packet into dst, as [Value] does. A client that sent none sent {}. The text of
// the error may go to the client.
func (h *Handshake) Auth(dst any) error {
	if err := h.auth.Decode(dst); err != nil {
		return &Error{Message: "invalid auth payload", Err: err}
	}
	return nil
}

// RawAuth returns the payload of the CONNECT packet as it came.
func (h *Handshake) RawAuth() Value { return h.auth }

// addressOf is the address of a client as text. Without proxies it is a part of what is kept anyway.
func (io *Server) addressOf(r *engineio.Request) string {
	if len(io.options.Engine.TrustedProxies) > 0 {
		if a := io.engine.Address(r); a.IsValid() {
			return a.String()
		}
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
