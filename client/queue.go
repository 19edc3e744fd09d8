package client

import (
	"log/slog"
	"runtime/debug"
)

// item is something to be told to user code.
type item struct {
	run  func()
	cost int // what it weighs in the inbox; 0 for the life cycle
}

// inbox is what waits for user code, of all sockets of a manager, in order. Guarded by Manager.mu.
type inbox struct {
	items   []item
	running bool
	used    int           // cost of what waits, and of what is being run
	waits   int           // answers awaited
	resume  chan struct{} // closed to let the reader go on; nil unless it waits
}

// hardFactor times the soft limit is where a connection that can't be paused is closed.
const hardFactor = 16

// tell queues run. The caller holds mu.
func (m *Manager) tell(run func()) { m.post(item{run: run}) }

// post queues an item. The caller holds mu.
func (m *Manager) post(i item) {
	m.inbox.items = append(m.inbox.items, i)
	m.inbox.used += i.cost
	if !m.inbox.running {
		m.inbox.running = true
		m.work.Add(1)
		go m.run()
	}
}

// run does what waits, one thing after the other, and ends when there is nothing.
func (m *Manager) run() {
	finished := false
	defer func() {
		if !finished { // user code ended the goroutine (runtime.Goexit); the rest still has to run
			m.work.Add(1)
			go m.run()
		}
		m.work.Done()
	}()
	for m.step() {
	}
	finished = true
}

func (m *Manager) step() bool {
	m.mu.Lock()
	if len(m.inbox.items) == 0 {
		m.inbox.running, m.inbox.items = false, nil
		m.mu.Unlock()
		return false
	}
	i := m.inbox.items[0]
	m.inbox.items[0] = item{}
	m.inbox.items = m.inbox.items[1:]
	m.mu.Unlock()
	defer m.release(i.cost)
	m.guard("listener", i.run)
	return true
}

func (m *Manager) release(cost int) {
	if cost == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inbox.used -= cost
	if m.inbox.used <= m.o.InboxBytes/2 {
		m.inbox.wake()
	}
}

func (b *inbox) wake() {
	if b.resume != nil {
		close(b.resume)
		b.resume = nil
	}
}

// admit returns when the reader of a connection may go on. False means that the connection can't be slowed down and sends
// too much.
func (m *Manager) admit(done <-chan struct{}) bool {
	for {
		m.mu.Lock()
		b := &m.inbox
		soft := m.o.InboxBytes
		switch {
		case b.used > soft*hardFactor:
			m.mu.Unlock()
			return false
		case b.used <= soft || b.waits > 0:
			m.mu.Unlock()
			return true
		}
		resume := make(chan struct{})
		b.resume = resume
		m.mu.Unlock()
		select {
		case <-resume:
		case <-done:
			return true
		}
	}
}

// guard runs user code. A panic is logged with its stack, and reported as true.
func (m *Manager) guard(what string, f func()) (panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			panicked = true
			m.panics.Add(1)
			m.o.Logger.Log(m.ctx, slog.LevelError, "socketio: panic in user code", "in", what, "panic", v, "stack", string(debug.Stack()))
		}
	}()
	f()
	return false
}
