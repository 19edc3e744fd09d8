package client

import (
	"time"

	"github.com/socketio-go/socketio/internal/event"
)

// socketListeners are those of a socket's life.
type socketListeners struct {
	connecting      event.Table[func(string)]
	connect         event.Table[func()]
	connectError    event.Table[func(error)]
	connectFailed   event.Table[func(error)]
	disconnect      event.Table[func(DisconnectReason, error)]
	reconnecting    event.Table[func(int, time.Duration)]
	reconnect       event.Table[func(int)]
	reconnectFailed event.Table[func()]
	error           event.Table[func(error)]
}

// OnConnecting hears that the connection stands, over the named transport; [Socket.OnConnect] follows when the server
// accepts the namespace.
func (s *Socket) OnConnecting(f func(transport string)) (off func()) {
	return s.listeners.connecting.Add(all, f, false)
}

// OnConnect hears of each connection. What was emitted meanwhile has been sent.
func (s *Socket) OnConnect(f func()) (off func()) { return s.listeners.connect.Add(all, f, false) }

// OnConnectError hears of each failed attempt to connect. A [*ConnectError] means that the server refused: then the
// socket stays away until [Socket.Connect] is called.
func (s *Socket) OnConnectError(f func(error)) (off func()) {
	return s.listeners.connectError.Add(all, f, false)
}

// OnConnectFailed is OnConnectError for the first attempt since [Socket.Connect] only.
func (s *Socket) OnConnectFailed(f func(error)) (off func()) {
	return s.listeners.connectFailed.Add(all, f, false)
}

// OnDisconnect hears of each loss, and of each goodbye on either side. err may be nil.
func (s *Socket) OnDisconnect(f func(reason DisconnectReason, err error)) (off func()) {
	return s.listeners.disconnect.Add(all, f, false)
}

// OnReconnecting hears of each attempt to connect again, counted from 1, and how long it was waited for.
func (s *Socket) OnReconnecting(f func(attempt int, delay time.Duration)) (off func()) {
	return s.listeners.reconnecting.Add(all, f, false)
}

// OnReconnect hears that an attempt has reached the server; [Socket.OnConnect] follows.
func (s *Socket) OnReconnect(f func(attempt int)) (off func()) {
	return s.listeners.reconnect.Add(all, f, false)
}

// OnReconnectFailed hears that the attempts are used up.
func (s *Socket) OnReconnectFailed(f func()) (off func()) {
	return s.listeners.reconnectFailed.Add(all, f, false)
}

// OnError hears of what no other listener was there for: a failed connection, and the error of a handler that the server
// does not get to know.
func (s *Socket) OnError(f func(error)) (off func()) { return s.listeners.error.Add(all, f, false) }

// fireSocket queues a call of every listener of a socket. The caller holds mu.
func fireSocket[F any](s *Socket, t *event.Table[F], call func(F)) { fire(s.m, t, call) }

func (s *Socket) fireReconnecting(attempt int, delay time.Duration) {
	fireSocket(s, &s.listeners.reconnecting, func(f func(int, time.Duration)) { f(attempt, delay) })
}

func (s *Socket) fireReconnect(attempt int) {
	fireSocket(s, &s.listeners.reconnect, func(f func(int)) { f(attempt) })
}

func (s *Socket) fireReconnectFailed() {
	fireSocket(s, &s.listeners.reconnectFailed, func(f func()) { f() })
}

// fireConnectError tells who listens of a failed attempt, and the listeners of OnError if nobody does.
func (s *Socket) fireConnectError(err error, first bool) {
	l, m := &s.listeners, &s.m.listeners
	s.m.tell(func() {
		heard := l.connectError.Has(all) || first && l.connectFailed.Has(all) || m.error.Has(all) || m.reconnectError.Has(all)
		tell := func(t *event.Table[func(error)]) {
			for f := range t.For(all) {
				s.m.guard("listener", func() { f(err) })
			}
		}
		tell(&l.connectError)
		if first {
			tell(&l.connectFailed)
		}
		if !heard {
			tell(&l.error)
		}
	})
}
