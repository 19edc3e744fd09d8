package engineio

import (
	"cmp"
	"context"
	"time"
)

// AwaitRoom blocks while the outbox is more than half full. It is for answers: who makes them as fast as a peer asks
// calls it before each, so that a peer that reads slower than it asks is slowed down, where Send would disconnect it.
// The other half is for who does not wait.
//
// It reports whether the session is open. A peer that makes no room is cut off: over WebSocket by the write timeout,
// over polling when it fetches nothing for that long.
func (c *Conn) AwaitRoom() bool {
	if !c.told.Load() { // so it is less than half full
		return c.turn.Load()&(shut|ended) == 0
	}
	for {
		c.mu.Lock()
		if c.state != open || !c.crowded() {
			opened := c.state == open
			c.mu.Unlock()
			return opened
		}
		freed, patience := c.shrinks(), c.side.o.WriteTimeout
		c.mu.Unlock()
		if !c.awaitOnce(context.Background(), freed, patience) {
			return false
		}
	}
}

// room is where those wait who need the outbox to shrink. Guarded by Conn.mu, but for the channels.
type room struct {
	freed   chan struct{} // closed when the queue shrinks; nil unless somebody waits for that
	line    chan struct{} // has room for one, the first of those who wait in line
	waiting int           // in line
}

// free tells that the queue has shrunk, and returns what is left of the room.
func (r *room) free() *room {
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
	if r.waiting == 0 {
		return nil
	}
	return r
}

// shrinks returns a channel that is closed when the queue shrinks. It is called with mu held.
func (c *Conn) shrinks() <-chan struct{} {
	if c.room == nil {
		c.room = new(room)
	}
	if c.room.freed == nil {
		c.room.freed = make(chan struct{})
	}
	return c.room.freed
}

// maxWaiting is how many may wait in line for room in one outbox.
const maxWaiting = 1024

// LineUp waits until the outbox is less than half full, first come, first served. Until the caller says leave, the next
// in line waits; so it queues its packets, and leaves. It is for who would rather wait than have the peer disconnected.
//
// The error is [ErrClosed], [ErrLineFull] if 1,024 wait already, or that of ctx; then there is nothing to leave. A peer that
// makes no room is cut off as by [Conn.AwaitRoom].
func (c *Conn) LineUp(ctx context.Context) (leave func(), err error) {
	c.mu.Lock()
	switch {
	case c.state != open:
		c.mu.Unlock()
		return nil, ErrClosed
	case !c.crowded() && (c.room == nil || c.room.waiting == 0):
		c.mu.Unlock()
		return func() {}, nil
	}
	if c.room == nil {
		c.room = new(room)
	}
	r := c.room
	if r.waiting >= maxWaiting {
		c.mu.Unlock()
		return nil, ErrLineFull
	}
	if r.line == nil {
		r.line = make(chan struct{}, 1)
	}
	r.waiting++
	c.mu.Unlock()
	if err := c.waitInLine(ctx, r); err != nil {
		c.leaveLine(r)
		return nil, err
	}
	return func() { <-r.line; c.leaveLine(r) }, nil
}

// waitInLine returns with the place at the head of the line, or with an error.
func (c *Conn) waitInLine(ctx context.Context, r *room) error {
	select { // senders of a channel are served in the order in which they came
	case r.line <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.Done():
		return ErrClosed
	}
	for {
		c.mu.Lock()
		if c.state != open || !c.crowded() {
			closed := c.state != open
			c.mu.Unlock()
			if closed {
				<-r.line
				return ErrClosed
			}
			return nil
		}
		freed, patience := c.shrinks(), c.side.o.WriteTimeout
		c.mu.Unlock()
		if !c.awaitOnce(ctx, freed, patience) {
			<-r.line
			return cmp.Or(ctx.Err(), ErrClosed)
		}
	}
}

func (c *Conn) leaveLine(r *room) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.waiting--; r.waiting == 0 && r.freed == nil && c.room == r {
		c.room = nil
	}
}

// Crowder is a [Handler] that wants to hear of peers which read too slowly.
type Crowder interface {
	// Crowded is told that the outbox became half full, once until it has been empty again. It runs on a goroutine of its
	// own, beside the other methods, and may come late: the session may have ended.
	Crowded(c *Conn)
}

// tellCrowded tells the handler that the outbox is half full. It is called with mu held, and the session open.
func (c *Conn) tellCrowded() {
	c.told.Store(true)
	h, ok := c.handler.(Crowder)
	if !ok {
		return
	}
	c.side.running.Add(1)
	go func() {
		defer c.side.running.Done()
		c.call(func() { h.Crowded(c) })
	}()
}

// awaitOnce waits for the outbox to shrink, and reports whether it makes sense to look again. It ends the session when nobody is even trying to write it.
func (c *Conn) awaitOnce(ctx context.Context, freed <-chan struct{}, patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-freed:
		return true
	case <-ctx.Done():
		return false
	case <-c.Done():
		return false
	case <-timer.C:
	}
	c.mu.Lock()
	stuck := c.state == open && c.crowded() && !c.writing // who writes has a deadline of its own
	c.mu.Unlock()
	if stuck {
		c.cutOff()
	}
	return !stuck
}

// full reports whether the outbox is at its limit. It is called with mu held.
func (c *Conn) full() bool {
	o := &c.side.o
	return c.bytes >= o.OutboxBytes || len(c.queue)-c.head >= o.OutboxPackets
}

// Crowded reports whether the outbox is half full. Who can wait then does so with [Conn.LineUp].
func (c *Conn) Crowded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.crowded()
}

// crowded reports whether the outbox is half full. It is called with mu held.
func (c *Conn) crowded() bool {
	o := &c.side.o
	return c.bytes >= (o.OutboxBytes+1)/2 || len(c.queue)-c.head >= (o.OutboxPackets+1)/2
}
