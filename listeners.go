package socketio

import (
	"context"

	"github.com/socketio-go/socketio/internal/event"
)

// listeners are the handlers of one socket. Most sockets have none: those of the namespace serve them.
type listeners struct {
	events        event.Table[handler]
	any           event.Table[handler]
	anyOut        event.Table[outgoingListener]
	use           event.Table[func(context.Context, *Event) error]
	disconnecting event.Table[func(DisconnectReason)]
	disconnect    event.Table[func(DisconnectReason)]
	errors        event.Table[func(error)]
}

func (s *Socket) own() *listeners {
	if l := s.listeners.Load(); l != nil {
		return l
	}
	s.listeners.CompareAndSwap(nil, new(listeners))
	return s.listeners.Load()
}

// On handles an event of this socket, behind the handlers of its namespace; see [Namespace.On].
func (s *Socket) On[T any](name string, f func(ctx context.Context, v T) error) (off func()) {
	mustName(name)
	mustHandle(name, f)
	return s.own().events.Add(name, typed(func(ctx context.Context, _ *Socket, v T) error { return f(ctx, v) }, nil), false)
}

// Once is On for a single event. One whose arguments don't fit does not count.
func (s *Socket) Once[T any](name string, f func(ctx context.Context, v T) error) (off func()) {
	mustName(name)
	mustHandle(name, f)
	return s.own().events.AddOnce(name, func(claim func() bool) handler {
		return typed(func(ctx context.Context, _ *Socket, v T) error { return f(ctx, v) }, claim)
	})
}

// OnCall handles an event of this socket and answers it; see [Namespace.OnCall].
func (s *Socket) OnCall[T, R any](name string, f func(ctx context.Context, v T) (R, error)) (off func()) {
	mustName(name)
	mustHandle(name, f)
	return s.own().events.Add(name, typedCall(func(ctx context.Context, _ *Socket, v T) (R, error) { return f(ctx, v) }), false)
}

// OnEvent handles an event of this socket without types; see [Namespace.OnEvent].
func (s *Socket) OnEvent(name string, f func(ctx context.Context, e *Event) error) (off func()) {
	mustName(name)
	mustHandle(name, f)
	return s.own().events.Add(name, func(ctx context.Context, _ *Socket, e *Event) error { return f(ctx, e) }, false)
}

// OnAny handles every event of this socket, before the handlers of its name; see [Namespace.OnAny].
func (s *Socket) OnAny(f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle("OnAny", f)
	return s.own().any.Add(all, func(ctx context.Context, _ *Socket, e *Event) error { return f(ctx, e) }, false)
}

// PrependAny is OnAny before the catch-all handlers that this socket has already. Those of its namespace run first.
func (s *Socket) PrependAny(f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle("PrependAny", f)
	return s.own().any.Prepend(all, func(ctx context.Context, _ *Socket, e *Event) error { return f(ctx, e) })
}

// OnAnyOutgoing hears of every event on its way to this socket; see [Namespace.OnAnyOutgoing].
func (s *Socket) OnAnyOutgoing(f func(event string, args []any)) (off func()) {
	mustHandle("OnAnyOutgoing", f)
	s.namespace.overheard.Store(true)
	return s.own().anyOut.Add(all, func(_ *Socket, event string, args []any) { f(event, args) }, false)
}

// PrependAnyOutgoing is OnAnyOutgoing before the listeners that this socket has already. Those of its namespace hear first.
func (s *Socket) PrependAnyOutgoing(f func(event string, args []any)) (off func()) {
	mustHandle("PrependAnyOutgoing", f)
	s.namespace.overheard.Store(true)
	return s.own().anyOut.Prepend(all, func(_ *Socket, event string, args []any) { f(event, args) })
}

// OffAny takes off this socket's catch-all handlers.
func (s *Socket) OffAny() {
	if l := s.listeners.Load(); l != nil {
		l.any.Remove(all)
	}
}

// OffAnyOutgoing takes off this socket's outgoing listeners.
func (s *Socket) OffAnyOutgoing() {
	if l := s.listeners.Load(); l != nil {
		l.anyOut.Remove(all)
	}
}

// HasHandler reports whether a handler of the event was registered with this socket, catch-all handlers aside.
func (s *Socket) HasHandler(name string) bool {
	l := s.listeners.Load()
	return l != nil && l.events.Has(name)
}

// Off takes off this socket's handlers of an event; those of its namespace stay.
func (s *Socket) Off(name string) {
	if l := s.listeners.Load(); l != nil {
		l.events.Remove(name)
	}
}

// Use adds a middleware for events: it runs for each event, after the catch-all and before the handlers, in the order of
// registration, and may change the name and the arguments ([Event.SetName], [Event.SetArgs]). An error keeps the event
// from the handlers, goes to [Socket.OnError] and answers the client as a handler's does.
func (s *Socket) Use(f func(ctx context.Context, e *Event) error) (off func()) {
	mustHandle("Use", f)
	return s.own().use.Add(all, f, false)
}

// OnError hears of events that a function of [Socket.Use] kept from the handlers.
func (s *Socket) OnError(f func(err error)) (off func()) {
	mustHandle("OnError", f)
	return s.own().errors.Add(all, f, false)
}

// OnDisconnecting hears that the socket was disconnected, while its rooms are still known.
func (s *Socket) OnDisconnecting(f func(reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnecting", f)
	return s.own().disconnecting.Add(all, f, false)
}

// OnDisconnect hears that the socket was disconnected, for whatever reason. It is the last thing that the socket runs.
func (s *Socket) OnDisconnect(f func(reason DisconnectReason)) (off func()) {
	mustHandle("OnDisconnect", f)
	return s.own().disconnect.Add(all, f, false)
}
