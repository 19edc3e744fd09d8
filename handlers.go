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

// handlers are what runs for the sockets of a namespace, or of all children of a [Parent]. Registered once, they cost
// nothing per socket.
type handlers struct {
	middleware    event.Table[func(context.Context, *Socket) error]
	connection    event.Table[func(*Socket)]
	disconnecting event.Table[func(*Socket, DisconnectReason)]
	disconnect    event.Table[func(*Socket, DisconnectReason)]
	events        event.Table[handler]
	any           event.Table[handler]
	anyOut        event.Table[outgoingListener]
	slow          event.Table[func(*Socket, int)]
}

// all is the name under which tables hold what goes by no name.
const all = ""

// On handles an event on every socket of the namespace, or of every child of a [Parent]. T is what the handler takes:
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
func (h *handlers) On[T any](name string, f func(ctx context.Context, s *Socket, v T) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return h.events.Add(name, typed(f, nil), false)
}

// Once is On for a single event, whichever socket gets it first. An event whose arguments don't fit does not count.
func (h *handlers) Once[T any](name string, f func(ctx context.Context, s *Socket, v T) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return h.events.AddOnce(name, func(claim func() bool) handler { return typed(f, claim) })
}

// OnCall is On for a handler that answers: its result is the acknowledgement. [Args2], [Args3] and [Args] answer with
// several arguments, struct{} with none.
func (h *handlers) OnCall[T, R any](name string, f func(ctx context.Context, s *Socket, v T) (R, error)) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return h.events.Add(name, typedCall(f), false)
}

// OnEvent is On without types: the handler gets the arguments as they came, and answers with [Event.Ack], now, later or
// not at all. An error answers as in On.
func (h *handlers) OnEvent(name string, f func(ctx context.Context, s *Socket, e *Event) error) (off func()) {
	mustName(name)
	mustNotBeConnection(name)
	mustHandle(name, f)
	return h.events.Add(name, f, false)
}

// OnAny handles every event of every socket, before the handlers of its name. Acknowledgements are not events.
func (h *handlers) OnAny(f func(ctx context.Context, s *Socket, e *Event) error) (off func()) {
	mustHandle("OnAny", f)
	return h.any.Add(all, f, false)
}

// OnAnyOutgoing hears of every event on its way to a socket: once for each receiver of a broadcast, and on the goroutine
// that emits. Acknowledgements are not events. It must not change args.
func (h *handlers) OnAnyOutgoing(f func(s *Socket, event string, args []any)) (off func()) {
	mustHandle("OnAnyOutgoing", f)
	return h.anyOut.Add(all, f, false)
}

// PrependAny is OnAny for a handler that runs before those that are there.
func (h *handlers) PrependAny(f func(ctx context.Context, s *Socket, e *Event) error) (off func()) {
	mustHandle("PrependAny", f)
	return h.any.Prepend(all, f)
}

// OffAny takes off the catch-all handlers that were registered here.
func (h *handlers) OffAny() { h.any.Remove(all) }

// PrependAnyOutgoing is OnAnyOutgoing for a listener that runs before those that are there.
func (h *handlers) PrependAnyOutgoing(f func(s *Socket, event string, args []any)) (off func()) {
	mustHandle("PrependAnyOutgoing", f)
	return h.anyOut.Prepend(all, f)
}

// OffAnyOutgoing takes off the outgoing listeners that were registered here.
func (h *handlers) OffAnyOutgoing() { h.anyOut.Remove(all) }

// HasHandler reports whether a handler of the event was registered here, catch-all handlers aside.
func (h *handlers) HasHandler(name string) bool { return h.events.Has(name) }

// Off takes off the handlers of an event that were registered here; those of sockets stay, and those of a parent.
func (h *handlers) Off(name string) { h.events.Remove(name) }

// OnConnection hears of each client that was accepted. It is the first thing that the socket runs: events wait for it.
func (h *handlers) OnConnection(f func(s *Socket)) (off func()) {
	mustHandle("OnConnection", f)
	return h.connection.Add(all, f, false)
}

// OnDisconnecting hears of each socket that was disconnected, while its rooms are still known.
func (h *handlers) OnDisconnecting(f func(s *Socket, reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnecting", f)
	return h.disconnecting.Add(all, f, false)
}

// OnDisconnect hears of each socket that was disconnected. It is the last thing that the socket runs.
func (h *handlers) OnDisconnect(f func(s *Socket, reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnect", f)
	return h.disconnect.Add(all, f, false)
}

// OnSlowConsumer hears of each socket whose client reads more slowly than it is sent to: when the outbox of its connection
// has become half full, once until it has been empty again, and before the socket hears that it was disconnected for not
// reading. buffered is what waited, in bytes; 0 if that is lost already. It runs beside the socket's other handlers, but for
// those of the disconnect, which wait for it; it may shed load, or disconnect the socket in better order than the limit
// will.
func (h *handlers) OnSlowConsumer(f func(s *Socket, buffered int)) (off func()) {
	mustHandle("OnSlowConsumer", f)
	return h.slow.Add(all, f, false)
}

// Use adds a middleware: it runs for each client before it is accepted, in the order of registration. An error refuses
// the client, which gets the text of a [*ConnectError] or [*Error], and the data of the former. The socket may join rooms;
// it leaves them if it is refused. ctx ends when the client goes.
func (h *handlers) Use(f func(ctx context.Context, s *Socket) error) (off func()) {
	mustHandle("Use", f)
	return h.middleware.Add(all, f, false)
}

// typed is f as a handler; if claim is not nil, only for an event that it gives.
func typed[T any](f func(context.Context, *Socket, T) error, claim func() bool) handler {
	bind := event.Bind[T]()
	return func(ctx context.Context, s *Socket, e *Event) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		if claim != nil && !claim() {
			return nil
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
		if event.IsOne[R]() {
			err = e.Ack(result)
		} else {
			err = e.Ack(event.Results(result)...)
		}
		if err != nil && s.Connected() {
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
