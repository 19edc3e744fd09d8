package socketio

import (
	"sync/atomic"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Event is one event of a client. It may be kept, and answered late, from any goroutine.
type Event struct {
	socket *Socket
	name   string
	values []event.Value
	one    [1]event.Value // the arguments as an array, until parse; then room for values: most events have one argument
	id     uint64         // of the acknowledgement, if asked
	asked  bool
	auto   bool // a handler finished that answers with nothing; owned by the runner
	acked  atomic.Bool

	// The road to the runner.
	cost int
	next *Event // owned by the reader, then guarded by conn.mu, then owned by the runner
}

// Name is the name of the event.
func (e *Event) Name() string { return e.name }

// Socket is the socket that received the event.
func (e *Event) Socket() *Socket { return e.socket }

// Args are the arguments.
func (e *Event) Args() Args { return event.ArgsOf(e.values) }

// Len is the number of arguments.
func (e *Event) Len() int { return len(e.values) }

// Decode decodes the arguments into the pointers dst, in order, as [Args.Decode] does.
func (e *Event) Decode(dst ...any) error { return e.Args().Decode(dst...) }

// SetArgs replaces the arguments for everything that runs after, in a [Socket.Use] function. It must not be called
// anywhere else.
func (e *Event) SetArgs(args ...any) error {
	data, attachments, err := event.AppendArgs(args)
	if err != nil {
		return err
	}
	e.values = event.Values(parser.Elements(data), attachments)
	return nil
}

// SetName makes another event of this one for everything that runs after, in a [Socket.Use] function. It must not be
// called anywhere else. The error is [ErrReservedName].
func (e *Event) SetName(name string) error {
	if parser.IsReserved(name) {
		return ErrReservedName
	}
	e.name = name
	return nil
}

// WantsAck reports whether the client asked for an answer that it did not get yet.
func (e *Event) WantsAck() bool { return e.asked && !e.acked.Load() }

// Ack answers the event. Only the first answer is sent; for another the error is [ErrAcknowledged]. If the client asked
// for none, nothing happens. Otherwise it is like [Socket.Emit].
func (e *Event) Ack(args ...any) error {
	if !e.asked {
		return nil
	}
	if e.socket.resends {
		return e.socket.ackOnce(e, args)
	}
	n := e.socket.namespace
	ps, err := n.server.encodeAck(n.name, e.id, args)
	if err != nil {
		return err
	}
	if e.acked.Swap(true) {
		n.server.repeatedAcks.Add(1)
		return ErrAcknowledged
	}
	return e.socket.reply(ps)
}

// parse finds the name and the arguments, and maybe the handlers. The decoder has seen that the former are there.
func (e *Event) parse() (found foundHandlers) {
	var room [8][]byte
	name, args := parser.SplitEvent(e.array(), room[:0])
	e.name, found = e.socket.find(name)
	e.values = e.one[0].Break(e.one[:0], args)
	return found
}

// array is the name and the arguments, before parse.
func (e *Event) array() []byte { return e.one[0].Raw() }

// find gives a name as a string: that of a handler, if there is one, which is then found as well.
func (s *Socket) find(raw []byte) (name string, found foundHandlers) {
	for _, layer := range s.namespace.layers {
		if name, found = layer.events.Find(raw); name != "" {
			return name, found
		}
	}
	if l := s.listeners.Load(); l != nil {
		if name, found = l.events.Find(raw); name != "" {
			return name, found
		}
	}
	return string(raw), found
}

// said is the name and the arguments of an event that another node sent.
func said(data []byte, attachments [][]byte) (name string, args Args) {
	raw, elements := parser.SplitEvent(data, nil)
	return string(raw), event.ArgsOf(event.Values(elements, attachments))
}
