package engineio

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Request is what is kept of the HTTP request that opened a session. It must not be changed.
type Request struct {
	Method     string
	URL        *url.URL
	Query      url.Values
	Header     http.Header // maybe without Sec-WebSocket-Key, which says nothing any more
	RemoteAddr string      // as net/http gives it, host:port
	Host       string
	Secure     bool // came over TLS, or a trusted proxy says so
	Time       time.Time

	ctx context.Context
}

// Context carries the values of the request's context. It is never cancelled.
func (r *Request) Context() context.Context { return r.ctx }
