package engineio

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// acceptPolling takes a polling request that is in order: of a session, or the handshake of a new one.
func (s *Server) acceptPolling(w http.ResponseWriter, q *query) {
	h := w.Header()
	if q.leaving != nil {
		s.setHeaders(h, q, false)
		q.leaving.ServeHTTP(w, q.Request)
		return
	}
	if c := q.session; c != nil {
		s.setHeaders(h, q, false)
		c.mu.Lock()
		t, ok := c.transport.(*polling.Transport)
		c.mu.Unlock()
		if !ok { // it was a moment ago
			s.refuse(w, q.Request, badRequest("TRANSPORT_MISMATCH"))
			return
		}
		t.ServeHTTP(w, q.Request)
		return
	}

	c, f := s.newSession(q)
	if f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	c.transport = polling.New((*sink)(c), polling.Options{MaxPayload: s.o.MaxPayload, WriteTimeout: s.o.WriteTimeout})
	if f := s.start(c, q); f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	if s.o.Cookie != nil {
		cookie := *s.o.Cookie
		if cookie.Name == "" {
			cookie.Name = "io"
		}
		if cookie.Path == "" {
			cookie.Path = "/"
		}
		cookie.Value = c.id
		http.SetCookie(w, &cookie)
	}
	s.setHeaders(h, q, true)
	// The handshake is answered with what belongs to it. What open sent waits for the first poll, as with the reference.
	batch := []*packet.Prepared{s.openPacket(c)}
	if s.o.InitialPacket != nil {
		batch = append(batch, s.o.InitialPacket)
	}
	if err := polling.Respond(w, q.Request, batch, s.o.WriteTimeout); err != nil {
		c.end(TransportError, err, transport.Cut)
	}
	c.release()
}

// acceptWebSocket takes a WebSocket request that is in order: a session's upgrade, or the handshake of a new one.
func (s *Server) acceptWebSocket(w http.ResponseWriter, q *query) {
	h := http.Header{}
	s.setHeaders(h, q, q.session == nil)
	hijack := func() (*websocket.Transport, *failure) {
		t, err := websocket.Upgrade(w, q.Request, h, q.values.Get("b64") != "", s.websocket)
		if err != nil {
			f := badRequest("TRANSPORT_HANDSHAKE_ERROR")
			f.context["error"] = err
			return nil, f
		}
		return t, nil
	}

	if c := q.session; c != nil {
		t, f := hijack()
		if f != nil {
			s.refuse(w, q.Request, f)
			return
		}
		u, ok := c.startUpgrade(t)
		if !ok {
			t.Close(transport.Orderly) // as the reference: accepted, and closed at once
		}
		s.serve(t, u)
		return
	}

	c, f := s.newSession(q)
	if f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	t, f := hijack()
	if f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	c.transport = t
	c.push(s.openPacket(c))
	if s.o.InitialPacket != nil {
		c.push(s.o.InitialPacket)
	}
	if f := s.start(c, q); f != nil {
		t.Close(transport.Cut) // it is not net/http's any more, so there is no other answer
		return
	}
	c.release() // the response to the handshake, the open packet and what open sent leave in one write
	s.serve(t, (*sink)(c))
}

// newSession makes a session, not known to the server yet. Its write side is taken until release.
func (s *Server) newSession(q *query) (*Conn, *failure) {
	s.mu.Lock()
	draining := s.draining
	s.mu.Unlock()
	if draining {
		return nil, unavailable()
	}
	id, err := s.o.GenerateID(q.Request)
	if err != nil {
		f := badRequest("ID_GENERATION_ERROR")
		f.context["error"] = err
		return nil, f
	}
	c := &Conn{server: s, flusher: s.nextFlusher(), id: id}
	c.writing = true
	c.turn.Store(busy) // with open, until start
	shared := s.targets.share(target{q.URL, q.values})
	c.request = &Request{
		Method:     q.Method,
		URL:        shared.url,
		Query:      shared.query,
		Header:     q.Header,
		RemoteAddr: q.RemoteAddr,
		Host:       q.Host,
		Secure:     s.secure(q.Request),
		Time:       time.Now(),
		ctx:        context.WithoutCancel(q.Context()),
	}
	return c, nil
}

// start makes c known to the server and to its owner, and starts the heartbeat.
func (s *Server) start(c *Conn, q *query) *failure {
	switch err := s.add(c); {
	case errors.Is(err, ErrServerClosed):
		return unavailable()
	case err != nil:
		f := badRequest("ID_GENERATION_ERROR")
		f.context["error"] = err
		return f
	}
	if !s.callOpen(c) {
		c.handler = noHandler{}
		c.end(TransportError, errNoHandler, transport.Cut)
		c.endTurn()
		return &failure{http.StatusInternalServerError, CodeBadRequest, messages[CodeBadRequest], nil}
	}
	c.mu.Lock()
	if c.state == open {
		c.startTimer(resting, s.o.PingInterval)
	}
	c.mu.Unlock()
	c.endTurn()
	return nil
}

// callOpen asks the owner for a handler. A panic refuses the session.
func (s *Server) callOpen(c *Conn) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			s.o.Logger.Error("engineio: open panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	c.handler = s.open(c)
	return c.handler != nil
}

var errNoHandler = errors.New("engineio: open returned no handler")

// noHandler is the handler of a session whose owner failed to give one.
type noHandler struct{}

func (noHandler) Message(*Conn, Message)      {}
func (noHandler) Closed(*Conn, Reason, error) {}

// release gives the write side back that a new session started with.
func (c *Conn) release() {
	c.mu.Lock()
	if c.state == closed {
		c.part()
		return
	}
	c.write(false)
}

// serve starts the reader of a WebSocket connection, on a goroutine of our own: the one of net/http ends and takes its
// buffers with it.
func (s *Server) serve(t *websocket.Transport, sink transport.Sink) {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		t.Close(transport.Cut)
		t.Serve(sink) // returns at once
		return
	}
	s.running.Add(1)
	s.readers[t] = struct{}{}
	s.mu.Unlock()
	go func() {
		defer s.running.Done()
		t.Serve(sink)
		s.mu.Lock()
		delete(s.readers, t)
		s.mu.Unlock()
	}()
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

// openPacket is the handshake (Engine.IO protocol 4, "Handshake"). The order of the keys is that of the reference.
func (s *Server) openPacket(c *Conn) *packet.Prepared {
	b := make([]byte, 0, 128)
	b = append(b, `{"sid":`...)
	b, _ = jsontext.AppendQuote(b, c.id)
	b = append(b, `,"upgrades":[`...)
	if c.transport.Name() == polling.Name && !s.o.NoUpgrade && slices.Contains(s.o.Transports, websocket.Name) {
		b = append(b, `"websocket"`...)
	}
	b = append(b, `],"pingInterval":`...)
	b = strconv.AppendInt(b, s.o.PingInterval.Milliseconds(), 10)
	b = append(b, `,"pingTimeout":`...)
	b = strconv.AppendInt(b, s.o.PingTimeout.Milliseconds(), 10)
	b = append(b, `,"maxPayload":`...)
	b = strconv.AppendInt(b, int64(s.o.MaxPayload), 10)
	b = append(b, '}')
	return packet.Prepare(packet.Packet{Type: packet.Open, Data: b})
}

func unavailable() *failure {
	return &failure{http.StatusServiceUnavailable, CodeBadRequest, "Server is shutting down", map[string]any{"error": ErrServerClosed}}
}
