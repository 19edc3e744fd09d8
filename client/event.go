package client

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Event is one event of the server. It may be kept, and answered late, from any goroutine, as long as the connection
// lasts that brought it.
type Event struct {
	socket *Socket
	ctx    context.Context
	epoch  int
	name   string
	values []event.Value
	id     uint64 // of the acknowledgement, if asked
	asked  bool
	acked  atomic.Bool
	auto   bool // a handler finished that answers with nothing. Owned by the runner.
	cost   int
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

// WantsAck reports whether the server asked for an answer that it did not get yet.
func (e *Event) WantsAck() bool { return e.asked && !e.acked.Load() }

// Ack answers the event. Only the first answer is sent; for another the error is [ErrAcknowledged]. If the server asked
// for none, nothing happens. Once the connection that asked is over the error is [ErrDisconnected]; if the server does not
// read what it is sent, it is [ErrBufferFull].
func (e *Event) Ack(args ...any) error {
	if !e.asked {
		return nil
	}
	s := e.socket
	data, attachments, err := event.AppendArgs(args)
	if err != nil {
		return err
	}
	ps, err := s.m.encode(parser.Packet{Type: parser.Ack, Namespace: s.namespace, ID: e.id, HasID: true, Data: data, Attachments: attachments}, false)
	if err != nil {
		return err
	}
	if e.acked.Swap(true) {
		return ErrAcknowledged
	}
	s.m.mu.Lock()
	l := s.m.link
	if s.epoch != e.epoch || l == nil {
		s.m.mu.Unlock()
		return ErrDisconnected
	}
	flush, err := l.conn.Enqueue(ps...)
	s.m.mu.Unlock()
	if flush {
		l.conn.Flush()
	}
	switch {
	case errors.Is(err, engineio.ErrBufferFull):
		return ErrBufferFull
	case err != nil: // the connection is ending
		return ErrDisconnected
	}
	return nil
}
