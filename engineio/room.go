package engineio

import (
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// AwaitRoom blocks while the outbox is more than half full. It is for answers: who makes them as fast as a peer asks
// calls it before each, so that a peer that reads slower than it asks is slowed down, where Send would disconnect it.
// The other half is for who does not wait.
//
// It reports whether the session is open. A peer that makes no room is cut off: over WebSocket by the write timeout,
// over polling when it fetches nothing for that long.
func (c *Conn) AwaitRoom() bool {
	for {
		c.mu.Lock()
		if c.state != open || !c.crowded() {
			opened := c.state == open
			c.mu.Unlock()
			return opened
		}
		if c.room == nil {
			c.room = make(chan struct{})
		}
		room, patience := c.room, c.side.o.WriteTimeout
		c.mu.Unlock()
		if !c.awaitOnce(room, patience) {
			return false
		}
	}
}

// awaitOnce waits for the outbox to shrink, and ends the session when nobody is even trying to write it.
func (c *Conn) awaitOnce(room <-chan struct{}, patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-room:
		return true
	case <-c.Done():
		return false
	case <-timer.C:
	}
	c.mu.Lock()
	stuck := c.state == open && c.crowded() && !c.writing // who writes has a deadline of its own
	c.mu.Unlock()
	if stuck {
		c.end(TransportError, ErrBufferFull, transport.Cut)
	}
	return !stuck
}

// full reports whether the outbox is at its limit. It is called with mu held.
func (c *Conn) full() bool {
	o := &c.side.o
	return c.bytes >= o.OutboxBytes || len(c.queue)-c.head >= o.OutboxPackets
}

// crowded reports whether the outbox is half full. It is called with mu held.
func (c *Conn) crowded() bool {
	o := &c.side.o
	return c.bytes >= (o.OutboxBytes+1)/2 || len(c.queue)-c.head >= (o.OutboxPackets+1)/2
}
