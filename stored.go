package socketio

import (
	"errors"
	"slices"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/parser"
)

// appendOffset puts the offset behind the arguments of an event. The event itself is not changed.
func appendOffset(event []byte, offset string) []byte {
	b := make([]byte, 0, len(event)+len(offset)+3)
	b = append(b, event[:len(event)-1]...)
	b = append(b, ',', '"')
	b = append(b, offset...) // base64url, digits and a dot need no escape
	return append(b, '"', ']')
}

// looksStored reports whether a client would take the last element of an event for its offset: it takes any text.
func looksStored(event []byte) bool { return len(event) > 2 && event[len(event)-2] == '"' }

// place gives an event its place in the log, and tells whether anybody gets it now. A volatile event has none; if it ends
// with a text it bears the offset of what went before it, or clients would take the text for one and could not come back.
// It is called with the order lock held.
func (r *recovery) place(m *adapter.Message, local bool) (now bool, err error) {
	switch {
	case m.Offset != "": // of another node, or by way of a log elsewhere
		r.offset = m.Offset
	case m.Volatile || local && r.memory == nil: // the log of many nodes is not for what stays on one
		if looksStored(m.Event) {
			m.Offset = r.offset
		}
	default:
		offset, err := r.log.Store(*m)
		if err != nil || offset == "" {
			return false, err
		}
		r.offset, m.Offset = offset, offset
	}
	return true, nil
}

// fanOutStored is fanOut with recovery on: the event gets its place in the log, and its receivers are those at that place.
func (n *Namespace) fanOutStored(b Broadcast, m adapter.Message, publish bool) (receivers []*Socket, err error) {
	out := n.server.engine.FanOut()
	defer out.Flush()
	defer func() { // of the adapter, and behind the lock: the log is user code as well
		if v := recover(); v != nil {
			n.server.panicked("adapter", v, "namespace", logged(n.name))
			err = &panicError{v}
		}
	}()
	if b.sender != nil && !slices.Contains(m.Except, b.sender.id) {
		m.Except = append(slices.Clip(m.Except), b.sender.id)
	}
	n.order.Lock()
	defer n.order.Unlock()
	unstored := m
	stored := !m.Volatile && (n.recovery.memory != nil || !b.flags.local)
	now, err := n.recovery.place(&m, b.flags.local)
	if !now {
		return nil, err
	}
	receivers = b.receivers()
	ps, err := n.prepareMarked(m)
	if err != nil {
		return nil, err
	}
	for i, s := range receivers {
		prefetch(receivers, i)
		if s == b.sender || s.state.Load() != connected {
			continue
		}
		if stored {
			s.session.sent = m.Offset
		}
		s.queue(out, ps, m.Volatile)
	}
	if publish && (n.recovery.memory != nil || m.Volatile) {
		err = n.adapter.Publish(unstored)
	}
	return receivers, err
}

// emitStored is Emit with recovery on. A socket that was lost gets the event when it comes back.
func (d Direct) emitStored(event string, args []any) error {
	s, n := d.socket, d.socket.namespace
	data, attachments, err := eventData(event, args, d.flags)
	if err != nil {
		return err
	}
	m := adapter.Message{
		Rooms: []string{s.id}, Event: data, Attachments: attachments,
		Volatile: d.flags.volatile, NoCompress: d.flags.noCompress,
	}
	if err := n.sayable(m); err != nil {
		return err
	}
	switch s.state.Load() {
	case connected:
		s.outgoing(event, args)
		return s.sendStored(m)
	case gone:
		if d.flags.volatile || !s.mayComeBack() {
			return ErrDisconnected
		}
		_, err = n.fanOutStored(Broadcast{namespace: n, rooms: m.Rooms}, m, false)
		return err
	}
	if !s.Recovered() {
		s.outgoing(event, args)
		return s.sendBefore(m)
	}
	return s.sendStored(m) // the replay takes it along
}

// sendStored puts an event into the log and the outbox, at one place in both. What is in the log is not lost with the
// connection, so an outbox that takes no more is no error.
func (s *Socket) sendStored(m adapter.Message) error {
	flush := false
	err := s.inOrder(func(n *Namespace) error {
		now, err := n.recovery.place(&m, false)
		if !now {
			return err
		}
		switch state := s.state.Load(); {
		case state == gone && !s.mayComeBack():
			return ErrDisconnected
		case state != connected:
			return nil
		}
		if !m.Volatile {
			s.session.sent = m.Offset
		}
		ps, err := n.prepareMarked(m)
		if err == nil {
			flush, _ = s.enqueue(ps, m.Volatile)
		}
		return err
	})
	s.flush(flush)
	return err
}

// inOrder runs f with the order lock held. What panics in it is the adapter, or the dialect.
func (s *Socket) inOrder(f func(*Namespace) error) error {
	return s.guard("adapter", func() error {
		s.namespace.order.Lock()
		defer s.namespace.order.Unlock()
		return f(s.namespace)
	})
}

// sendBefore sends an event to a socket that is not accepted yet. It has no session that could be brought back.
func (s *Socket) sendBefore(m adapter.Message) error {
	flush := false
	err := s.inOrder(func(n *Namespace) error {
		if looksStored(m.Event) {
			m.Offset = n.recovery.offset
		}
		ps, err := n.prepareMarked(m)
		if err == nil {
			flush, err = s.enqueue(ps, m.Volatile)
		}
		return err
	})
	s.flush(flush)
	if errors.Is(err, engineio.ErrDropped) {
		return nil // that is what volatile means
	}
	return sendError(err)
}

// prepareMarked makes the messages of an event, with the offset that it bears if any.
func (n *Namespace) prepareMarked(m adapter.Message) ([]*packet.Prepared, error) {
	if m.Offset != "" {
		m.Event = appendOffset(m.Event, m.Offset)
	}
	return n.wire(m)
}

// sayable is the error of an event for which the server's dialect has no words: none must get into the log.
func (n *Namespace) sayable(m adapter.Message) error {
	if n.server.plainText {
		if len(m.Attachments) > parser.DefaultAttachments {
			return ErrTooManyAttachments
		}
		return nil
	}
	_, err := n.wire(m)
	return err
}

// mayComeBack reports whether the socket was lost, and not too long ago.
func (s *Socket) mayComeBack() bool {
	r := s.namespace.recovery
	at := time.Duration(s.session.lostAt.Load())
	return at != 0 && time.Since(r.epoch)-at < r.window
}
