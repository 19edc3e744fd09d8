package engineio

import (
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// Conn is one session. It outlives the transport below it, which an upgrade replaces. All methods are safe for use by
// several goroutines, and none blocks on the network.
//
// What each packet needs on its way out stands together at the beginning, in the two lines of the cache that the processor
// fetches together: the size is such that the allocator aligns it.
type Conn struct {
	outbox // what waits to be sent, and the lock of the session

	// Fixed after start.
	side    *side
	flusher *flusher

	turn atomic.Uint32 // of the handler, see turn.go

	// Guarded by mu.
	state   state
	parting bool // closed, but closing the transport is left to who is writing
	goodbye bool // a close packet is to follow what is queued
	beat    phase
	reason  Reason // why it is closing or closed
	err     error
	upgrade *upgrade      // under way
	done    chan struct{} // made when somebody asks
	due     time.Duration // of timer, since the server's epoch
	timer   *time.Timer

	// Fixed after start.
	id      string
	request *Request
	handler Handler
	v3      bool // the client speaks protocol 3

	_ [16]byte // 256 in all
}

// state of a session. It only goes up.
type state uint8

const (
	open    state = iota
	closing       // what is queued goes out, nothing is added or delivered
	closed
)

// ID is the session id, a secret between the server and its client.
func (c *Conn) ID() string { return c.id }

// Transport is the name of the current transport: "polling", "websocket" or "webtransport".
func (c *Conn) Transport() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.transport.Name()
}

// Protocol is the revision of Engine.IO that the client speaks: 4, or 3 if [Options].AllowEIO3 let it in.
func (c *Conn) Protocol() int {
	if c.v3 {
		return 3
	}
	return 4
}

// Request is what is kept of the HTTP request that opened the session; nil for a client.
func (c *Conn) Request() *Request { return c.request }

// Done is closed when the session has ended. [Handler.Closed] follows.
func (c *Conn) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		c.done = make(chan struct{})
		if c.state == closed {
			close(c.done)
		}
	}
	return c.done
}

// closePatience is how long a client may take to fetch what was queued when its session was closed, if a heartbeat takes
// as long: one that misses a whole heartbeat has gone.
const closePatience = 30 * time.Second

// Close sends what is queued and then ends the session with the reason [ForcedClose]. It returns at once. A polling
// client that does not come back within 30 s, or within the ping interval and timeout if these are less, has lost what was queued.
func (c *Conn) Close() {
	o := &c.side.o
	c.closeWithin(ForcedClose, min(closePatience, o.PingInterval+o.PingTimeout))
}

// CloseWith ends the session at once, for reason. What is queued is lost.
func (c *Conn) CloseWith(reason Reason, err error) { c.end(reason, err, transport.Orderly) }

// closeWithin is Close with another reason and patience.
func (c *Conn) closeWithin(reason Reason, patience time.Duration) {
	c.mu.Lock()
	if c.state != open {
		if c.state == closing && reason == ServerShutdown {
			c.startTimer(lastCall, patience) // the server has less patience than Close had
		}
		c.mu.Unlock()
		return
	}
	c.state, c.reason = closing, reason
	c.turn.Or(shut)
	c.startTimer(lastCall, patience)
	// A polling client learns it from a packet, the others from their connection.
	c.goodbye = c.transport.Name() == polling.Name
	if c.writing {
		c.mu.Unlock() // who writes sees the state when the outbox is empty
		return
	}
	c.writing = true
	c.write(false)
}

var (
	closePacket = packet.Prepare(packet.Packet{Type: packet.Close})
	pingPacket  = packet.Prepare(packet.Packet{Type: packet.Ping})
	pongPacket  = packet.Prepare(packet.Packet{Type: packet.Pong})
	noopPacket  = packet.Prepare(packet.Packet{Type: packet.Noop})
	probePacket = packet.Prepare(packet.Packet{Type: packet.Pong, Data: []byte("probe")})
	askPacket   = packet.Prepare(packet.Packet{Type: packet.Ping, Data: []byte("probe")})
	movePacket  = packet.Prepare(packet.Packet{Type: packet.Upgrade})
)

// end ends the session, the first time it is called. Later calls can only turn an orderly ending into a cut.
func (c *Conn) end(reason Reason, err error, how transport.Ending) {
	c.mu.Lock()
	t, u := c.transport, c.upgrade
	if c.state == closed {
		c.mu.Unlock()
		if how == transport.Cut {
			t.Close(how)
		}
		return
	}
	c.state, c.reason, c.err = closed, reason, err
	c.discard()
	c.stopTimer()
	if u != nil {
		u.stop()
	}
	c.parting = c.writing && how == transport.Orderly
	if c.parting {
		c.startTimer(parting, partingTime)
	}
	c.writing = true // for good
	handOver := c.parting
	if c.done != nil {
		close(c.done)
	}
	c.mu.Unlock()

	c.side.ended(c)
	if !handOver {
		t.Close(how)
	}
	if u != nil {
		u.abort()
	}
	c.endTurns()
}

// partingTime is how long a write that is under way when the session ends may go on. The goodbye comes after it.
const partingTime = time.Second

// part is called by who owns the write side of a session that has ended, with mu held, which it gives back.
func (c *Conn) part() {
	t, last := c.transport, c.parting
	if c.parting = false; last {
		c.stopTimer()
	}
	c.mu.Unlock()
	if last {
		t.Close(transport.Orderly)
	}
}
