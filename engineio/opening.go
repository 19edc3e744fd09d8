package engineio

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// opening is the sink of a client's first transport. The packet that it waits for opens the session, which then gets all
// others (Engine.IO protocol 4, "Handshake").
type opening struct {
	d      *dialer
	c      *Conn // nil until open. Owned by the reader.
	once   sync.Once
	result chan opened // has room for one
}

type opened struct {
	c   *Conn
	err error
}

var _ transport.Sink = (*opening)(nil)

func (o *opening) settle(c *Conn, err error) {
	o.once.Do(func() { o.result <- opened{c, err} })
}

func (o *opening) Packet(t transport.Transport, p packet.Packet, header http.Header) bool {
	if o.c != nil {
		return (*sink)(o.c).Packet(t, p, header)
	}
	h, err := parseHandshake(p)
	if err == nil {
		o.c, err = o.d.start(t, h)
	}
	o.settle(o.c, err)
	return err == nil
}

func (o *opening) Flush(t transport.Transport) {
	if o.c != nil {
		(*sink)(o.c).Flush(t)
	}
}

func (o *opening) Closed(t transport.Transport, why transport.Cause, err error) {
	if o.c != nil {
		(*sink)(o.c).Closed(t, why, err)
		return
	}
	if _, ok := errors.AsType[*transport.Error](err); !ok {
		err = &transport.Error{Message: t.Name() + " error", Err: err}
	}
	o.settle(nil, err)
	t.Close(transport.Orderly)
}

// handshake is what the open packet says.
type handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int64    `json:"pingInterval"` // ms
	PingTimeout  int64    `json:"pingTimeout"`  // ms
	MaxPayload   int64    `json:"maxPayload"`   // bytes; 0 if the server says nothing
}

// maxBeat is the longest time between pings that is believed, in milliseconds: more would be no heartbeat.
const maxBeat = int64(24 * time.Hour / time.Millisecond)

// parseHandshake reads the first packet, which must be the handshake.
func parseHandshake(p packet.Packet) (h handshake, err error) {
	bad := func(what string, err error) (handshake, error) {
		return h, &transport.Error{Message: "server error", Err: fmt.Errorf("engineio: handshake: %s: %w", what, err)}
	}
	if p.Type != packet.Open {
		return bad("first packet is "+p.Type.String(), errProtocol)
	}
	if err := json.Unmarshal(p.Data, &h); err != nil {
		return bad("invalid JSON", err)
	}
	switch {
	case h.SID == "" || len(h.SID) > 256:
		return bad("no session id", errProtocol)
	case h.PingInterval <= 0 || h.PingTimeout <= 0 || h.PingInterval > maxBeat || h.PingTimeout > maxBeat:
		return bad("no heartbeat", errProtocol)
	case h.MaxPayload < 0:
		return bad("negative maxPayload", errProtocol)
	}
	return h, nil
}

var errProtocol = errors.New("the server does not keep to the protocol")

// start makes the session and gives it to its owner.
func (d *dialer) start(t transport.Transport, h handshake) (*Conn, error) {
	c := &Conn{side: &d.side, flusher: &d.flusher, id: h.SID}
	c.transport = t
	if p, ok := t.(*polling.Client); ok {
		p.Opened(h.SID, int(min(h.MaxPayload, 1<<30)))
	}
	d.side.o.PingInterval = time.Duration(h.PingInterval) * time.Millisecond
	d.side.o.PingTimeout = time.Duration(h.PingTimeout) * time.Millisecond
	d.side.running.Add(1)
	c.turn.Store(busy) // with open
	opened := false
	defer func() {
		if !opened { // or open has ended the goroutine
			c.handler = noHandler{}
			c.end(TransportError, errNoHandler, transport.Cut)
			c.endTurn()
		}
	}()
	if opened = d.callOpen(c); !opened {
		return nil, errNoHandler
	}
	c.mu.Lock()
	if c.state == open {
		c.rest()
	}
	c.mu.Unlock()
	c.endTurn()
	if t.Name() == polling.Name && !d.o.NoUpgrade {
		d.startUpgrades(c, h.Upgrades)
	}
	return c, nil
}

func (d *dialer) callOpen(c *Conn) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			d.o.Logger.Error("engineio: open panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	c.handler = d.open(c)
	return c.handler != nil
}
