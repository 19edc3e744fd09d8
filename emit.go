package socketio

import (
	"errors"
	"fmt"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// flags are the modifiers of an emit.
type flags struct {
	volatile   bool
	noCompress bool
	plain      bool // no binary detection
	local      bool
	timeout    time.Duration // of an answer; 0 is none
}

// send puts messages into the outbox of the socket.
func (s *Socket) send(ps []*packet.Prepared, f flags) error {
	if s.state.Load() == gone {
		return ErrDisconnected
	}
	if !f.volatile {
		return sendError(s.conn.eio.Send(ps...))
	}
	err := s.conn.eio.SendVolatile(ps...)
	if errors.Is(err, engineio.ErrDropped) {
		return nil // that is what volatile means
	}
	return sendError(err)
}

// reply puts the acknowledgement of e into the outbox. It is written at once, unless it is the answer of a handler at
// work and there is more to handle: then the answers to come share the system call. There is room for them, as the
// runner waits for some before each event.
func (s *Socket) reply(e *Event, ps []*packet.Prepared) error {
	if s.state.Load() != connected {
		return ErrDisconnected
	}
	flush, err := s.conn.eio.Enqueue(ps...)
	switch {
	case err != nil:
		return sendError(err)
	case flush && s.hasNext(e):
		s.conn.eio.FlushSoon()
	case flush:
		s.conn.eio.Flush()
	}
	return nil
}

func sendError(err error) error {
	if errors.Is(err, engineio.ErrClosed) {
		return ErrDisconnected
	}
	return err
}

func reservedName(name string) error { return fmt.Errorf("%w: %q", ErrReservedName, name) }

// outgoing tells the catch-all listeners of an event on its way to the socket.
func (s *Socket) outgoing(name string, args []any) {
	for f := range s.namespace.anyOut.For(all) {
		s.tellOutgoing(f, name, args)
	}
	if l := s.listeners.Load(); l != nil {
		for f := range l.anyOut.For(all) {
			s.tellOutgoing(f, name, args)
		}
	}
}

func (s *Socket) tellOutgoing(f outgoingListener, name string, args []any) {
	s.guard("OnAnyOutgoing", func() error { f(s, name, args); return nil }) // the panic is logged
}
