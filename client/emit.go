package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Emitter is an emit with its modifiers. It is a value: each method returns a new one, so it can be kept and shared. Make
// one with a method of [Socket], such as [Socket.Volatile].
type Emitter struct {
	socket     *Socket
	volatile   bool
	noCompress bool
	timeout    time.Duration
}

// Volatile makes an emit that is dropped, with no error, if it can't leave at once.
func (e Emitter) Volatile() Emitter { e.volatile = true; return e }

// Compress says whether the transport may compress the message. It may by default.
func (e Emitter) Compress(on bool) Emitter { e.noCompress = !on; return e }

// Timeout limits how long EmitWithAck and Call wait, and each try of [Options].Retries.
func (e Emitter) Timeout(d time.Duration) Emitter { e.timeout = d; return e }

// outgoing is an event on its way.
type outgoing struct {
	name     string
	args     []any
	ps       []*packet.Prepared
	id       uint64
	asks     bool // for an acknowledgement
	volatile bool
	size     int
}

// Emit sends an event, or keeps it until there is a connection. It never blocks on the network. The errors are
// [ErrBufferFull], [ErrReservedName], [ErrClosed] once the manager is closed, and that of a value which can't be encoded;
// then nothing was queued.
//
// With [Options].Retries the event is in the queue when Emit returns. When all tries have failed it is dropped, and
// [Socket.OnError] hears of it.
func (e Emitter) Emit(name string, args ...any) error {
	s := e.socket
	if s.o.Retries > 0 && !e.volatile {
		_, err := s.deliver(e, name, args, nil)
		return err
	}
	out, err := s.encode(e, name, args, nil)
	if err != nil {
		return err
	}
	if err := s.post(out); !errors.Is(err, engineio.ErrDropped) {
		return err
	}
	return nil // that is what volatile means
}

// Send emits the event "message".
func (e Emitter) Send(args ...any) error { return e.Emit("message", args...) }

// EmitWithAck emits an event and waits for the server's answer, until ctx ends, the timeout is over or the socket
// disconnects after the event was sent; the error is then that of ctx, [ErrTimeout] or [ErrDisconnected]. It has the
// errors of Emit too, and [ErrTooManyAcks].
func (e Emitter) EmitWithAck(ctx context.Context, name string, args ...any) (Args, error) {
	values, err := e.ask(ctx, name, args)
	if err != nil {
		return nil, err
	}
	return event.ArgsOf(values), nil
}

// Call is EmitWithAck for an answer of type R, which takes the arguments as a handler's parameter type does (see
// [Socket.On]). An answer {"error":{"message":…}} is returned as an [*Error].
func (e Emitter) Call[R any](ctx context.Context, name string, args ...any) (R, error) {
	var none R
	values, err := e.ask(ctx, name, args)
	if err != nil {
		return none, err
	}
	if err := answeredError(values); err != nil {
		return none, err
	}
	return event.Bind[R]()(values)
}

// encode makes an event ready to be sent. A mistake is the caller's at once, and later changes of the arguments do not
// count. A nil id asks for no answer.
func (s *Socket) encode(e Emitter, name string, args []any, id *uint64) (outgoing, error) {
	if parser.IsReserved(name) {
		return outgoing{}, fmt.Errorf("%w: %q", ErrReservedName, name)
	}
	data, attachments, err := event.AppendEvent(name, args)
	if err != nil {
		return outgoing{}, err
	}
	p := parser.Packet{Type: parser.Event, Namespace: s.namespace, Data: data, Attachments: attachments}
	if id != nil {
		p.ID, p.HasID = *id, true
	}
	out := outgoing{name: name, args: args, id: p.ID, asks: p.HasID, volatile: e.volatile}
	if out.ps, err = s.m.encode(p, e.noCompress); err != nil {
		return outgoing{}, err
	}
	for _, p := range out.ps {
		out.size += len(p.Data)
	}
	return out, nil
}

// encode makes the messages of a packet, in the manager's dialect.
func (m *Manager) encode(p parser.Packet, noCompress bool) ([]*packet.Prepared, error) {
	messages, err := m.o.Parser.AppendMessages(nil, p)
	if err != nil {
		return nil, err
	}
	ps := make([]*packet.Prepared, len(messages))
	for i, msg := range messages {
		ps[i] = packet.Prepare(packet.Packet{Type: packet.Message, Binary: msg.Binary, Data: msg.Data})
		ps[i].NoCompress = noCompress
	}
	return ps, nil
}

func (m *Manager) disconnectPacket(namespace string) []*packet.Prepared {
	ps, err := m.encode(parser.Packet{Type: parser.Disconnect, Namespace: namespace}, false)
	if err != nil {
		panic("socketio: the dialect has no DISCONNECT: " + err.Error())
	}
	return ps
}

// post sends an event, keeps it for later, or drops it.
func (s *Socket) post(out outgoing) error {
	s.m.mu.Lock()
	s.m.noticeSleep()
	c, flush, err := s.submit(out)
	s.m.mu.Unlock()
	if c == nil {
		return err
	}
	if flush {
		c.Flush() // before the listeners: one of them may wait for an answer
	}
	s.tellOutgoing(out)
	return err
}

// submit is post without the flush: the connection is nil if the event was not queued there. The caller holds mu.
func (s *Socket) submit(out outgoing) (c *engineio.Conn, flush bool, err error) {
	if l := s.m.link; s.connected && l != nil && len(s.buffer.waiting) == 0 {
		enqueue := l.conn.Enqueue
		if out.volatile {
			enqueue = l.conn.EnqueueVolatile
		}
		flush, err = enqueue(out.ps...)
		switch {
		case err == nil:
			return l.conn, flush, nil
		case errors.Is(err, engineio.ErrDropped):
			return nil, false, err
		case errors.Is(err, engineio.ErrBufferFull):
			return nil, false, ErrBufferFull
		}
		// The connection ends, and the manager is about to hear of it.
	}
	if out.volatile {
		return nil, false, engineio.ErrDropped
	}
	return nil, false, s.keep(out)
}

// tellOutgoing tells the catch-all listeners of an event that is being sent.
func (s *Socket) tellOutgoing(out outgoing) {
	for f := range s.handlers.anyOut.For(all) {
		s.m.guard("OnAnyOutgoing", func() { f(out.name, out.args) })
	}
}
