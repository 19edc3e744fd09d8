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

// send puts messages into the outbox of the socket. A volatile event that was dropped is an [engineio.ErrDropped]: who
// emits does not mind, who waits for an answer does.
func (s *Socket) send(ps []*packet.Prepared, f flags) error {
	if !f.volatile {
		return s.push(ps)
	}
	flush, err := s.enqueue(ps, true)
	if flush {
		s.conn.eio.Flush()
	}
	return sendError(err)
}

// gate is the socket for its connection: what is emitted goes out until the socket is gone. So nothing follows a
// DISCONNECT, which is queued after that.
type gate Socket

// Open is asked with the lock of the session held.
func (g *gate) Open() bool { return (*Socket)(g).state.Load() != gone }

// enqueue reports whether the caller has to flush.
func (s *Socket) enqueue(ps []*packet.Prepared, volatile bool) (flush bool, err error) {
	return s.conn.eio.EnqueueThrough((*gate)(s), volatile, ps...)
}

// reply puts an acknowledgement into the outbox of the socket.
func (s *Socket) reply(ps []*packet.Prepared) error {
	if s.state.Load() != connected {
		return ErrDisconnected
	}
	return s.push(ps)
}

// push puts messages into the outbox. They are written at once, unless the handlers have more to do: then what they will
// send shares the system call.
func (s *Socket) push(ps []*packet.Prepared) error {
	flush, err := s.enqueue(ps, false)
	if err != nil {
		return sendError(err)
	}
	s.flush(flush)
	return nil
}

// flush writes what was queued for one receiver, if it has to be done.
func (s *Socket) flush(due bool) {
	switch {
	case !due:
	case s.hasNext():
		s.late.Store(true)
		s.conn.eio.FlushSoon()
	default:
		s.conn.eio.Flush()
	}
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
	for _, layer := range s.namespace.layers {
		for f := range layer.anyOut.For(all) {
			s.tellOutgoing(f, name, args)
		}
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
