package engineio

import (
	"errors"
	"net/http"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// acceptPolling takes a polling request that is in order: of a session, or the handshake of a new one.
func (s *Server) acceptPolling(w http.ResponseWriter, q *query) {
	if q.leaving != nil || q.session != nil {
		s.servePolling(w, q)
		return
	}

	c, f := s.newSession(q)
	if f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	t := polling.New((*sink)(c), q.peer(), s.polling)
	c.transport = t
	if f := s.start(c, q); f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	err := errNoAnswer
	defer func() { // also when a hook panics
		if err != nil {
			c.end(TransportError, err, transport.Cut)
		}
		c.release()
	}()
	if s.o.Cookie != nil {
		http.SetCookie(w, s.cookie(c.id))
	}
	s.setHeaders(w.Header(), q, true)
	// The handshake is answered with what belongs to it. What open sent waits for the first poll, as with the reference.
	batch := []*packet.Prepared{s.openPacket(c)}
	if s.o.InitialPacket != nil {
		batch = append(batch, s.o.InitialPacket)
	}
	err = t.Respond(w, q.Request, batch)
}

var errNoAnswer = errors.New("engineio: handshake not answered")

// cookie is the cookie of a session, made after the template in the options.
func (s *Server) cookie(id string) *http.Cookie {
	cookie := *s.o.Cookie
	if cookie.Name == "" {
		cookie.Name = "io"
	}
	if cookie.Path == "" {
		cookie.Path = "/"
	}
	if cookie.SameSite != http.SameSiteDefaultMode {
		cookie.HttpOnly = true
	}
	if cookie.SameSite == 0 {
		cookie.SameSite = http.SameSiteLaxMode
	}
	cookie.Value = id
	return &cookie
}

// servePolling answers a polling request of a session that exists, or did a moment ago.
func (s *Server) servePolling(w http.ResponseWriter, q *query) {
	s.setHeaders(w.Header(), q, false)
	t, moving := q.leaving, false
	if c := q.session; c != nil {
		c.mu.Lock()
		t, _ = c.transport.(*polling.Transport)
		moving = c.upgrade != nil
		c.mu.Unlock()
	}
	err := polling.ErrMoved // between verify and here
	if t != nil {
		err = t.Serve(w, q.Request, moving)
	}
	switch err {
	case polling.ErrMoved:
		s.refuse(w, q.Request, mismatch(polling.Name, q.session.Transport()))
	case polling.ErrGone:
		s.refuse(w, q.Request, refusal(CodeUnknownSID, map[string]any{"sid": q.sid.value}))
	}
}

// acceptWebSocket takes a WebSocket request that is in order.
func (s *Server) acceptWebSocket(w http.ResponseWriter, q *query) {
	f := s.openWebSocket(q, func() (*websocket.Transport, *failure) {
		h := s.upgradeHeader(w)
		if h == nil && (s.o.InitialHeaders != nil || s.o.Headers != nil) {
			h = http.Header{}
		}
		s.setHeaders(h, q, q.session == nil)
		t, err := websocket.Upgrade(w, q.Request, s.keep(q), h, q.peer(), s.websocket)
		if err != nil {
			f := badRequest("TRANSPORT_HANDSHAKE_ERROR")
			f.context["error"] = err
			return nil, f
		}
		return t, nil
	})
	if f != nil {
		s.refuse(w, q.Request, f)
	}
}

// openWebSocket serves a WebSocket request that is in order: a session's upgrade, or the handshake of a new one. Take makes
// the connection the server's. A failure comes before that, or from it.
func (s *Server) openWebSocket(q *query, take func() (*websocket.Transport, *failure)) *failure {
	if !s.enter() {
		return unavailable()
	}
	defer s.running.Done()
	if c := q.session; c != nil {
		t, f := take()
		if f != nil {
			return f
		}
		u, ok := c.startUpgrade(t)
		if !ok {
			t.Close(transport.Orderly) // as the reference: accepted, and closed at once
		}
		s.serve(t, u)
		return nil
	}

	c, f := s.newSession(q)
	if f != nil {
		return f
	}
	t, f := take()
	if f != nil {
		return f
	}
	c.transport = t
	c.push(s.openPacket(c))
	if s.o.InitialPacket != nil {
		c.push(s.o.InitialPacket)
	}
	if f := s.start(c, q); f != nil {
		s.report(q.Request, f)
		t.Close(transport.Orderly) // it is not net/http's any more, so there is no other answer
		s.serve(t, (*sink)(c))
		return nil
	}
	c.release() // the response to the handshake, the open packet and what open sent leave in one write
	s.serve(t, (*sink)(c))
	return nil
}

// serve has a WebSocket connection read from. The goroutine of net/http ends, and takes its buffers with it.
func (s *Server) serve(t *websocket.Transport, sink transport.Sink) {
	s.enlist(t, false)
	s.lot.Serve(t, sink)
}

// enter makes the server wait for a request that is about to take its connection from the HTTP server. Who enters calls
// running.Done when what follows is known to the server. False means that nothing new may begin.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.running.Add(1)
	return true
}

// enlist makes the server know a transport that has a reader, and wait for it, until it is dismissed. An arrival has not
// said yet what it came for. The caller has entered; if the server was stopped since, the transport is told at once.
func (s *Server) enlist(t transport.Transport, arrival bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.Add(1)
	s.readers[t] = arrival
	switch {
	case s.severed:
		t.Close(transport.Cut)
	case s.stopped:
		t.Close(transport.Orderly)
	}
}

// settle notes that t is an arrival no more, whose end is in the hands of a session from now on. False means that nothing
// new may begin.
func (s *Server) settle(t transport.Transport) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[t] = false
	return !s.stopped
}

func (s *Server) dismiss(t transport.Transport) {
	s.mu.Lock()
	delete(s.readers, t)
	s.mu.Unlock()
	s.running.Done()
}

// setHeaders runs the hooks that may add headers to a response.
func (s *Server) setHeaders(h http.Header, q *query, initial bool) {
	if initial && s.o.InitialHeaders != nil {
		s.o.InitialHeaders(h, q.Request)
	}
	if s.o.Headers != nil {
		s.o.Headers(h, q.Request)
	}
}
