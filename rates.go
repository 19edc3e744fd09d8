package socketio

import (
	"net/netip"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/internal/rate"
	"github.com/socketio-go/socketio/parser"
)

// Rate allows Burst at once (1 if that is zero), and then one each Every. The zero Rate allows everything.
type Rate = engineio.Rate

// Rates limit how often clients may send events. An event beyond one of them is not handled: nothing runs for it, and if
// the client asked for an answer it gets {"error":{"message":"too many events"}}, from the library, whatever
// [Options.EncodeError] says. The limits of a single socket run into debt meanwhile: a client that goes on until a whole
// burst more was refused is disconnected ([ForcedServerClose]). Those that sockets share do not: nobody is disconnected
// for what others do. Everything refused is counted, [Stats].LimitedEvents.
//
// An event counts once it has been read, with its attachments. Answers do not count; nobody waits for those that were not
// asked for.
type Rates struct {
	Socket    Rate            // the events of a socket
	Events    map[string]Rate // the events of a name, of a socket
	Address   Rate            // the events of all sockets of an address (of a /64 in IPv6), as [engineio.Server.Address] tells it
	Namespace Rate            // the events of all sockets of a namespace, for each namespace
}

// rates are [Rates] in force. Nil limits nothing, and costs nothing.
type rates struct {
	// Fixed at newRates.
	socket    rate.Limit
	events    map[string]rate.Limit // nil without limits by name
	namespace rate.Limit
	addresses *rate.Table[netip.Addr]
	epoch     time.Time
}

// spending is what one socket has spent. Owned by read.
type spending struct {
	address netip.Addr
	all     rate.Bucket
	events  map[string]*rate.Bucket // by the names of Rates.Events; nil until there is one
}

func newRates(r *Rates) *rates {
	if r == nil {
		return nil
	}
	k := &rates{
		socket: rate.Limit(r.Socket), namespace: rate.Limit(r.Namespace),
		addresses: rate.NewTable[netip.Addr](rate.Limit(r.Address)), epoch: time.Now(),
	}
	for name, limit := range r.Events {
		if k.events == nil {
			k.events = make(map[string]rate.Limit)
		}
		k.events[name] = rate.Limit(limit)
	}
	return k
}

// join makes the books of a socket.
func (k *rates) join(io *Server, c *engineio.Conn) *spending {
	if k == nil {
		return nil
	}
	return &spending{address: engineio.Network(io.engine.Address(c.Request()))}
}

// verdict says what becomes of an event. It takes from its socket first, and from others only what the socket is allowed.
func (k *rates) verdict(s *Socket, data []byte) rate.Verdict {
	now := time.Since(k.epoch)
	if v := s.spent.all.Spend(now, k.socket); v != rate.Within {
		return v
	}
	if v := s.spent.named(k, now, data); v != rate.Within {
		return v
	}
	if k.addresses.Take(s.spent.address, now) > 0 || s.namespace.spent.Take(now, k.namespace) > 0 {
		return rate.Beyond
	}
	return rate.Within
}

// named is the verdict of the limit that bears the name of an event.
func (p *spending) named(k *rates, now time.Duration, data []byte) rate.Verdict {
	if k.events == nil {
		return rate.Within
	}
	raw, _ := parser.SplitEvent(data, nil)
	limit, limited := k.events[string(raw)]
	if !limited {
		return rate.Within
	}
	b := p.events[string(raw)]
	if b == nil {
		if p.events == nil {
			p.events = make(map[string]*rate.Bucket)
		}
		b = new(rate.Bucket)
		p.events[string(raw)] = b
	}
	return b.Spend(now, limit)
}

// tooMany is the answer to an event beyond a limit.
const tooMany = "too many events"

// allow reports whether an event may go on to its handler. It answers one that may not, and ends the connection of a
// socket that does not stop.
func (c *conn) allow(s *Socket, e *Event) bool {
	v := c.server.rates.verdict(s, e.array())
	if v == rate.Within {
		return true
	}
	c.server.limited.Add(1)
	if v == rate.Far {
		c.refuse(tooMany)
		return false
	}
	if s.resends && e.asked && s.remembered().knows(e.id) {
		return false // it was taken before, so it has another answer
	}
	e.Ack(event.Failed(tooMany)) // an error here is that of a socket which is gone
	return false
}
