package socketio

import (
	"cmp"
	"sync/atomic"
	"time"
)

const (
	// inboxHardFactor times the soft limit, or more if one packet needs it, is where a connection that can't be paused is
	// closed.
	inboxHardFactor = 16
	// eventCost is what an event weighs beside its bytes, so that empty events count too.
	eventCost = 256
	// socketCost is what a socket weighs that comes or goes, so that a peer can't join and leave faster than the
	// handlers follow.
	socketCost = 4096
)

// flow is the budget that the inboxes of one connection share. Guarded by conn.mu, but for what says otherwise.
//
// Above the soft limit the reader waits, unless somebody waits for an acknowledgement of this connection: it may be a
// handler, and its answer is behind what has not been read. A handler can't be told from another goroutine, so any such
// wait keeps the reader going, up to the hard limit. So does a handler that does not return for the time of a whole
// heartbeat: it may wait for the end of a peer that has gone, which only reading tells.
//
// What an event weighed is given back without the lock, which an event would otherwise take only for that.
type flow struct {
	soft, hard int64
	taken      int64         // bytes that came into the inboxes
	returned   atomic.Int64  // bytes of them that were handled. Not guarded.
	waits      int           // acknowledgements awaited
	stuck      int64         // what was returned when the reader had waited in vain for so long that it went on; -1: it has not
	paused     atomic.Bool   // resume is there. Written under conn.mu.
	resume     chan struct{} // closed to let the reader go on; nil unless it waits
}

// charge makes a socket that comes or goes weigh something. It is called with conn.mu held.
func (c *conn) charge(s *Socket) {
	s.owed += socketCost
	c.flow.taken += socketCost
}

// arrived gives back what a socket weighed as it came. It may be going already, which weighs on.
func (c *conn) arrived(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flow.giveBack(socketCost)
	s.owed -= socketCost
}

// settle gives back what a socket weighs once it has gone.
func (c *conn) settle(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flow.giveBack(int64(s.owed))
	s.owed = 0
}

// used is how many bytes are in the inboxes and in the handlers.
func (f *flow) used() int64 { return f.taken - f.returned.Load() }

// giveBack notes that something has left the inboxes.
func (f *flow) giveBack(cost int64) {
	f.returned.Add(cost)
	f.relax()
}

// relax lets the reader go on if there is room again. Not at the first gap: it would wake for every event.
func (f *flow) relax() {
	if f.used() <= f.soft/2 {
		f.wake()
	}
}

// release is giveBack without conn.mu. Who pauses looks again behind that, so one of the two sees the other.
func (c *conn) release(cost int) {
	f := &c.flow
	if f.returned.Add(int64(cost)); f.paused.Load() {
		c.mu.Lock()
		f.relax()
		c.mu.Unlock()
	}
}

func (f *flow) wake() {
	if f.resume != nil {
		close(f.resume)
		f.endPause()
	}
}

func (f *flow) endPause() {
	f.resume = nil
	f.paused.Store(false)
}

// admit returns when the reader may go on.
func (c *conn) admit() {
	for {
		c.mu.Lock()
		f := &c.flow
		returned := f.returned.Load()
		switch used := f.taken - returned; {
		case used > f.hard:
			c.mu.Unlock()
			c.refuse("inbox full")
			return
		case used <= f.soft || f.waits > 0 || f.stuck == returned || c.ended.Load():
			c.mu.Unlock()
			return
		}
		resume := make(chan struct{})
		f.resume = resume
		f.paused.Store(true)
		f.relax() // what was released meanwhile saw no pause
		c.mu.Unlock()
		late := time.NewTimer(c.server.options.heartbeat())
		select {
		case <-resume:
		case <-late.C:
			c.mu.Lock()
			f.stuck = returned // which it still is, or nobody is stuck
			f.endPause()
			c.mu.Unlock()
		case <-c.eio.Done():
			late.Stop()
			return
		}
		late.Stop()
	}
}

// heartbeat is the time in which a peer that has gone is noticed.
func (o *Options) heartbeat() time.Duration {
	return cmp.Or(max(0, o.Engine.PingInterval), 25*time.Second) + cmp.Or(max(0, o.Engine.PingTimeout), 20*time.Second)
}
