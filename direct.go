package socketio

import (
	"context"
	"errors"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
)

// Direct is an emit to one socket with its modifiers. It is a value: each method returns a new one, so it can be kept
// and shared. Make one with a method of [Socket], such as [Socket.Volatile].
type Direct struct {
	socket *Socket
	flags  flags
}

// Volatile makes an emit that is dropped, with no error, if the client can't take it at once: its outbox is not empty,
// or no poll is waiting.
func (d Direct) Volatile() Direct { d.flags.volatile = true; return d }

// Compress says whether the transport may compress the message. It may by default.
func (d Direct) Compress(on bool) Direct { d.flags.noCompress = !on; return d }

// Binary with false says that the arguments hold no binary values: nothing looks for them, and a []byte goes as JSON
// writes a Buffer, {"type":"Buffer","data":[…]}. With true it is as without: bytes travel as binary messages.
func (d Direct) Binary(on bool) Direct { d.flags.plain = !on; return d }

// Timeout limits how long EmitWithAck and Call wait.
func (d Direct) Timeout(t time.Duration) Direct { d.flags.timeout = t; return d }

// Broadcast reaches everybody in the namespace but this socket, with the same modifiers.
func (d Direct) Broadcast() Broadcast {
	return Broadcast{namespace: d.socket.namespace, sender: d.socket, flags: d.flags}
}

// To reaches the members of the rooms but this socket, with the same modifiers.
func (d Direct) To(rooms ...string) Broadcast { return d.Broadcast().To(rooms...) }

// In is the same as To.
func (d Direct) In(rooms ...string) Broadcast { return d.Broadcast().To(rooms...) }

// Except reaches everybody in the namespace but this socket and the members of the rooms, with the same modifiers.
func (d Direct) Except(rooms ...string) Broadcast { return d.Broadcast().Except(rooms...) }

// Local reaches everybody in the namespace but this socket, on this node only, with the same modifiers.
func (d Direct) Local() Broadcast { return d.Broadcast().Local() }

// Emit sends an event. It never blocks on the network; a nil error means that the event is queued. The errors are
// [ErrDisconnected], [ErrBufferFull], [ErrReservedName], [ErrTooManyAttachments], and that of a value which can't be
// encoded; then nothing was queued.
//
// With recovery on, the event is also kept for a client that comes back: nil means that it gets the event now or then,
// and [ErrDisconnected] that it can't come back any more.
func (d Direct) Emit(event string, args ...any) error {
	s := d.socket
	if s.namespace.recovery != nil {
		return d.emitStored(event, args)
	}
	if s.state.Load() == gone {
		return ErrDisconnected
	}
	ps, err := s.namespace.server.encodeEvent(s.namespace.name, event, args, d.flags, nil)
	if err != nil {
		return err
	}
	s.outgoing(event, args)
	if err := s.send(ps, d.flags); !errors.Is(err, engineio.ErrDropped) {
		return err
	}
	return nil // that is what volatile means
}

// EmitContext is Emit for who would rather wait than have a slow client disconnected: while the outbox of the connection
// is half full or more it waits, first come, first served, until ctx ends or the client goes; the error is then that of
// ctx or [ErrDisconnected], and [ErrLineFull] if too many wait already. The other half of the outbox is for Emit, which
// never waits. A volatile event does not wait either.
//
// A client that reads nothing at all is cut off by the write timeout, or when it polls no more.
func (d Direct) EmitContext(ctx context.Context, event string, args ...any) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	if d.flags.volatile {
		return d.Emit(event, args...)
	}
	leave, err := d.socket.lineUp(ctx)
	if errors.Is(err, ErrDisconnected) && d.socket.namespace.recovery != nil {
		return d.Emit(event, args...) // the client may come back for it
	}
	if err != nil {
		return err
	}
	defer leave()
	return d.Emit(event, args...)
}

// Send emits the event "message".
func (d Direct) Send(args ...any) error { return d.Emit("message", args...) }

// EmitWithAck emits an event and waits for the client's answer, until ctx ends, the timeout is over or the client
// disconnects; the error is then that of ctx or [ErrDisconnected]. It has the errors of Emit too, and [ErrTooManyAcks].
func (d Direct) EmitWithAck(ctx context.Context, name string, args ...any) (Args, error) {
	values, err := d.socket.ask(ctx, d.flags, name, args)
	if err != nil {
		return nil, err
	}
	return event.ArgsOf(values), nil
}

// Call is EmitWithAck for an answer of type R, which takes the arguments as a handler's parameter type does (see
// [Namespace.On]). An answer {"error":{"message":…}} is returned as an [*Error].
func (d Direct) Call[R any](ctx context.Context, name string, args ...any) (R, error) {
	var none R
	values, err := d.socket.ask(ctx, d.flags, name, args)
	if err != nil {
		return none, err
	}
	if err := answeredError(values); err != nil {
		return none, err
	}
	return event.Bind[R]()(values)
}

// answeredError is the error that a handler on the other side answered with.
func answeredError(values []event.Value) error {
	if message, failed := event.FailureOf(values); failed {
		return &Error{Message: message}
	}
	return nil
}
