package engineio

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// race is between the transports that a client's session may move to. The first whose probe is answered takes over, and
// the others are given up without a word.
type race struct {
	ctx    context.Context // ends when one has taken over, or with the session
	won    context.CancelFunc
	leader atomic.Pointer[probe] // whose probe was answered; nil again when it failed after that
}

// headStart is how long WebTransport has no rival, as in the reference. Over a network that does not let UDP through
// nothing tells that it failed, so the others don't wait for its end.
const headStart = 200 * time.Millisecond

// startUpgrades sends a probe over each transport that the server offers and the caller wants.
func (d *dialer) startUpgrades(c *Conn, offered []string) {
	r := &race{}
	r.ctx, r.won = context.WithCancel(d.ctx)
	ahead := slices.ContainsFunc(offered, func(name string) bool { return d.o.brings(name) && d.o.offers(name) })
	for i, name := range offered {
		if name == polling.Name || !d.o.offers(name) || slices.Contains(offered[:i], name) {
			continue
		}
		d.side.running.Add(1)
		if d.o.brings(name) || !ahead {
			go d.upgrade(r, c, name)
			continue
		}
		go d.upgradeLater(r, c, name)
	}
}

// upgradeLater is upgrade after the head start of another.
func (d *dialer) upgradeLater(r *race, c *Conn, name string) {
	timer := time.NewTimer(headStart)
	defer timer.Stop()
	select {
	case <-timer.C:
		d.upgrade(r, c, name)
	case <-r.ctx.Done():
		d.side.running.Done()
	}
}

// lead reports whether u is the first whose probe was answered.
func (r *race) lead(u *probe) bool { return r.leader.CompareAndSwap(nil, u) }

// fallBack is told that the leader can't take over.
func (r *race) fallBack() { r.leader.Store(nil) }
