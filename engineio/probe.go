package engineio

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// probe is a client's sink of a transport that is to take over a session: the other half of upgrade.go.
//
//	client  2probe
//	server  3probe    polling pauses: no new request begins, and those under way end
//	client  5         the transport takes over, with what waits in the outbox
//
// Whatever else happens ends the new transport, and the session goes on as it was.
type probe struct {
	d    *dialer
	c    *Conn
	race *race
	ctx  context.Context // ends with the time for the upgrade, with the race, or with the session
	stop func() bool     // keeps the end of ctx from cutting the new transport

	completed bool  // Owned by the reader.
	err       error // why not. Owned by the reader.
}

var _ transport.Sink = (*probe)(nil)

// upgrade moves the session to a transport, if the server and what lies between let it.
func (d *dialer) upgrade(r *race, c *Conn, name string) {
	defer d.side.running.Done()
	ctx, cancel := context.WithTimeout(r.ctx, d.o.UpgradeTimeout)
	defer cancel()
	t, serve, err := d.connect(ctx, name, c.id)
	if err == nil {
		u := &probe{d: d, c: c, race: r, ctx: ctx}
		u.stop = context.AfterFunc(ctx, func() { t.Close(transport.Cut) })
		if _, err = t.Send([]*packet.Prepared{askPacket}, true); err != nil {
			t.Close(transport.Cut)
		}
		serve(u)
		if u.completed {
			return
		}
		u.stop()
		err = errors.Join(err, u.err, ctx.Err())
	}
	if r.ctx.Err() == nil && d.o.OnUpgradeError != nil {
		d.o.OnUpgradeError(probeError(err))
	}
}

// probeError has the words of the reference.
func probeError(err error) *transport.Error {
	e := &transport.Error{Message: "probe error", Err: err}
	if cause, ok := errors.AsType[*transport.Error](err); ok {
		e.Message, e.Status = "probe error: Error: "+cause.Message, cause.Status
	} else if errors.Is(err, errProbeClosed) {
		e.Message = "probe error: transport closed"
	}
	return e
}

var errProbeClosed = errors.New("engineio: connection closed before the probe was answered")

func (u *probe) Packet(t transport.Transport, p packet.Packet, header http.Header) bool {
	switch {
	case u.completed:
		return (*sink)(u.c).Packet(t, p, header)
	case p.Type != packet.Pong || string(p.Data) != "probe":
		u.err = fmt.Errorf("engineio: the probe was answered with %q", p.Type)
		return false
	}
	if !u.race.lead(u) {
		return false // another is about to take over
	}
	if u.completed = u.complete(t); !u.completed {
		u.race.fallBack()
	}
	return u.completed
}

// complete gives the session its new transport. What is queued leaves there, behind what left on the old one.
func (u *probe) complete(t transport.Transport) bool {
	c := u.c
	c.mu.Lock()
	old, ok := c.transport.(*polling.Client)
	c.mu.Unlock()
	if !ok {
		return false
	}
	if !old.Pause(u.ctx) {
		u.giveUp(old, errors.New("engineio: polling did not pause in time"))
		return false
	}
	if _, err := t.Send([]*packet.Prepared{movePacket}, true); err != nil {
		u.giveUp(old, err)
		return false
	}
	c.mu.Lock()
	if c.state == closed || !u.stop() {
		c.mu.Unlock()
		u.giveUp(old, errors.New("engineio: session ended"))
		return false
	}
	c.transport = t
	c.mu.Unlock()
	u.race.won()
	old.Close(transport.Replaced)
	c.kick()
	if u.d.o.OnUpgrade != nil {
		u.d.o.OnUpgrade(t.Name())
	}
	return true
}

// giveUp goes on with the old transport.
func (u *probe) giveUp(old *polling.Client, err error) {
	u.err = err
	old.Resume()
	u.c.kick()
}

// Flush lets the transport send.
func (u *probe) Flush(t transport.Transport) {
	if u.completed {
		(*sink)(u.c).Flush(t)
		return
	}
	t.Send(nil, true) // what the transport owes the server itself; an error shows in reading
}

// Closed is told that the transport ended.
func (u *probe) Closed(t transport.Transport, why transport.Cause, err error) {
	if u.completed {
		(*sink)(u.c).Closed(t, why, err)
		return
	}
	if u.err == nil {
		u.err = errors.Join(errProbeClosed, err)
	}
	t.Close(transport.Orderly)
}
