package engineio

import (
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
	c := &Conn{side: &s.side, flusher: s.nextFlusher(), id: id, v3: q.protocol() == 3}
	c.writing = true
	c.turn.Store(busy) // with open, until start
	shared := q.target
	if shared.url == nil {
		shared = s.targets.share(q.URL)
	}
	values := q.values
	if values == nil {
		values = s.values(q.Request)
	}
	c.request = &Request{
		Method:     method(q.Request),
		URL:        shared.url,
		Query:      shared.query,
		Header:     s.keep(q),
		RemoteAddr: q.RemoteAddr,
		Host:       q.Host,
		Secure:     s.secure(q.Request),
		Time:       time.Now(),
		ctx:        values,
	}
	return c, nil
}

// keep is what is kept of the headers of q.
func (s *Server) keep(q *query) http.Header {
	if q.kept == nil {
		q.kept = s.headers.share(q.Header)
	}
	return q.kept
}

// start makes c known to the server and to its owner, and starts the heartbeat.
func (s *Server) start(c *Conn, q *query) *failure {
	switch err := s.add(c); {
	case errors.Is(err, ErrServerClosed):
		return unavailable()
	case errors.Is(err, errCapped):
		return s.capped.refusal(0)
	case err != nil:
		f := badRequest("ID_GENERATION_ERROR")
		f.context["error"] = err
		return f
	}
	opened := false
	defer func() {
		if !opened { // or open has ended the goroutine
			c.handler = noHandler{}
			c.end(TransportError, errNoHandler, transport.Cut)
			c.endTurn()
		}
	}()
	if opened = s.callOpen(c); !opened {
		return &failure{http.StatusInternalServerError, CodeBadRequest, messages[CodeBadRequest], nil}
	}
	c.mu.Lock()
	if c.state == open {
		c.rest()
	}
	c.mu.Unlock()
	if c.endTurn() {
		c.turn.And(^delivered) // it was no message
	}
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

// openPacket is the handshake (Engine.IO protocol 4, "Handshake"). The order of the keys is that of the reference.
func (s *Server) openPacket(c *Conn) *packet.Prepared {
	p := packet.NewSingle(128)
	b := p.Room()
	b = append(b, `{"sid":`...)
	b, _ = jsontext.AppendQuote(b, c.id)
	b = append(b, `,"upgrades":[`...)
	if c.transport.Name() == polling.Name && !s.o.NoUpgrade {
		b = s.appendUpgrades(b, c)
	}
	b = append(b, `],"pingInterval":`...)
	b = strconv.AppendInt(b, s.o.PingInterval.Milliseconds(), 10)
	b = append(b, `,"pingTimeout":`...)
	b = strconv.AppendInt(b, s.o.PingTimeout.Milliseconds(), 10)
	b = append(b, `,"maxPayload":`...)
	b = strconv.AppendInt(b, int64(s.o.MaxPayload), 10)
	b = append(b, '}')
	p.Packet = packet.Packet{Type: packet.Open, Data: b}
	return p
}

// appendUpgrades appends the list of what a polling client may move to.
func (s *Server) appendUpgrades(b []byte, c *Conn) []byte {
	comma := ""
	if slices.Contains(s.o.Transports, websocket.Name) {
		b = append(b, `"websocket"`...)
		comma = ","
	}
	if s.o.WebTransport != nil && !c.v3 {
		b, _ = jsontext.AppendQuote(append(b, comma...), s.o.WebTransport.Name())
	}
	return b
}

func unavailable() *failure {
	return &failure{http.StatusServiceUnavailable, CodeBadRequest, "Server is shutting down", map[string]any{"error": ErrServerClosed}}
}
