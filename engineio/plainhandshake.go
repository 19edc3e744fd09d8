package engineio

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/socketio-go/socketio/engineio/lane"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// seesHandshakes reports whether WebSocket handshakes may be taken that nobody has seen as h gives them.
func (s *Server) seesHandshakes(h *http.Server) bool {
	if h.BaseContext != nil || h.ConnContext != nil {
		return false
	}
	o := &s.o
	return s.middleware == nil && o.CORS == nil && o.AllowRequest == nil && s.ownIDs && o.InitialHeaders == nil &&
		o.Headers == nil && s.capped == nil && slices.Contains(o.Transports, websocket.Name)
}

// handshake takes a WebSocket handshake that is in order. One that is not is left to net/http, to be refused there. The
// request that is made of it is the one that net/http would make, as far as anybody looks, and nobody but us does.
func (p *plain) handshake(c *lane.Conn, h *lane.Head) lane.Verdict {
	s := p.s
	if !p.handshakes || string(h.Path) != s.prefix {
		return lane.Leave
	}
	var target target
	r := &http.Request{
		Method: http.MethodGet, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
		Host: s.host(h.Host), RemoteAddr: c.RemoteAddr(),
	}
	if target, r.URL = s.targets.find(s.prefix, h.Query); r.URL == nil {
		r.URL = &url.URL{Path: s.prefix, RawQuery: string(h.Query)}
	}
	q := newQuery(r)
	q.target = target
	q.upgrade = true
	q.key = []string{string(h.Key)}
	q.kept = s.headers.find(h)
	r.Header = q.kept
	q.values = &bareContext{server: p.http, local: c.LocalAddr()}
	if s.refused != nil {
		r.RequestURI = r.URL.RequestURI()
	}
	if s.verify(q) != nil {
		return lane.Leave
	}
	f := s.openWebSocket(q, func() (*websocket.Transport, *failure) {
		nc, early := c.TakeAway(h)
		return websocket.Take(nc, early, r, q.key[0], q.kept, q.peer(), s.websocket), nil
	})
	if f != nil {
		return lane.Leave
	}
	return lane.Taken
}
