package engineio

import (
	"context"
	"errors"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// DialError says how a connection to a server failed.
type DialError = transport.Error

// Dial opens a session to the server at rawURL, whose scheme is http, https, ws or wss. The path of the URL is not used:
// it is [DialOptions].Path. open is called when the session stands, before any of its messages are read; it returns who
// handles the session, never nil, and must not block.
//
// The error is a [*DialError] when the transport failed, that of ctx when it ended first. ctx has no part in the
// session once Dial has returned; [Conn.Close] ends it, and [Conn.Wait] waits for its goroutines.
func Dial(ctx context.Context, rawURL string, open func(*Conn) Handler, o *DialOptions) (*Conn, error) {
	d, err := newDialer(rawURL, open, o)
	if err != nil {
		return nil, err
	}
	for i, name := range d.o.Transports {
		var c *Conn
		if c, err = d.dial(ctx, name); err == nil {
			return c, nil
		}
		if ctx.Err() != nil || !d.o.TryAllTransports || i == len(d.o.Transports)-1 {
			break
		}
	}
	d.side.running.Wait()
	d.cancel()
	d.tidy()
	return nil, err
}

// CheckDial returns the error that [Dial] would return for such an address or such options whatever the server says, or nil.
func CheckDial(rawURL string, o *DialOptions) error {
	f := o.withDefaults()
	_, err := newRoads(rawURL, &f)
	return err
}

// Wait returns when the session has ended, and, for one made by [Dial], all its goroutines have. It must not be called
// by the session's handler.
func (c *Conn) Wait() {
	if c.side.client {
		c.side.running.Wait()
		return
	}
	<-c.Done()
}

// dialer opens one session.
type dialer struct {
	side
	o       DialOptions
	roads   map[string]*road // by transport
	open    func(*Conn) Handler
	flusher flusher
	ctx     context.Context // ends with the session
	cancel  context.CancelFunc
}

func newDialer(rawURL string, open func(*Conn) Handler, o *DialOptions) (*dialer, error) {
	d := &dialer{o: o.withDefaults(), open: open}
	var err error
	if d.roads, err = newRoads(rawURL, &d.o); err != nil {
		return nil, err
	}
	d.side = side{client: true, epoch: time.Now()}
	d.side.o.OutboxBytes, d.side.o.OutboxPackets = d.o.OutboxBytes, d.o.OutboxPackets
	d.side.o.WriteTimeout, d.side.o.UpgradeTimeout, d.side.o.Logger = d.o.WriteTimeout, d.o.UpgradeTimeout, d.o.Logger
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.side.ended = func(c *Conn) {
		d.cancel()
		d.leave(c)
		d.tidy()
	}
	d.side.pinged = d.o.OnPing
	d.side.left = func(*Conn, transport.Transport) {}
	d.flusher.running = &d.side.running
	return d, nil
}

// dial opens the session over one transport.
func (d *dialer) dial(ctx context.Context, name string) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	first := &opening{d: d, result: make(chan opened, 1)}
	t, serve, err := d.connect(ctx, name, "")
	if err != nil {
		return nil, err
	}
	d.side.running.Add(1)
	go func() {
		defer d.side.running.Done()
		// Deferred, as open may end this goroutine.
		defer first.settle(nil, errors.New("engineio: connection ended before the session was open"))
		serve(first)
	}()
	select {
	case r := <-first.result:
		return r.c, r.err
	case <-ctx.Done():
	}
	t.Close(transport.Cut)
	if r := <-first.result; r.c != nil {
		r.c.end(ForcedClose, ctx.Err(), transport.Cut)
	}
	return nil, ctx.Err()
}

// connect makes a transport for a new session, or for the one with that id. It begins to read with serve.
func (d *dialer) connect(ctx context.Context, name, sid string) (t transport.Transport, serve func(transport.Sink), err error) {
	r := d.roads[name]
	if d.o.brings(name) {
		return d.connectWebTransport(ctx, r, sid)
	}
	if name == polling.Name {
		p := polling.NewClient(polling.ClientOptions{
			Client: r.http, URL: r.address.polling(), Header: r.o.Header, Stamp: r.address.stamper(),
			MaxResponse: r.o.MaxMessage, Timeout: r.o.RequestTimeout,
		})
		return p, p.Serve, nil
	}
	o := websocket.Options{
		MaxMessage: r.o.MaxMessage, MaxFragments: -1, WriteTimeout: r.o.WriteTimeout,
		Deflate: (*websocket.Deflate)(r.o.PerMessageDeflate),
	}
	w, status, err := websocket.Dial(ctx, r.plain, r.address.websocket(sid), r.websocketHeader(), transport.Peer{Base64: r.o.ForceBase64}, o.WithDefaults())
	switch {
	case err == nil:
		return w, w.Serve, nil
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	}
	return nil, nil, &transport.Error{Message: "websocket error", Status: status, Err: err}
}

// leave tells the server of the end of a session over polling that this side has lost: it has no connection whose end
// would tell. Until it finds out by its heartbeat it would keep the session, and who wants to recover it would wait.
func (d *dialer) leave(c *Conn) {
	c.mu.Lock()
	p, ok := c.transport.(*polling.Client)
	lost := c.reason == TransportError || c.reason == PingTimeout
	c.mu.Unlock()
	if !ok || !lost {
		return
	}
	d.side.running.Add(1)
	go func() {
		defer d.side.running.Done()
		p.Leave(partingTime)
		d.tidy()
	}()
}
