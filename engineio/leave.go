package engineio

import (
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// leaveTime is how long a session that its client closed over polling is remembered.
//
// A client sends the close packet in a POST while its GET waits, and the GET is to end with a noop. The two requests use
// two connections, which are served by two goroutines, so a GET sent first may be seen second. Without this it would be
// told that its session is unknown.
const leaveTime = 500 * time.Millisecond

// leave remembers the transport of a session that is being closed by its client, if a GET still has to be answered.
func (s *Server) leave(c *Conn, t transport.Transport) {
	p, ok := t.(*polling.Transport)
	if !ok || !p.Owes() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving[c.id] = p
	time.AfterFunc(leaveTime, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.leaving, c.id)
	})
}

// findLeaving returns the transport of a session that its client has just closed, if it still owes an answer.
func (s *Server) findLeaving(id string) *polling.Transport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.leaving[id]; t != nil && t.Owes() {
		return t
	}
	return nil
}
