package client

import (
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// OnOpen hears that the connection stands. Sockets are connected later.
func (m *Manager) OnOpen(f func()) (off func()) { return m.listeners.open.Add(all, f, false) }

// OnError hears of failed attempts and of what ended a connection.
func (m *Manager) OnError(f func(error)) (off func()) { return m.listeners.error.Add(all, f, false) }

// OnPacket hears of each packet of the server, for whatever namespace, before it has its effect on listeners and handlers.
// It must not change what the packet holds.
func (m *Manager) OnPacket(f func(parser.Packet)) (off func()) {
	return m.listeners.packet.Add(all, f, false)
}

// OnPing hears of the server's pings; of several that come while other user code runs, once.
func (m *Manager) OnPing(f func()) (off func()) { return m.listeners.ping.Add(all, f, false) }

// OnUpgrade hears that the connection has changed to the named transport.
func (m *Manager) OnUpgrade(f func(transport string)) (off func()) {
	return m.listeners.upgrade.Add(all, f, false)
}

// OnUpgradeError hears that such a change failed. The connection goes on as it was.
func (m *Manager) OnUpgradeError(f func(error)) (off func()) {
	return m.listeners.upgradeError.Add(all, f, false)
}

// OnClose hears that the connection has ended.
func (m *Manager) OnClose(f func(DisconnectReason, error)) (off func()) {
	return m.listeners.close.Add(all, f, false)
}

// OnReconnect hears that the connection is back, after so many attempts.
func (m *Manager) OnReconnect(f func(attempt int)) (off func()) {
	return m.listeners.reconnect.Add(all, f, false)
}

// OnReconnectAttempt hears of each attempt, counted from 1, as it begins.
func (m *Manager) OnReconnectAttempt(f func(attempt int)) (off func()) {
	return m.listeners.attempt.Add(all, f, false)
}

// OnReconnectError hears why an attempt failed.
func (m *Manager) OnReconnectError(f func(error)) (off func()) {
	return m.listeners.reconnectError.Add(all, f, false)
}

// OnReconnectFailed hears that the attempts are used up.
func (m *Manager) OnReconnectFailed(f func()) (off func()) {
	return m.listeners.failed.Add(all, f, false)
}

// managerListeners are those of a manager's life.
type managerListeners struct {
	open, ping, failed    event.Table[func()]
	error, reconnectError event.Table[func(error)]
	upgradeError          event.Table[func(error)]
	upgrade               event.Table[func(string)]
	packet                event.Table[func(parser.Packet)]
	close                 event.Table[func(DisconnectReason, error)]
	reconnect, attempt    event.Table[func(int)]
}

// all is the name under which tables hold what goes by no name.
const all = ""

// fire queues a call of every listener. The caller holds mu.
func fire[F any](m *Manager, t *event.Table[F], call func(F)) {
	m.tell(func() {
		for f := range t.For(all) {
			m.guard("listener", func() { call(f) })
		}
	})
}
