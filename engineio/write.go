package engineio

import (
	"errors"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Flush writes what it can without blocking; the rest is left to a short-lived writer. One goroutine writes at a time:
// if another is at it, that one takes along what has been queued since.
func (c *Conn) Flush() {
	c.mu.Lock()
	if c.writing || len(c.queue) == c.head {
		c.mu.Unlock()
		return
	}
	c.writing = true
	c.write(false)
}

// kick is the transport's flush: it became writable, or has something of its own to send.
func (c *Conn) kick() {
	c.mu.Lock()
	c.again = true
	if c.writing {
		c.mu.Unlock()
		return
	}
	c.writing = true
	c.write(false)
}

// write gives the outbox to the transport until it is empty or the transport takes no more. The caller holds mu, which
// write gives back, and the write side, which write gives back or on.
func (c *Conn) write(wait bool) {
	for {
		t, batch := c.next()
		if t == nil {
			return
		}
		n, err := t.Send(batch, wait)
		if !c.sent(t, n, err) {
			return
		}
	}
}

// next is what is to be sent now, and by which transport. The caller holds mu, which next gives back, and the write side;
// if there is nothing to send, next gives that back too, and t is nil.
func (c *Conn) next() (t transport.Transport, batch []*packet.Prepared) {
	if c.head == len(c.queue) && c.goodbye {
		// On its own: the official client handles the close packet before the messages of the same payload, which it
		// then takes for some of its next connection.
		c.goodbye = false
		c.push(closePacket)
	}
	if c.head == len(c.queue) && !c.again {
		c.writing = false
		last, reason := c.state == closing, c.reason
		c.mu.Unlock()
		if last {
			c.end(reason, nil, transport.Orderly)
		}
		return nil, nil
	}
	c.again = false
	t, batch = c.transport, c.waiting()
	c.mu.Unlock()
	return t, batch
}

// sent notes what t has done with a batch. True means that there may be more to do: then the caller, who has the write
// side, holds mu. Otherwise the write side has been given back or on.
func (c *Conn) sent(t transport.Transport, n int, err error) bool {
	c.mu.Lock()
	if c.state == closed {
		c.part()
		return false
	}
	c.shift(n)
	switch {
	case err == nil:
	case errors.Is(err, transport.ErrWouldBlock):
		c.again = true // the queue may be empty, and the transport still have something to write
		c.side.running.Add(1)
		c.mu.Unlock()
		go c.writer()
		return false
	case errors.Is(err, transport.ErrNotWritable):
		if !c.again && t == c.transport {
			c.writing = false
			c.mu.Unlock()
			return false
		}
	default:
		c.mu.Unlock()
		c.end(TransportError, err, transport.Cut)
		return false
	}
	return true
}

// writer goes on where a write would have blocked. It has been given the write side.
func (c *Conn) writer() {
	defer c.side.running.Done()
	c.mu.Lock()
	if c.state == closed { // it ended while nobody was in Send
		c.part()
		return
	}
	c.write(true)
}
