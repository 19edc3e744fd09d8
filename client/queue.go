package client

import (
	"log/slog"
	"math"
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

// inboxHard is where a connection that can't be paused is closed: many times the soft limit, and always room for one more
// packet, as large as a server may send it, behind the soft one.
func (o *Options) inboxHard() int {
	const factor, most = 16, math.MaxInt / 32
	soft := min(o.InboxBytes, most)
	packet := min(o.Engine.MaxMessage, most) + min(o.Limits.AttachmentBytes, most) + eventCost
	return max(soft*factor, soft+packet)
}

// tell queues run. The caller holds mu.
func (m *Manager) tell(run func()) { m.post(item{run: run}) }

// aside runs what must not wait for user code, on a goroutine of its own. The caller holds mu, do does not.
func (m *Manager) aside(do func()) {
	m.work.Add(1)
	go func() {
		defer m.work.Done()
		do()
	}()
}

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
	defer m.ran(i.cost)
	m.guard("listener", i.run)
	return true
}

// ran gives back what an item weighed.
func (m *Manager) ran(cost int) {
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
		case b.used > m.o.inboxHard():
			m.mu.Unlock()
			return false
		case b.used <= soft || b.waits > 0:
			m.mu.Unlock()
			return true
		}
		if b.resume == nil { // a connection that is ending may wait beside the next one
			b.resume = make(chan struct{})
		}
		resume := b.resume
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
			m.o.Logger.Log(m.ctx, slog.LevelError, "socketio: panic in user code", "in", what, "panic", v, "stack", string(debug.Stack()))
		}
	}()
	f()
	return false
}
