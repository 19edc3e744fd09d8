package engineio

import (
	"net/http"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// upgrade is the sink of a transport that wants to take over a session (Engine.IO protocol 4, "Upgrade"):
//
//	client  2probe
//	server  3probe          and from then on a noop to the poll that waits, so that the client can stop polling
//	client  5               the transport takes over
//
// Anything else ends the new transport, and the session goes on as it was.
//
// Until it takes over, everything is sent on the goroutine that reads from the new transport.
type upgrade struct {
	c *Conn
	t transport.Transport

	completed bool // Owned by the reader.

	// Guarded by c.mu.
	timeout *time.Timer
	noops   *time.Timer
}

var _ transport.Sink = (*upgrade)(nil)

// noopDelay is the time from the probe to the first noop, and between noops, as the reference has it: clients check
// that nothing comes between the probe's answer and their last messages.
const noopDelay = 100 * time.Millisecond

// startUpgrade makes t a candidate, and reports whether there is room for one.
func (c *Conn) startUpgrade(t transport.Transport) (*upgrade, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == closed || c.upgrade != nil || c.transport.Name() != polling.Name {
		return nil, false
	}
	u := &upgrade{c: c, t: t}
	u.timeout = time.AfterFunc(c.side.o.UpgradeTimeout, u.fail)
	c.upgrade = u
	return u, true
}

// Packet takes a packet from the new transport.
func (u *upgrade) Packet(t transport.Transport, p packet.Packet, header http.Header) bool {
	switch {
	case u.completed:
		return (*sink)(u.c).Packet(t, p, header)
	case p.Type == packet.Ping && string(p.Data) == "probe":
		_, err := t.Send([]*packet.Prepared{probePacket}, true)
		if err != nil || !u.probe() {
			u.fail()
			return false
		}
		return true
	case p.Type == packet.Upgrade && u.complete():
		return true
	default:
		u.fail()
		return false
	}
}

// Flush lets the transport send.
func (u *upgrade) Flush(t transport.Transport) {
	if u.completed {
		(*sink)(u.c).Flush(t)
		return
	}
	if _, err := t.Send(nil, true); err != nil {
		u.fail()
	}
}

// Closed is told that the transport ended.
func (u *upgrade) Closed(t transport.Transport, why transport.Cause, err error) {
	if u.completed {
		(*sink)(u.c).Closed(t, why, err)
		return
	}
	u.fail()
}

// probe starts the noops. It reports whether the upgrade is still on.
func (u *upgrade) probe() bool {
	c := u.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.upgrade != u {
		return false
	}
	if u.noops == nil {
		u.noops = time.AfterFunc(noopDelay, u.noop)
	}
	return true
}

// noop ends the poll that waits, if nothing else is about to.
func (u *upgrade) noop() {
	c := u.c
	c.mu.Lock()
	if c.upgrade != u {
		c.mu.Unlock()
		return
	}
	u.noops.Reset(noopDelay)
	if c.writing || c.head < len(c.queue) || !c.transport.Writable() {
		c.mu.Unlock()
		return
	}
	c.push(noopPacket)
	c.writing = true
	c.write(false)
}

// complete gives the session the new transport. What is queued leaves there, behind what left on the old one.
func (u *upgrade) complete() bool {
	c := u.c
	c.mu.Lock()
	// A client pauses polling first, so a POST that is still being delivered is a breach, and would break the order.
	if c.upgrade != u || c.turn.Load()&busy != 0 {
		c.mu.Unlock()
		return false
	}
	old := c.transport
	c.transport = u.t
	u.stop()
	u.completed = true
	if c.beat == pinging || c.beat == grace {
		c.startTimer(pinging, c.patience()) // the pong may be on the slower road
	}
	c.mu.Unlock()
	old.Close(transport.Replaced)
	c.kick()
	return true
}

// fail ends the new transport; the session keeps the old one.
func (u *upgrade) fail() {
	u.c.mu.Lock()
	if u.completed { // the timeout came too late
		u.c.mu.Unlock()
		return
	}
	u.stop()
	u.c.mu.Unlock()
	u.abort()
}

// abort ends the new transport of a session that has ended itself, or goes on without it.
func (u *upgrade) abort() {
	u.t.Close(transport.Orderly)
}

// stop ends the attempt. The caller holds mu.
func (u *upgrade) stop() {
	u.timeout.Stop()
	if u.noops != nil {
		u.noops.Stop()
	}
	if u.c.upgrade == u {
		u.c.upgrade = nil
	}
}
