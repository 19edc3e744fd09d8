package engineio

import (
	"errors"
	"net/http"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

var (
	errOverlap   = errors.New("engineio: packets on two transports at once")
	errHeartbeat = errors.New("engineio: invalid heartbeat direction")
)

// sink is a Conn as its transport sees it.
type sink Conn

var _ transport.Gatherer = (*sink)(nil)

// Packet takes a packet of the peer. Heartbeats end here, messages go on to the handler.
func (s *sink) Packet(t transport.Transport, p packet.Packet, header http.Header) bool {
	c := (*Conn)(s)
	switch p.Type {
	case packet.Message:
		return c.deliver(Message{Data: p.Data, Binary: p.Binary, Header: header})
	case packet.Ping, packet.Pong:
		if c.listens() != (p.Type == packet.Ping) {
			if c.side.client {
				return true // nothing that a server could mean; the reference's client ignores it as well
			}
			c.end(TransportError, errHeartbeat, transport.Orderly)
			return false
		}
		if c.side.pinged != nil {
			c.side.pinged()
		}
		return c.heartbeat()
	case packet.Close:
		if c.side.client && t.Name() != polling.Name {
			return true // the connection is about to end, and says so itself; the reference's client ignores it as well
		}
		c.end(TransportClose, nil, transport.Orderly)
		return false
	default:
		// Open, upgrade and noop mean nothing here; the reference ignores them as well.
		return true
	}
}

// Packets takes several.
func (s *sink) Packets(t transport.Transport, ps []packet.Packet, header http.Header) bool {
	c := (*Conn)(s)
	batcher, _ := c.handler.(Batcher)
	for len(ps) > 0 {
		n := 1
		if batcher != nil && ps[0].Type == packet.Message {
			for n < len(ps) && ps[n].Type == packet.Message {
				n++
			}
			if !c.deliverAll(batcher, ps[:n]) {
				return false
			}
		} else if !s.Packet(t, ps[0], header) {
			return false
		}
		ps = ps[n:]
	}
	return true
}

// Flush lets the transport send.
func (s *sink) Flush(transport.Transport) { (*Conn)(s).kick() }

// Closed ends the session if t still is its transport.
func (s *sink) Closed(t transport.Transport, why transport.Cause, err error) {
	c := (*Conn)(s)
	c.mu.Lock()
	current := c.transport == t
	parting := c.side.client && c.state == closing
	c.mu.Unlock()
	if !current {
		t.Close(transport.Orderly)
		return
	}
	reason := TransportClose
	switch why {
	case transport.Gone:
		c.side.left(c, t)
	case transport.Failed:
		reason = TransportError
	case transport.Unreadable:
		reason = ParseError
		if c.side.client {
			reason = TransportError // as the reference's client
			if _, ok := errors.AsType[*transport.Error](err); !ok {
				err = &transport.Error{Message: "server error", Err: err}
			}
		}
	}
	if parting {
		reason = ForcedClose // the server was as quick as the goodbye
	}
	c.end(reason, err, transport.Orderly)
}
