package socketio

import (
	"context"
	"fmt"
	"reflect"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// catchAllName is the event name that old versions document as the catch-all, see [Options.CatchAllName].
const catchAllName = "anything"

type outgoingListener func(s *Socket, event string, args []any)

// On handles an event on every socket of the namespace. T is what the handler takes:
//
//   - any type: the first argument; a pointer may be missing, and is then nil
//   - struct{}: none
//   - [Args2], [Args3]: the first two or three
//   - [Value], [Args]: the first, or all, as they came
//
// Arguments beyond are ignored; a missing one, or one that does not fit, is an error and the handler is not called. []byte
// anywhere in T takes binary.
//
// The handlers of one socket run one at a time, in the order of the events; ctx is the socket's. If the client asked for
// an answer, returning nil answers with nothing and an error answers as [Options.EncodeError] says.
//
// The returned function takes the handler off. On panics if the name is reserved or f is nil.
func (n *Namespace) On[T any](name string, f func(ctx context.Context, s *Socket, v T) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return n.events.Add(name, typed(f), false)
}

// Once is On for a single event, whichever socket gets it first.
func (n *Namespace) Once[T any](name string, f func(ctx context.Context, s *Socket, v T) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return n.events.Add(name, typed(f), true)
}

// OnCall is On for a handler that answers: its result is the acknowledgement. [Args2], [Args3] and [Args] answer with
// several arguments, struct{} with none.
func (n *Namespace) OnCall[T, R any](name string, f func(ctx context.Context, s *Socket, v T) (R, error)) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return n.events.Add(name, typedCall(f), false)
}

// OnEvent is On without types: the handler gets the arguments as they came, and answers with [Event.Ack], now, later or
// not at all. An error answers as in On.
func (n *Namespace) OnEvent(name string, f func(ctx context.Context, s *Socket, e *Event) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return n.events.Add(name, f, false)
}

// OnAny handles every event of every socket, before the handlers of its name. Acknowledgements are not events.
func (n *Namespace) OnAny(f func(ctx context.Context, s *Socket, e *Event) error) (off func()) {
	mustHandle("OnAny", f)
	return n.any.Add(all, f, false)
}

// OnAnyOutgoing hears of every event on its way to a socket: once for each receiver of a broadcast, and on the goroutine
// that emits. Acknowledgements are not events. It must not change args.
func (n *Namespace) OnAnyOutgoing(f func(s *Socket, event string, args []any)) (off func()) {
	mustHandle("OnAnyOutgoing", f)
	return n.anyOut.Add(all, f, false)
}

// Off takes off the namespace's handlers of an event; those of its sockets stay.
func (n *Namespace) Off(name string) { n.events.Remove(name) }

// OnConnection hears of each client that was accepted. It is the first thing that the socket runs: events wait for it.
func (n *Namespace) OnConnection(f func(s *Socket)) (off func()) {
	mustHandle("OnConnection", f)
	return n.connection.Add(all, f, false)
}

// OnDisconnecting hears of each socket that was disconnected, while its rooms are still known.
func (n *Namespace) OnDisconnecting(f func(s *Socket, reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnecting", f)
	return n.disconnecting.Add(all, f, false)
}

// OnDisconnect hears of each socket that was disconnected. It is the last thing that the socket runs.
func (n *Namespace) OnDisconnect(f func(s *Socket, reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnect", f)
	return n.disconnect.Add(all, f, false)
}

// Use adds a middleware: it runs for each client before it is accepted, in the order of registration. An error refuses
// the client, which gets the text of a [*ConnectError] or [*Error], and the data of the former. The socket may join rooms;
// it leaves them if it is refused. ctx ends when the client goes.
func (n *Namespace) Use(f func(ctx context.Context, s *Socket) error) (off func()) {
	mustHandle("Use", f)
	return n.middleware.Add(all, f, false)
}

func typed[T any](f func(context.Context, *Socket, T) error) handler {
	bind := event.Bind[T]()
	return func(ctx context.Context, s *Socket, e *Event) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		if err := f(ctx, s, v); err != nil {
			return err
		}
		e.auto = true
		return nil
	}
}

func typedCall[T, R any](f func(context.Context, *Socket, T) (R, error)) handler {
	bind := event.Bind[T]()
	return func(ctx context.Context, s *Socket, e *Event) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		result, err := f(ctx, s, v)
		if err != nil || !e.WantsAck() {
			return err
		}
		if err := e.Ack(event.Results(result)...); err != nil && s.Connected() {
			return fmt.Errorf("answer: %w", err)
		}
		return nil
	}
}

func mustName(name string) {
	if parser.IsReserved(name) {
		panic("socketio: " + reservedName(name).Error())
	}
}

// mustNotBeConnection catches a habit of other languages. On a socket the name is an event like any other.
func mustNotBeConnection(name string) {
	if name == "connection" {
		panic(`socketio: use OnConnection instead of On("connection")`)
	}
}

func mustHandle(what string, f any) {
	if reflect.ValueOf(f).IsNil() {
		panic("socketio: nil handler for " + what)
	}
}
