package contract

import (
	"context"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Received is an event as a handler gets it.
type Received interface {
	Args() event.Args
	WantsAck() bool
	Ack(args ...any) error
}

// Registrar takes handlers that are told the socket: a namespace of a server, or a server.
type Registrar[S any, E Received] interface {
	OnEvent(name string, f func(ctx context.Context, s S, e E) error) (off func())
}

// Listener takes handlers of one socket, on either side.
type Listener[E Received] interface {
	OnEvent(name string, f func(ctx context.Context, e E) error) (off func())
}

// Emitter sends events: a socket, a room, everybody.
type Emitter interface {
	Emit(name string, args ...any) error
}

// Asker sends events and waits for the answer: a socket.
type Asker interface {
	EmitWithAck(ctx context.Context, name string, args ...any) (event.Args, error)
}

// Event is an event that carries a T: any type that a handler may take, also several arguments or none.
type Event[T any] struct{ name string }

// NewEvent names an event. It panics if the name is reserved.
func NewEvent[T any](name string) Event[T] {
	mustName(name)
	return Event[T]{name}
}

// Name is the name of the event.
func (e Event[T]) Name() string { return e.name }

// Emit sends the event.
func (e Event[T]) Emit(to Emitter, v T) error { return to.Emit(e.name, event.Results(v)...) }

// Handle makes f the handler of the event in a namespace. The returned function takes it off.
func (e Event[T]) Handle[S any, E Received](r Registrar[S, E], f func(ctx context.Context, s S, v T) error) (off func()) {
	bind := event.Bind[T]()
	return r.OnEvent(e.name, func(ctx context.Context, s S, e E) error {
		v, err := bind(values(e.Args()))
		if err == nil {
			err = f(ctx, s, v)
		}
		if err != nil || !e.WantsAck() {
			return err
		}
		return e.Ack()
	})
}

// On makes f the handler of the event on one socket. The returned function takes it off.
func (e Event[T]) On[E Received](l Listener[E], f func(ctx context.Context, v T) error) (off func()) {
	bind := event.Bind[T]()
	return l.OnEvent(e.name, func(ctx context.Context, e E) error {
		v, err := bind(values(e.Args()))
		if err == nil {
			err = f(ctx, v)
		}
		if err != nil || !e.WantsAck() {
			return err
		}
		return e.Ack()
	})
}

// Call is a request that carries a T, and is answered with an R.
type Call[T, R any] struct{ name string }

// NewCall names a request. It panics if the name is reserved.
func NewCall[T, R any](name string) Call[T, R] {
	mustName(name)
	return Call[T, R]{name}
}

// Name is the name of the event.
func (c Call[T, R]) Name() string { return c.name }

// Call asks, and waits for the answer; its errors are those of EmitWithAck. When the handler on the other side failed
// with an error that it may tell, that is an [*Error].
func (c Call[T, R]) Call(ctx context.Context, to Asker, v T) (R, error) {
	var none R
	args, err := to.EmitWithAck(ctx, c.name, event.Results(v)...)
	if err != nil {
		return none, err
	}
	answer := values(args)
	if message, failed := event.FailureOf(answer); failed {
		return none, &Error{message}
	}
	return event.Bind[R]()(answer)
}

// Handle makes f the handler of the request in a namespace: its result is the answer. The returned function takes it off.
func (c Call[T, R]) Handle[S any, E Received](r Registrar[S, E], f func(ctx context.Context, s S, v T) (R, error)) (off func()) {
	bind := event.Bind[T]()
	return r.OnEvent(c.name, func(ctx context.Context, s S, e E) error {
		v, err := bind(values(e.Args()))
		if err != nil {
			return err
		}
		result, err := f(ctx, s, v)
		if err != nil || !e.WantsAck() {
			return err
		}
		return e.Ack(event.Results(result)...)
	})
}

// On makes f the handler of the request on one socket. The returned function takes it off.
func (c Call[T, R]) On[E Received](l Listener[E], f func(ctx context.Context, v T) (R, error)) (off func()) {
	bind := event.Bind[T]()
	return l.OnEvent(c.name, func(ctx context.Context, e E) error {
		v, err := bind(values(e.Args()))
		if err != nil {
			return err
		}
		result, err := f(ctx, v)
		if err != nil || !e.WantsAck() {
			return err
		}
		return e.Ack(event.Results(result)...)
	})
}

// Error is what the handler on the other side failed with.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func values(args event.Args) []event.Value {
	list := make([]event.Value, len(args))
	for i := range args {
		list[i] = args.Value(i)
	}
	return list
}

func mustName(name string) {
	if parser.IsReserved(name) {
		panic("contract: reserved event name " + name)
	}
}
