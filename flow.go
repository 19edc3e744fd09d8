package socketio

import (
	"cmp"
	"time"

	"github.com/socketio-go/socketio/parser"
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

// flow is the budget that the inboxes of one connection share. Guarded by conn.mu.
//
// Above the soft limit the reader waits, unless somebody waits for an acknowledgement of this connection: it may be a
// handler, and its answer is behind what has not been read. A handler can't be told from another goroutine, so any such
// wait keeps the reader going, up to the hard limit. So does a handler that does not return for the time of a whole
// heartbeat: it may wait for the end of a peer that has gone, which only reading tells.
type flow struct {
	soft, hard int
	used       int           // bytes in the inboxes and in the handler
	waits      int           // acknowledgements awaited
	returns    int           // how often something was released
	stuck      bool          // nothing was released for so long that the reader went on
	resume     chan struct{} // closed to let the reader go on; nil unless it waits
}

// charge makes a socket that comes or goes weigh something. It is called with conn.mu held.
func (c *conn) charge(s *Socket) {
	s.owed += socketCost
	c.flow.used += socketCost
}

// arrived gives back what a socket weighed as it came. It may be going already, which weighs on.
func (c *conn) arrived(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flow.release(socketCost)
	s.owed -= socketCost
}

// settle gives back what a socket weighs once it has gone.
func (c *conn) settle(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flow.release(int(s.owed))
	s.owed = 0
}

func (f *flow) release(cost int) {
	f.used -= cost
	f.returns++
	f.stuck = false
	if f.used <= f.soft/2 { // not at the first gap: the reader would wake for every event
		f.wake()
	}
}

func (f *flow) wake() {
	if f.resume != nil {
		close(f.resume)
		f.resume = nil
	}
}

// receive puts an event into the inbox of its socket and waits while there is too much in it.
func (c *conn) receive(p parser.Packet) {
	e := &Event{id: p.ID, asked: p.HasID, data: p.Data, cost: eventCost + len(p.Data)}
	if len(p.Attachments) > 0 {
		list := p.Attachments // escapes, and only when there are some
		e.attachments = &list
		for _, a := range list {
			e.cost += len(a)
		}
	}
	c.mu.Lock()
	s := c.find(p.Namespace)
	switch {
	case s == nil:
		c.mu.Unlock()
		c.outOfOrder(p.Type)
		return
	case c.server.draining.Load(): // as if the connection had ended before: nobody is left to answer
		c.mu.Unlock()
		return
	}
	e.socket = s
	var memory *answered // of what may come again
	if s.spent != nil || s.resends {
		c.mu.Unlock()
		if s.spent != nil && !c.allow(s, e) {
			return
		}
		if s.resends && e.asked {
			var again bool
			if memory, again = s.repeated(e); again {
				return
			}
		}
		c.mu.Lock()
	}
	if s.reason != "" {
		c.mu.Unlock()
		return
	}
	memory.remember(e)
	if s.last == nil {
		s.first = e
		s.more.Store(true)
	} else {
		s.last.next = e
	}
	s.last = e
	c.flow.used += e.cost
	c.wake(s)
	free := c.flow.used <= c.flow.soft
	c.mu.Unlock()
	if !free {
		c.admit()
	}
}

// admit returns when the reader may go on.
func (c *conn) admit() {
	for {
		c.mu.Lock()
		f := &c.flow
		switch {
		case f.used > f.hard:
			c.mu.Unlock()
			c.refuse("inbox full")
			return
		case f.used <= f.soft || f.waits > 0 || f.stuck || c.ended.Load():
			c.mu.Unlock()
			return
		}
		resume := make(chan struct{})
		f.resume = resume
		returns := f.returns
		c.mu.Unlock()
		late := time.NewTimer(c.server.options.heartbeat())
		select {
		case <-resume:
		case <-late.C:
			c.mu.Lock()
			f.stuck = f.returns == returns
			f.resume = nil
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
