package engineio

import (
	"sync"
	"sync/atomic"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// outbox holds the packets that wait for the system call, in the order of their Send. It is the only queue on the way
// out, and it is bounded: at the limit volatile packets are dropped, any other closes the peer, which does not read.
//
// A packet leaves it only when the transport has all of it, so an upgrade or a full socket buffer loses nothing.
type outbox struct {
	mu        sync.Mutex
	told      atomic.Bool        // the handler knows that the outbox became half full, and it has not been empty since
	writing   bool               // somebody owns the write side of transport. Guarded by mu, as all that follows.
	again     bool               // the transport asked for a Send while somebody was writing
	soon      bool               // a flusher is going to flush
	queue     []*packet.Prepared // the first head entries are gone
	head      int
	bytes     int                 // of payload in queue
	inline    [2]*packet.Prepared // what an idle connection needs; saves an allocation per connection
	transport transport.Transport
	room      *room // for who waits for the queue to shrink; nil if nobody does
}

// push queues a packet, whatever the limits say.
func (o *outbox) push(p *packet.Prepared) {
	if o.queue == nil {
		o.queue = o.inline[:0]
	}
	o.queue = append(o.queue, p)
	o.bytes += len(p.Data)
}

// waiting are the packets in the queue. While somebody writes, they stay where they are.
func (o *outbox) waiting() []*packet.Prepared { return o.queue[o.head:] }

// shift removes the first n packets. Only who owns the write side may call it.
func (o *outbox) shift(n int) {
	for i := range n {
		p := &o.queue[o.head+i]
		o.bytes -= len((*p).Data)
		(*p).Release()
		*p = nil
	}
	o.head += n
	if o.room != nil && n > 0 {
		o.room = o.room.free()
	}
	switch {
	case o.head == len(o.queue):
		if o.told.Load() {
			o.told.Store(false)
		}
		o.head, o.queue = 0, o.queue[:0]
		if cap(o.queue) > keepQueue {
			o.queue = nil
		}
	case o.head >= keepQueue && o.head > len(o.queue)/2:
		// Under a load that never lets the queue run empty, it would grow for ever.
		rest := copy(o.queue, o.queue[o.head:])
		clear(o.queue[rest:])
		o.head, o.queue = 0, o.queue[:rest]
	}
}

// keepQueue is the length of queue that is kept for later: what a busy connection needs from time to time.
const keepQueue = 64

// discard forgets what waits. Somebody may be writing some of it still, so the memory is left alone.
func (o *outbox) discard() { o.queue, o.head, o.bytes = nil, 0, 0 }

// Send queues the packets, contiguous and in order, and flushes. It never blocks on the network.
// The error is [ErrClosed] or [ErrBufferFull], and then nothing was queued.
func (c *Conn) Send(ps ...*packet.Prepared) error {
	_, err := c.enqueue(ps, false, nil)
	if err == nil {
		c.Flush()
	}
	return err
}

// SendVolatile sends the packets if they can leave at once; otherwise it queues nothing and returns [ErrDropped].
func (c *Conn) SendVolatile(ps ...*packet.Prepared) error {
	_, err := c.enqueue(ps, true, nil)
	if err == nil {
		c.Flush()
	}
	return err
}

// Enqueue queues the packets like [Conn.Send] and leaves the rest to the caller: if flush is true, it must call
// [Conn.Flush] or [Conn.FlushSoon] soon; if it is false, somebody else is about to. The order of packets is that of their
// Enqueue, whoever flushes.
func (c *Conn) Enqueue(ps ...*packet.Prepared) (flush bool, err error) {
	return c.enqueue(ps, false, nil)
}

// EnqueueVolatile is the same for [Conn.SendVolatile].
func (c *Conn) EnqueueVolatile(ps ...*packet.Prepared) (flush bool, err error) {
	return c.enqueue(ps, true, nil)
}

// Gate says whether packets may go out. It is asked with the lock of the session held, so that what it says is true until
// they are queued; so it must not block, nor call the session.
type Gate interface{ Open() bool }

// EnqueueThrough is Enqueue, or with volatile EnqueueVolatile, if the gate is open; else the error is [ErrClosed]. Nothing
// passes that gate behind a packet which is queued after it was shut.
func (c *Conn) EnqueueThrough(g Gate, volatile bool, ps ...*packet.Prepared) (flush bool, err error) {
	return c.enqueue(ps, volatile, g)
}

// BufferedAmount is the number of payload bytes that wait in the outbox.
func (c *Conn) BufferedAmount() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

func (c *Conn) enqueue(ps []*packet.Prepared, volatile bool, g Gate) (flush bool, err error) {
	c.mu.Lock()
	err = c.put(ps, volatile, g)
	// Who writes now takes these along, and so does a flusher unless too much is waiting for it.
	flush = err == nil && !c.writing && (!c.soon || c.dense())
	c.mu.Unlock()
	if err == ErrBufferFull {
		c.cutOff()
	}
	return flush, err
}

// put queues the packets if the session takes them. It is called with mu held. At ErrBufferFull the caller gives that back
// and cuts the session off.
func (c *Conn) put(ps []*packet.Prepared, volatile bool, g Gate) error {
	switch {
	case c.state != open || g != nil && !g.Open():
		return ErrClosed
	case volatile && (len(c.queue) > c.head || !c.transport.Writable()):
		return ErrDropped
	case c.full():
		return ErrBufferFull
	}
	for _, p := range ps {
		c.push(p)
	}
	if !c.told.Load() && c.crowded() {
		c.tellCrowded()
	}
	return nil
}

// cutOff ends the session of a peer that does not read.
func (c *Conn) cutOff() { c.end(TransportError, ErrBufferFull, transport.Cut) }
