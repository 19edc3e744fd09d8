package engineio

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// asksWebTransport reports whether r asks for a WebTransport session, and can have one here.
func (s *Server) asksWebTransport(r *http.Request) bool {
	return s.o.WebTransport != nil && s.o.WebTransport.Asks(r)
}

// acceptWebTransport takes a request for a WebTransport session. What it is to be, a session of its own or the upgrade of
// one, its first packet says (Engine.IO protocol 4, "WebTransport"):
//
//	0                a new session
//	0{"sid":"…"}     an upgrade, then as with WebSocket
//
// Until then nothing is kept but the transport, and that not for longer than the upgrade timeout.
func (s *Server) acceptWebTransport(w http.ResponseWriter, q *query) {
	q.eio = param{value: "4", n: 1} // no other protocol has this transport, and its clients send no query
	if f := s.verifyArrival(q); f != nil {
		s.refuse(w, q.Request, f)
		return
	}
	if !s.enter() {
		s.refuse(w, q.Request, unavailable())
		return
	}
	defer s.running.Done()
	t, err := s.o.WebTransport.Accept(w, q.Request, transport.Limits{MaxPayload: s.o.MaxPayload, WriteTimeout: s.o.WriteTimeout})
	if err != nil {
		f := badRequest("TRANSPORT_HANDSHAKE_ERROR")
		f.context["error"] = err
		s.refuse(w, q.Request, f)
		return
	}
	s.enlist(t, true)
	go func() {
		defer s.dismiss(t)
		var sink transport.Sink
		defer func() { t.Serve(sink) }() // also when a hook has ended this goroutine
		sink = s.greet(t, q)
	}()
}

// greet is welcome for one who comes to this goroutine, where nobody but us stands between a hook that panics and the
// end of the program. Who is not welcome is told so.
func (s *Server) greet(t transport.Arrival, q *query) (sink transport.Sink) {
	welcomed := false
	defer func() {
		if p := recover(); p != nil {
			s.o.Logger.Error("engineio: hook panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
		if !welcomed {
			t.Close(transport.Orderly)
		}
	}()
	sink, f := s.welcome(t, q)
	if f != nil {
		s.report(q.Request, f)
	}
	welcomed = f == nil
	return sink
}

// verifyArrival checks what can be checked before the first packet.
func (s *Server) verifyArrival(q *query) *failure {
	if origin := q.Header["Origin"]; len(origin) > 1 || len(origin) == 1 && !validHeader(origin[0]) {
		return badRequest("INVALID_ORIGIN")
	}
	if f := s.verifyPage(q); f != nil {
		return f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return unavailable()
	}
	return nil
}

// welcome waits for the first packet, and finds or makes what it asks for. A failure means that t is to be closed.
func (s *Server) welcome(t transport.Arrival, q *query) (transport.Sink, *failure) {
	p, err := t.First(s.o.UpgradeTimeout)
	if !s.settle(t) {
		return nil, unavailable()
	}
	switch {
	case err != nil:
		f := badRequest("TRANSPORT_HANDSHAKE_ERROR")
		f.context["error"] = err
		return nil, f
	case p.Type != packet.Open:
		return nil, badRequest("TRANSPORT_HANDSHAKE_ERROR")
	case len(p.Data) == 0:
		return s.openArrival(t, q)
	}
	var asked struct {
		SID string `json:"sid"`
	}
	if err := json.Unmarshal(p.Data, &asked); err != nil || asked.SID == "" {
		return nil, badRequest("TRANSPORT_HANDSHAKE_ERROR")
	}
	c := s.find(asked.SID)
	if c == nil || c.endIfOverdue() || !s.bound(c, q.Request) {
		return nil, refusal(CodeUnknownSID, map[string]any{"sid": asked.SID})
	}
	if c.v3 {
		return nil, badRequest("PROTOCOL_MISMATCH")
	}
	u, ok := c.startUpgrade(t)
	if !ok {
		return nil, mismatch(t.Name(), c.Transport())
	}
	return u, nil
}

// openArrival makes a new session.
func (s *Server) openArrival(t transport.Arrival, q *query) (transport.Sink, *failure) {
	if f := s.askOwner(q); f != nil {
		return nil, f
	}
	c, f := s.newSession(q)
	if f != nil {
		return nil, f
	}
	c.transport = t
	c.push(s.openPacket(c))
	if s.o.InitialPacket != nil {
		c.push(s.o.InitialPacket)
	}
	if f := s.start(c, q); f != nil {
		return nil, f
	}
	c.release()
	return (*sink)(c), nil
}
