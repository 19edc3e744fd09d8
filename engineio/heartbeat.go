package engineio

import (
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// phase is what the one timer of a session waits for.
type phase uint8

const (
	resting  phase = iota // the time of the next ping
	pinging               // a pong, or a ping if the peer pings
	grace                 // a pong, which may have come but not been read while the handler was busy
	lastCall              // a polling client that fetches the end of a session that is closing
	parting               // the write that is under way although the session has ended
)

// graceTime is added to the ping timeout when messages were delivered after the ping: the pong may be right behind them.
const graceTime = time.Second

// startTimer makes the timer wait for d, in phase p. The caller holds mu.
func (c *Conn) startTimer(p phase, d time.Duration) {
	c.beat, c.due = p, time.Since(c.side.epoch)+d
	if c.timer == nil {
		c.timer = time.AfterFunc(d, c.expired)
		return
	}
	c.timer.Reset(d)
}

func (c *Conn) stopTimer() {
	if c.timer != nil {
		c.timer.Stop()
	}
}

// lateness is by how much the timer has missed its time. The client knows both times of the heartbeat and counts them as
// one, so what a busy machine adds to the first is taken off the second, but no more than a quarter: a peer must not pay
// for a machine that stood still. The caller holds mu.
func (c *Conn) lateness() time.Duration {
	return max(0, min(time.Since(c.side.epoch)-c.due, c.side.o.PingTimeout/4))
}

// listens reports whether it is the peer that pings: with protocol 3 the client, since protocol 4 the server.
func (c *Conn) listens() bool { return c.v3 || c.side.client }

// rest makes the timer wait for the next heartbeat. The caller holds mu.
func (c *Conn) rest() {
	if c.listens() {
		c.turn.And(^delivered)
		c.startTimer(pinging, c.patience())
		return
	}
	c.startTimer(resting, c.side.o.PingInterval)
}

// patience is how long the peer may keep its part of the heartbeat waiting: after a ping of ours or, if it is
// the one that pings, after the one before.
func (c *Conn) patience() time.Duration {
	if c.listens() {
		return c.side.o.PingInterval + c.side.o.PingTimeout
	}
	return c.side.o.PingTimeout
}

// Heartbeat is the time of a whole one: who has not heard of the peer for longer has lost it. A client knows it from the
// server.
func (c *Conn) Heartbeat() time.Duration { return c.side.o.PingInterval + c.side.o.PingTimeout }

// heartbeat takes the peer's part of it: the pong, which ends the wait for it or just puts the next ping off, or the
// ping, which is answered. False means that the session has ended.
func (c *Conn) heartbeat() bool {
	c.mu.Lock()
	if c.state == open {
		c.rest()
	}
	ended := c.state == closed
	c.mu.Unlock()
	if c.listens() && !ended {
		return c.Send(pongPacket) != ErrBufferFull // who pings and does not read is cut off
	}
	return !ended
}

// expired is called by the timer.
func (c *Conn) expired() {
	o := &c.side.o
	c.mu.Lock()
	if time.Since(c.side.epoch) < c.due { // it was set anew while this call was on its way to the lock
		c.mu.Unlock()
		return
	}
	if c.state == closed {
		t, late := c.transport, c.parting
		c.mu.Unlock()
		if late {
			t.Close(transport.Cut)
		}
		return
	}
	switch c.beat {
	case resting:
		c.turn.And(^delivered)
		c.startTimer(pinging, o.PingTimeout-c.lateness())
		c.push(pingPacket)
		if c.writing {
			c.mu.Unlock()
			return
		}
		c.writing = true
		c.write(false)
	case pinging, grace:
		if c.suspend() {
			c.mu.Unlock()
			return
		}
		if c.beat == pinging && c.turn.Load()&delivered != 0 {
			c.startTimer(grace, graceTime)
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		c.end(PingTimeout, nil, transport.Orderly)
	case lastCall:
		reason := c.reason
		c.mu.Unlock()
		c.end(reason, nil, transport.Orderly)
	}
}

// endIfOverdue ends a session whose pong is overdue, though its timer has not come round to it: whoever comes now comes
// too late, however busy the machine is.
func (c *Conn) endIfOverdue() bool {
	c.mu.Lock()
	gone := c.state == closed && c.reason == PingTimeout // the timer is just at it
	over := c.state == open && c.beat == pinging && c.turn.Load()&(busy|delivered) == 0 && time.Since(c.side.epoch) >= c.due
	c.mu.Unlock()
	if over {
		c.end(PingTimeout, nil, transport.Orderly)
	}
	return over || gone
}

// suspend leaves the ping timeout to the handler's return, if it is being called: nothing is read meanwhile, the pong
// neither, and that is not the peer's fault.
func (c *Conn) suspend() bool {
	for {
		v := c.turn.Load()
		if v&busy == 0 {
			return false
		}
		if c.turn.CompareAndSwap(v, v|overdue) {
			return true
		}
	}
}

// restartPingTimeout gives the peer the whole time again after a suspension.
func (c *Conn) restartPingTimeout() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == open && c.beat != resting {
		c.turn.And(^delivered)
		c.startTimer(pinging, c.patience())
	}
}
