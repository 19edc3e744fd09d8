package client

import "time"

// A machine that sleeps stops its timers, and the one of the heartbeat with them: when it wakes, the server has long given
// the client up, and nothing has told the client. The clock on the wall went on, so what is emitted first is asked by that
// clock whether a heartbeat was missed, and does not go into a dead connection. The reference calls it a throttled timer.

// wallClock is the time that goes on while the machine sleeps. Inside of a process a time also bears one that does not,
// which would be used otherwise.
func wallClock() time.Time { return time.Now().Round(0) }

// noticeSleep ends a connection whose heartbeat was missed without the timer having come round to it. The caller holds mu.
func (m *Manager) noticeSleep() {
	l := m.link
	if l == nil || m.wall().Sub(l.heard) <= l.conn.Heartbeat() {
		return
	}
	m.lost(PingTimeout, nil)
	m.reconnect()
	m.aside(l.conn.Close) // not with mu held: the session tells the link, which is over
}
