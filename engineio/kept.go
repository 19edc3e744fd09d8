package engineio

import (
	"context"
	"hash/maphash"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/lane"
)

// method is that of r, and no part of the line that it stood in: a session keeps it for life.
func method(r *http.Request) string {
	if r.Method == http.MethodGet {
		return http.MethodGet
	}
	return r.Method
}

// headers shares the headers of handshakes, as targets shares their URLs: most clients of one kind send the same, and a
// session keeps them for life (TestSharedHeaders). The key of a WebSocket handshake, which differs for each and says
// nothing afterwards, is left out.
type headers struct {
	mu    sync.Mutex
	seed  maphash.Seed           // Guarded by mu, as all that follows.
	known map[uint64]http.Header // by what is in them
	lines map[string]http.Header // the same by their lines, as they came on a lane
}

const (
	maxHeaders     = 64   // different ones, many more than there are kinds of clients
	maxHeaderBytes = 1024 // longer ones are not worth comparing
	webSocketKey   = "Sec-Websocket-Key"
)

// share returns h, or what is equal to it and in use already. Who shows who he is has headers of his own.
func (s *headers) share(h http.Header) http.Header {
	if h["Cookie"] != nil || h["Authorization"] != nil {
		return h
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.seed = maphash.MakeSeed()
	}
	sum, size := uint64(0), 0
	for name, values := range h {
		if name == webSocketKey {
			continue
		}
		of := maphash.String(s.seed, name)
		size += len(name)
		for _, v := range values {
			of = of*31 + maphash.String(s.seed, v)
			size += len(v)
		}
		sum += of // in whatever order they come
	}
	if size > maxHeaderBytes {
		return h
	}
	known, ok := s.known[sum]
	if ok && equalHeaders(known, h) {
		return known
	}
	if s.known == nil || len(s.known) >= maxHeaders {
		s.known = make(map[uint64]http.Header) // other clients may come now
	}
	h = h.Clone()
	delete(h, webSocketKey)
	s.known[sum] = h
	return h
}

// find returns the headers of a WebSocket handshake, without its key: what share returns, and without making them first if
// the same lines came before.
func (s *headers) find(head *lane.Head) http.Header {
	var room [maxHeaderBytes]byte
	if len(head.Fields) > len(room) {
		h := head.Header()
		delete(h, webSocketKey)
		return h
	}
	lines := head.HandshakeFields(room[:0])
	s.mu.Lock()
	known, ok := s.lines[string(lines)]
	s.mu.Unlock()
	if ok {
		return known
	}
	h := head.Header()
	delete(h, webSocketKey)
	if h["Cookie"] != nil || h["Authorization"] != nil {
		return h
	}
	h = s.share(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines == nil || len(s.lines) >= maxHeaders {
		s.lines = make(map[string]http.Header)
	}
	s.lines[string(lines)] = h
	return h
}

// hosts shares the names by which clients call the server.
type hosts struct {
	mu    sync.Mutex
	known map[string]string // by itself. Guarded by mu.
}

const (
	maxHosts = 16
	maxHost  = 64
)

// host is a Host header, the same memory for the same bytes.
func (s *Server) host(name []byte) string {
	if len(name) > maxHost {
		return string(name)
	}
	s.hosts.mu.Lock()
	defer s.hosts.mu.Unlock()
	known, ok := s.hosts.known[string(name)]
	if ok {
		return known
	}
	if s.hosts.known == nil || len(s.hosts.known) >= maxHosts {
		s.hosts.known = make(map[string]string)
	}
	known = string(name)
	s.hosts.known[known] = known
	return known
}

// equalHeaders reports whether h is equal to known, but for the key.
func equalHeaders(known, h http.Header) bool {
	n := len(h)
	if _, has := h[webSocketKey]; has {
		n--
	}
	if n != len(known) {
		return false
	}
	for name, values := range known {
		if !slices.Equal(values, h[name]) {
			return false
		}
	}
	return true
}

// values is a context with the values of the request's, for as long as the session lives. What net/http makes of a
// request is large: two contexts that can be cancelled, and two that hold a value each. Where these two values are all
// that can be in it they are kept without it (TestBareContext).
func (s *Server) values(r *http.Request) context.Context {
	ctx := r.Context()
	server, _ := ctx.Value(http.ServerContextKey).(*http.Server)
	if server == nil || server.BaseContext != nil || server.ConnContext != nil || s.middleware != nil || !s.isFront(server.Handler) {
		return context.WithoutCancel(ctx)
	}
	bare := &bareContext{server: server}
	bare.local, _ = ctx.Value(http.LocalAddrContextKey).(net.Addr)
	return bare
}

// Front tells the server that is asks whether a handler is one that passes requests on to it as they came: with the context
// that the HTTP server gave them. It must be called before the server is used.
func (s *Server) Front(is func(http.Handler) bool) { s.front = is }

func (s *Server) isFront(h http.Handler) bool {
	return h == http.Handler(s) || s.front != nil && s.front(h)
}

// bareContext has the values that net/http gives to every request, and no end.
type bareContext struct {
	server *http.Server
	local  net.Addr
}

var _ context.Context = (*bareContext)(nil)

func (*bareContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*bareContext) Done() <-chan struct{}       { return nil }
func (*bareContext) Err() error                  { return nil }

func (c *bareContext) Value(key any) any {
	switch key {
	case http.ServerContextKey:
		return c.server
	case http.LocalAddrContextKey:
		if c.local != nil {
			return c.local
		}
	}
	return nil
}
