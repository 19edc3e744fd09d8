package engineio

import "time"

// Hurry brings the heartbeat forward: unless the peer answers a ping within d, the session ends with the reason
// [PingTimeout]. It is for who has cause to believe that the peer has gone. Where the peer is the one that pings, and
// while the handler holds back reading, it does nothing.
func (c *Conn) Hurry(d time.Duration) {
	c.mu.Lock()
	if c.state != open || c.listens() || c.turn.Load()&busy != 0 {
		c.mu.Unlock()
		return
	}
	switch {
	case c.beat == pinging && c.due-time.Since(c.side.epoch) > d:
		c.startTimer(pinging, d)
	case c.beat == resting:
		c.turn.And(^delivered)
		c.startTimer(pinging, d)
		c.push(pingPacket)
		if !c.writing {
			c.writing = true
			c.write(false)
			return
		}
	}
	c.mu.Unlock()
}
