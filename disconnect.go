package socketio

import (
	"errors"
	"log/slog"
	"slices"
)

// remove takes the socket off the connection: it is sent nothing more, its events that were read are still handled. It
// returns the acknowledgements that were awaited, for abandon. It is called with conn.mu held; for a socket that was
// removed already it does nothing.
func (c *conn) remove(s *Socket, reason DisconnectReason) map[uint64]waiter {
	if s.reason != "" {
		return nil
	}
	s.reason = reason
	s.state.Store(gone)
	if i := slices.Index(c.sockets, s); i >= 0 {
		c.sockets = slices.Delete(c.sockets, i, i+1)
	}
	waits := s.awaited
	s.awaited = nil
	c.flow.waits -= len(waits)
	c.charge(s)
	return waits
}

// end disconnects one socket. Its context ends at once; its disconnect handlers run behind the events that wait.
func (c *conn) end(s *Socket, reason DisconnectReason, err error) {
	c.endThese(reason, err, s)
	c.admit()
}

// endAll disconnects every socket of the connection, which gets no other.
func (c *conn) endAll(reason DisconnectReason, err error) {
	c.mu.Lock()
	c.ended.Store(true)
	if c.joinBy != nil {
		c.joinBy.Stop()
		c.joinBy = nil
	}
	all := slices.Clone(c.sockets)
	c.mu.Unlock()
	c.endThese(reason, err, all...)
}

func (c *conn) endThese(reason DisconnectReason, err error, sockets ...*Socket) {
	for _, s := range sockets {
		placed := s.lockForLoss(reason)
		first := s.reason == ""
		if placed && first {
			s.lose()
		}
		waits := c.remove(s, reason)
		if first {
			c.wake(s)
		}
		c.mu.Unlock()
		if placed {
			s.namespace.order.Unlock()
		}
		if first {
			s.cancel(&DisconnectError{reason, err})
			s.abandon(waits)
		}
	}
}

// disconnect makes the client leave one namespace.
func (c *conn) disconnect(s *Socket) {
	if s.state.Load() != connected { // its namespace may not be known yet
		return
	}
	ps, err := c.server.encodeDisconnect(s.namespace.name)
	if err != nil {
		c.server.tell(slog.LevelError, "socketio: a DISCONNECT can't be sent", "namespace", logged(s.namespace.name), "error", err)
	}
	c.mu.Lock()
	if s.state.Load() != connected {
		c.mu.Unlock()
		return
	}
	waits := c.remove(s, ServerNamespaceDisconnect) // first: nothing should follow the packet
	c.wake(s)
	flush, _ := c.eio.Enqueue(ps...) // an error is that of a connection which ends
	c.mu.Unlock()
	s.cancel(&DisconnectError{ServerNamespaceDisconnect, nil})
	s.abandon(waits)
	if flush {
		c.eio.Flush()
	}
}

// disconnectAll makes the client leave every namespace and closes the connection behind that.
func (c *conn) disconnectAll() {
	c.mu.Lock()
	all := slices.Clone(c.sockets)
	c.mu.Unlock()
	for _, s := range all {
		c.disconnect(s)
	}
	c.endAll(ServerNamespaceDisconnect, nil)
	c.eio.Close()
}

// refuse ends a connection whose peer does not keep to the protocol or to a limit.
func (c *conn) refuse(why string) {
	c.server.tell(slog.LevelDebug, "socketio: connection refused", "why", why)
	c.endAll(ForcedServerClose, errors.New(why))
	c.eio.Close()
}

// broken ends a connection whose peer sent what can't be read.
func (c *conn) broken(err error) {
	c.server.tell(slog.LevelDebug, "socketio: unreadable packet", "error", err)
	c.endAll(ParseError, err)
	c.eio.Close()
}

// joinedNothing ends a connection that had its time to join a namespace.
func (c *conn) joinedNothing() {
	c.mu.Lock()
	late := c.joinBy != nil // else it joined just now
	if late {
		c.ended.Store(true)
	}
	c.mu.Unlock()
	if late {
		c.refuse("joined no namespace in time")
	}
}

// depart runs what is left to run for a socket that was disconnected. Its rooms are there in the first handlers and gone
// in the last. What comes later runs even if a handler ends the goroutine.
func (s *Socket) depart() {
	c := s.conn
	c.mu.Lock()
	reason, told := s.reason, s.slow
	c.mu.Unlock()
	defer s.namespace.vacate()
	defer s.letGo(s.mayReturn(reason))
	defer s.disconnected(reason)
	defer s.leaveAll()
	defer s.namespace.remove(s)
	s.toldSlow(told)
	s.disconnecting(reason)
}
