package client

import (
	"context"
	"fmt"
	"reflect"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// catchAllName is the event name that old versions document as the catch-all, see [Options].CatchAllName.
const catchAllName = "anything"

// handlers are those of a socket's events.
type handlers struct {
	events event.Table[handler]
	any    event.Table[handler]
	anyOut event.Table[func(name string, args []any)]
}

// On handles an event. T is what the handler takes:
//
//   - any type: the first argument; a pointer may be missing, and is then nil
//   - struct{}: none
//   - [Args2], [Args3]: the first two or three
//   - [Value], [Args]: the first, or all, as they came
//
// Arguments beyond are ignored; a missing one, or one that does not fit, is an error and the handler is not called.
// []byte anywhere in T takes binary. ctx ends when the socket disconnects. If the server asked for an answer, returning
// nil answers with nothing and an error with {"error":{"message":…}}.
//
// The returned function takes the handler off. On panics if the name is reserved or f is nil.
func (s *Socket) On[T any](name string, f func(ctx context.Context, v T) error) (off func()) {
	mustHandle(name, f)
	return s.handlers.events.Add(name, typed(f, nil), false)
}

// Once is On for a single event. One whose arguments don't fit does not count.
func (s *Socket) Once[T any](name string, f func(ctx context.Context, v T) error) (off func()) {
	mustHandle(name, f)
	return s.handlers.events.AddOnce(name, func(claim func() bool) handler { return typed(f, claim) })
}

// OnCall is On for a handler that answers: its result is the acknowledgement. [Args2], [Args3] and [Args] answer with
// several arguments, struct{} with none.
func (s *Socket) OnCall[T, R any](name string, f func(ctx context.Context, v T) (R, error)) (off func()) {
	mustHandle(name, f)
	return s.handlers.events.Add(name, typedCall(f), false)
}

// OnEvent is On without types: the handler gets the arguments as they came, and answers with [Event.Ack], now, later or
// not at all.
func (s *Socket) OnEvent(name string, f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle(name, f)
	return s.handlers.events.Add(name, f, false)
}

// OnAny handles every event, before the handlers of its name. Acknowledgements are not events.
func (s *Socket) OnAny(f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle("OnAny", f)
	return s.handlers.any.Add(all, f, false)
}

// PrependAny is OnAny for a handler that runs before those that are there.
func (s *Socket) PrependAny(f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle("PrependAny", f)
	return s.handlers.any.Prepend(all, f)
}

// OffAny takes off the catch-all handlers.
func (s *Socket) OffAny() { s.handlers.any.Remove(all) }

// OnAnyOutgoing hears of every event that is sent, on the goroutine that emits; of what had to wait for a connection, on
// that of the handlers. It must not change args.
func (s *Socket) OnAnyOutgoing(f func(name string, args []any)) (off func()) {
	mustHandle("OnAnyOutgoing", f)
	return s.handlers.anyOut.Add(all, f, false)
}

// PrependAnyOutgoing is OnAnyOutgoing for a listener that hears before those that are there.
func (s *Socket) PrependAnyOutgoing(f func(name string, args []any)) (off func()) {
	mustHandle("PrependAnyOutgoing", f)
	return s.handlers.anyOut.Prepend(all, f)
}

// OffAnyOutgoing takes off the listeners of what is sent.
func (s *Socket) OffAnyOutgoing() { s.handlers.anyOut.Remove(all) }

// HasHandler reports whether an event has a handler, catch-all handlers aside.
func (s *Socket) HasHandler(name string) bool { return s.handlers.events.Has(name) }

// Off takes off the handlers of an event.
func (s *Socket) Off(name string) { s.handlers.events.Remove(name) }

// OffAll takes off the handlers of all events. Catch-all handlers stay, and so do listeners of the socket's life.
func (s *Socket) OffAll() { s.handlers.events.Clear() }

// typed is f as a handler; if claim is not nil, only for an event that it gives.
func typed[T any](f func(context.Context, T) error, claim func() bool) handler {
	bind := event.Bind[T]()
	return func(ctx context.Context, e *Event) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		if claim != nil && !claim() {
			return nil
		}
		if err := f(ctx, v); err != nil {
			return err
		}
		e.auto = true
		return nil
	}
}

func typedCall[T, R any](f func(context.Context, T) (R, error)) handler {
	bind := event.Bind[T]()
	return func(ctx context.Context, e *Event) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		result, err := f(ctx, v)
		if err != nil || !e.WantsAck() {
			return err
		}
		if err := e.Ack(event.Results(result)...); err != nil && ctx.Err() == nil {
			return fmt.Errorf("answer: %w", err)
		}
		return nil
	}
}

func mustHandle(name string, f any) {
	if parser.IsReserved(name) {
		panic(fmt.Sprintf("socketio: reserved event name %q", name))
	}
	if reflect.ValueOf(f).IsNil() {
		panic("socketio: nil handler for " + name)
	}
}
