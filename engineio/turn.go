package engineio

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// The handler is called by one goroutine at a time, without a lock: whose turn it is stands in one word.
const (
	busy      uint32 = 1 << iota // the handler is being called
	ended                        // the session has ended: the last turn is Closed
	delivered                    // there was a turn since the last ping
	overdue                      // the ping timeout passed during this turn
	shut                         // Close was called: there are no more messages, but Closed is still to come
)

// deliver calls Handler.Message, unless the session is closing. False means that it has ended.
func (c *Conn) deliver(m Message) bool {
	mine, open := c.beginTurn()
	if !mine {
		return open
	}
	c.hand(m)
	return c.endTurn()
}

// deliverAll is deliver for who takes several messages.
func (c *Conn) deliverAll(h Batcher, ps []packet.Packet) bool {
	mine, open := c.beginTurn()
	if !mine {
		return open
	}
	c.handAll(h, ps)
	return c.endTurn()
}

// beginTurn makes it the turn of the caller, unless the session is closing. Else open tells whether it has not ended.
func (c *Conn) beginTurn() (mine, open bool) {
	for {
		v := c.turn.Load()
		if v&ended != 0 {
			return false, false
		}
		if v&shut != 0 {
			return false, true
		}
		if v&busy != 0 {
			// Two transports deliver at once: the client upgraded before the answer to its POST.
			c.end(TransportError, errOverlap, transport.Orderly)
			return false, false
		}
		if c.turn.CompareAndSwap(v, v|busy) {
			return true, true
		}
	}
}

// hand calls Handler.Message, and contains its panic.
func (c *Conn) hand(m Message) {
	returned := false
	defer c.contain(&returned)
	c.handler.Message(c, m)
	returned = true
}

// handAll is the same for Messages.
func (c *Conn) handAll(h Batcher, ps []packet.Packet) {
	returned := false
	defer c.contain(&returned)
	h.Messages(c, ps)
	returned = true
}

// contain is deferred by who calls the handler.
func (c *Conn) contain(returned *bool) {
	if *returned {
		return
	}
	if p := recover(); p != nil {
		c.panicked(p)
		return
	}
	// The handler has ended the goroutine, as a failing test does.
	c.end(TransportError, errGoexit, transport.Orderly)
	c.endTurn()
}

var errGoexit = errors.New("engineio: handler ended its goroutine")

// endTurn ends the turn of the caller. False means that the session has ended, and with this turn its handler's life.
func (c *Conn) endTurn() bool {
	for {
		v := c.turn.Load()
		if v&ended != 0 {
			c.last()
			return false
		}
		if c.turn.CompareAndSwap(v, v&^(busy|overdue)|delivered) {
			if v&overdue != 0 {
				c.restartPingTimeout()
			}
			return true
		}
	}
}

// endTurns lets nobody have a turn any more but Closed: after the turn that is under way, or now.
func (c *Conn) endTurns() {
	if c.turn.Or(ended)&busy == 0 {
		go c.last()
	}
}

// last calls Handler.Closed, and with that the session is over.
func (c *Conn) last() {
	defer c.side.running.Done()
	c.mu.Lock()
	reason, err := c.reason, c.err
	c.mu.Unlock()
	c.call(func() { c.handler.Closed(c, reason, err) })
}

// call contains a panic of the handler, which ends this session and no other.
func (c *Conn) call(f func()) {
	defer func() {
		if p := recover(); p != nil {
			c.panicked(p)
		}
	}()
	f()
}

// panicked is called with a recovered value, on the stack of the panic.
func (c *Conn) panicked(p any) {
	c.side.o.Logger.Error("engineio: handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	c.end(TransportError, fmt.Errorf("engineio: handler panicked: %v", p), transport.Orderly)
}
