package lane

import (
	"bytes"
	"io"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/socketio-go/socketio/internal/descriptor"
)

// Verdict is what becomes of a request.
type Verdict uint8

const (
	// Pass leaves the request to net/http, as if nobody had looked at it.
	Pass Verdict = iota
	// Answered says that the response has been written with [Conn.Reply].
	Answered
	// Waits says that the request was kept, with [Conn.Keep], and that the response comes from somewhere else.
	Waits
	// Leave leaves the connection to net/http for good, beginning with the request.
	Leave
	// Taken says that the connection belongs to who has called [Conn.TakeAway], or to net/http.
	Taken
)

// Handler looks at plain requests.
type Handler interface {
	// Plain decides what becomes of a request. It is called by the goroutine that reads from c, which reads on when it has
	// returned. The head is gone then.
	Plain(c *Conn, h *Head) Verdict
}

// Waiter is told when the peer of a request that was kept goes before it has the response. It is called by the goroutine that
// reads, and reports whether the request is forgotten. Else the response is being written: [Conn.Done] is sure to come.
type Waiter interface {
	Gone(c *Conn) (forgotten bool)
}

// Conn is a connection with a reader of its own.
type Conn struct {
	// Fixed after start.
	server *Server
	nc     net.Conn
	raw    descriptor.Conn

	// Memo is the handler's, to remember between requests. Owned by the reader.
	Memo any

	// Owned by the reader.
	b       *buffer       // nil while nothing is buffered
	from    int           // what is not consumed of it
	to      int           // stands here
	until   time.Duration // since the server's epoch: when the read that is under way has taken too long; 0 is never
	armed   time.Duration // the deadline that the connection has: maybe earlier than until, never later
	greeted bool          // the first bytes have come
	last    bool          // there is no request behind the one at hand
	away    bool          // the connection belongs to somebody else
	unread  bool          // the peer may be writing still when that has been answered
	blanks  uint8         // how many bytes of empty lines may stand before the next request
	headers kept
	remote  string

	mu     sync.Mutex
	state  state         // Guarded by mu, as all that follows.
	waiter Waiter        // nil unless a request is kept
	freed  chan struct{} // the reader waits for it, for the response to be out
	done   time.Duration // when the latest response was
}

// state of a connection.
type state uint8

const (
	idle   state = iota // between two requests
	active              // a request is at hand
	keeps               // one waits for its response, or that is being written
	ended               // nobody begins anything any more
)

var errNothing = descriptor.ErrNothing

// buffer holds the bytes that were read and not consumed: at most one head, and what came right behind it. It is as large as
// that of net/http, and lent while there are such bytes.
type buffer [4 << 10]byte

var buffers = descriptor.NewBuffers(func(b *buffer) []byte { return b[:] })

// RemoteAddr is the address of the peer, as net/http gives it.
func (c *Conn) RemoteAddr() string {
	if c.remote == "" {
		c.remote = c.nc.RemoteAddr().String()
	}
	return c.remote
}

// serve reads requests until the connection ends, or is net/http's.
func (c *Conn) serve() {
	defer c.server.running.Done()
	defer func() {
		if p := recover(); p != nil { // nothing here should, but what does ends this connection only
			c.server.logf("http: panic serving %v: %v\n%s", c.RemoteAddr(), p, debug.Stack())
		}
		if !c.away { // also when a handler ends this goroutine
			c.close()
		}
	}()
	var h Head
	for {
		switch c.next(&h) {
		case nothing:
			return
		case foreign:
			c.handOver(nil, nil)
			return
		}
		switch v := c.server.handler.Plain(c, &h); {
		case v == Answered:
			c.consume(&h)
			if !c.rest() {
				if c.unread {
					c.linger()
				}
				return
			}
		case v == Waits:
			c.consume(&h)
			c.until = c.server.now() + c.server.http.IdleTimeout // early puts it off for as long as the request waits
		case v == Taken:
			return
		case v == Leave || h.Upgrade():
			c.handOver(nil, nil)
			return
		default:
			c.handOver(&h, nil)
			return
		}
	}
}

// news is what next found.
type news uint8

const (
	nothing news = iota // the end
	request
	foreign // the beginning of what only net/http understands
)

// next waits for the head of the next request.
func (c *Conn) next(h *Head) news {
	if c.from < c.to {
		c.until = 0 // it has begun: the time between requests is over
	}
	for {
		if c.blanks > 0 && c.from < c.to {
			c.skip()
		}
		if c.from < c.to {
			if !c.await() {
				return nothing
			}
			switch parse(c.b[c.from:c.to], h) {
			case plain:
				return request
			case odd:
				return foreign
			}
			if !c.room() {
				return foreign // a longer head than is plain
			}
			if c.until == 0 {
				c.until = c.server.now() + c.server.http.ReadHeaderTimeout
			}
		}
		fresh := c.from == c.to && c.greeted
		if err := c.fill(); err != nil {
			c.lost(err)
			return nothing
		}
		c.greeted = true
		if fresh {
			c.until = 0
		}
	}
}

// spareBytes is how much of empty lines is passed over behind a POST, as net/http does: old clients sent a line end behind
// the body that does not belong to it (RFC 9112 section 2.2).
const spareBytes = 4

// skip passes over what stands before the next request.
func (c *Conn) skip() {
	for c.blanks > 0 && c.from < c.to && (c.b[c.from] == '\r' || c.b[c.from] == '\n') {
		c.from++
		c.blanks--
	}
	if c.from < c.to {
		c.blanks = 0
		return
	}
	c.release()
	c.until = c.server.now() + c.server.http.IdleTimeout
}

// room moves what is in the buffer to its beginning, and reports whether there is room behind it.
func (c *Conn) room() bool {
	if c.from > 0 {
		c.to = copy(c.b[:], c.b[c.from:c.to])
		c.from = 0
	}
	return c.to < len(c.b)
}

// fill reads more into the buffer.
func (c *Conn) fill() error {
	if c.from < c.to {
		n, err := c.readInto(c.b[c.to:])
		c.to += n
		return err
	}
	if !c.raw.There() {
		b := buffers.Get()
		n, err := c.readInto(b[:])
		if n == 0 {
			buffers.Put(b)
			return err
		}
		c.b, c.from, c.to = b, 0, n
		return nil
	}
	patient := c.greeted // what a new peer has to say is often there already, and then no deadline is needed
	for {
		if patient {
			c.arm()
		}
		n, b, err := buffers.Read(c.raw, nil, patient)
		if err == errNothing {
			patient = true
			continue
		}
		if n > 0 {
			c.b, c.from, c.to = b, 0, n
			return nil
		}
		if !c.early(err) {
			return err
		}
	}
}

// readInto reads at least one byte into dst.
func (c *Conn) readInto(dst []byte) (n int, err error) {
	for {
		c.arm()
		if c.raw.There() {
			n, _, err = buffers.Read(c.raw, dst, true)
		} else {
			n, err = io.ReadAtLeast(c.nc, dst, 1)
		}
		if n > 0 {
			return n, nil
		}
		if !c.early(err) {
			return 0, err
		}
	}
}

// arm sees to it that a read ends when it has taken too long. A deadline that is there and comes earlier is left alone: to
// look what time it is when it fires is cheaper than to move it for each request.
func (c *Conn) arm() {
	if c.until != 0 && (c.armed == 0 || c.armed > c.until) {
		c.armed = c.until
		c.nc.SetReadDeadline(c.server.epoch.Add(c.armed))
	}
}

// early reports whether err is only a deadline that was earlier than it ought to be. It is none any more.
func (c *Conn) early(err error) bool {
	if !os.IsTimeout(err) {
		return false
	}
	now := c.server.now()
	if c.until != 0 && now >= c.until && c.from == c.to && c.greeted {
		c.mu.Lock()
		switch c.state {
		case keeps:
			c.until = now + c.server.http.IdleTimeout
		case idle:
			c.until = max(c.until, c.done+c.server.http.IdleTimeout)
		}
		c.mu.Unlock()
	}
	if c.until != 0 && now >= c.until {
		return false
	}
	c.armed = 0
	c.nc.SetReadDeadline(time.Time{})
	return true
}

// consume drops the request at hand from the buffer.
func (c *Conn) consume(h *Head) {
	if h.Post {
		c.blanks = spareBytes
	}
	if c.from += h.Size + h.Length; c.from >= c.to {
		c.release()
	}
}

// release gives the buffer back.
func (c *Conn) release() {
	c.from, c.to = 0, 0
	if c.b != nil {
		buffers.Put(c.b)
		c.b = nil
	}
}

// Keep is called by a handler that is about to let the request at hand wait, for w to hear if the peer goes. From then on
// the response may be written.
func (c *Conn) Keep(w Waiter) {
	c.mu.Lock()
	c.state, c.waiter = keeps, w
	c.mu.Unlock()
}

// Unkeep takes Keep back, if nobody can have written a response.
func (c *Conn) Unkeep() {
	c.mu.Lock()
	c.state, c.waiter = active, nil
	c.mu.Unlock()
}

// await makes the request that has begun the one at hand, when that before it has been answered. False means that the
// connection has ended.
func (c *Conn) await() bool {
	c.mu.Lock()
	for c.state == keeps {
		freed := make(chan struct{})
		c.freed = freed
		c.mu.Unlock()
		<-freed
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	if c.state == ended {
		return false
	}
	c.state = active
	return true
}

// lost is called when the connection can't be read any more. Who waits for a response hears of it. One that is being
// written goes on if the peer has said in an orderly way that it sends nothing more: it may read still.
func (c *Conn) lost(err error) {
	c.mu.Lock()
	w := c.waiter
	c.mu.Unlock()
	if w != nil && !w.Gone(c) {
		if err != io.EOF {
			c.nc.Close() // who writes sees it
		}
		c.await()
	}
}

// rest is the time between requests, after a response that the reader has written. False means that there will be no other.
func (c *Conn) rest() bool {
	c.until = c.server.now() + c.server.http.IdleTimeout
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == ended || c.last {
		c.state = ended
		return false
	}
	c.state = idle
	return true
}

// TakeAway gives the connection to the caller, with what came behind the head of the request at hand. The handler returns
// [Taken].
func (c *Conn) TakeAway(h *Head) (nc net.Conn, early []byte) {
	c.away = true
	if rest := c.b[c.from+h.Size : c.to]; len(rest) > 0 {
		early = bytes.Clone(rest)
	}
	c.release()
	if c.armed != 0 {
		c.nc.SetReadDeadline(time.Time{})
	}
	c.server.forget(c)
	return c.nc, early
}

// LocalAddr is the address that the peer has connected to.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// close ends the connection, on the goroutine of the reader.
func (c *Conn) close() {
	c.release()
	c.nc.Close()
	c.server.forget(c)
}

// endIfIdle ends a connection between requests, and reports whether it has ended.
func (c *Conn) endIfIdle() bool {
	c.mu.Lock()
	over := c.state == idle || c.state == ended
	if over {
		c.state = ended
	}
	c.mu.Unlock()
	if over {
		c.nc.Close()
	}
	return over
}
