package engineio

import "github.com/socketio-go/socketio/engineio/packet"

// Conn is one session. It outlives the transport below it, which an upgrade replaces. All methods are safe for use by
// several goroutines, and none blocks on the network.
type Conn struct {
	id   string
	done chan struct{}
}

// ID is the session id, a secret between the server and its client.
func (c *Conn) ID() string { return c.id }

// Transport is the name of the current transport: "polling" or "websocket".
func (c *Conn) Transport() string { return "" }

// Protocol is the Engine.IO revision, 4.
func (c *Conn) Protocol() int { return 4 }

// Request is what is kept of the HTTP request that opened the session.
func (c *Conn) Request() *Request { return nil }

// Done is closed when the session has ended. [Handler.Closed] follows.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Close sends what is queued and then ends the session with the reason [ForcedClose].
func (c *Conn) Close() {}

// CloseWith ends the session at once, for reason. What is queued is lost.
func (c *Conn) CloseWith(reason Reason, err error) {}

// BufferedAmount is the number of payload bytes that wait in the outbox.
func (c *Conn) BufferedAmount() int { return 0 }

// Send queues the packets, contiguous and in order, and flushes. It never blocks on the network.
// The error is [ErrClosed] or [ErrBufferFull], and then nothing was queued.
func (c *Conn) Send(ps ...*packet.Prepared) error { return ErrClosed }

// SendVolatile sends the packets if they can leave at once; otherwise it queues nothing and returns [ErrDropped].
func (c *Conn) SendVolatile(ps ...*packet.Prepared) error { return ErrClosed }

// Enqueue queues the packets like [Conn.Send] and leaves the rest to the caller: if flush is true, it must call
// [Conn.Flush] or [Conn.FlushSoon] soon.
func (c *Conn) Enqueue(ps ...*packet.Prepared) (flush bool, err error) { return false, ErrClosed }

// EnqueueVolatile is the same for [Conn.SendVolatile].
func (c *Conn) EnqueueVolatile(ps ...*packet.Prepared) (flush bool, err error) {
	return false, ErrClosed
}

// Flush writes what it can without blocking; the rest is left to a short-lived writer.
func (c *Conn) Flush() {}

// FlushSoon leaves the flush to a short-lived goroutine, so that packets queued in the meantime share its system call.
func (c *Conn) FlushSoon() {}
