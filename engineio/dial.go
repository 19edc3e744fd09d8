package engineio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	address address
	http    *http.Client
	plain   *http.Client // for WebSocket, which needs HTTP/1.1
	open    func(*Conn) Handler
	flusher flusher
	ctx     context.Context // ends with the session
	cancel  context.CancelFunc
	tidy    func() // lets go of idle connections
}

func newDialer(rawURL string, open func(*Conn) Handler, o *DialOptions) (*dialer, error) {
	d := &dialer{o: o.withDefaults(), open: open}
	var err error
	if d.address, err = newAddress(rawURL, &d.o); err != nil {
		return nil, err
	}
	for _, name := range d.o.Transports {
		if name != polling.Name && name != websocket.Name && !d.o.brings(name) {
			return nil, fmt.Errorf("engineio: no transport %q", name)
		}
	}
	d.side = side{client: true, epoch: time.Now()}
	d.side.o.OutboxBytes, d.side.o.OutboxPackets = d.o.OutboxBytes, d.o.OutboxPackets
	d.side.o.WriteTimeout, d.side.o.UpgradeTimeout, d.side.o.Logger = d.o.WriteTimeout, d.o.UpgradeTimeout, d.o.Logger
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.side.ended = func(*Conn) {
		d.cancel()
		d.tidy()
	}
	d.side.pinged = d.o.OnPing
	d.side.left = func(*Conn, transport.Transport) {}
	d.flusher.running = &d.side.running
	d.setHTTP()
	return d, nil
}

// setHTTP makes the clients. The caller's is used as it is, but for WebSocket a copy of its transport: one that would
// rather speak HTTP/2 can't upgrade.
func (d *dialer) setHTTP() {
	d.http = d.o.HTTP
	if d.http == nil {
		d.http = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	plain := *d.http
	if plain.Transport == nil {
		plain.Transport = http.DefaultTransport
	}
	if t, ok := plain.Transport.(*http.Transport); ok {
		t = t.Clone()
		t.ForceAttemptHTTP2 = false
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
		t.TLSNextProto = nil
		if t.TLSClientConfig != nil {
			t.TLSClientConfig.NextProtos = slices.DeleteFunc(slices.Clone(t.TLSClientConfig.NextProtos), func(p string) bool { return p == "h2" })
		}
		plain.Transport = t
	}
	d.plain = &plain
	d.tidy = func() {
		if d.o.HTTP == nil {
			d.http.CloseIdleConnections()
		}
		if d.plain.Transport != d.http.Transport {
			d.plain.CloseIdleConnections()
		}
	}
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
	if d.o.brings(name) {
		return d.connectWebTransport(ctx, sid)
	}
	if name == polling.Name {
		p := polling.NewClient(polling.ClientOptions{
			Client: d.http, URL: d.address.polling(), Header: d.o.Header, Stamp: d.address.stamper(),
			MaxResponse: d.o.MaxMessage, Timeout: d.o.RequestTimeout,
		})
		return p, p.Serve, nil
	}
	o := websocket.Options{
		MaxMessage: d.o.MaxMessage, MaxFragments: -1, WriteTimeout: d.o.WriteTimeout,
		Deflate: (*websocket.Deflate)(d.o.PerMessageDeflate),
	}
	w, status, err := websocket.Dial(ctx, d.plain, d.address.websocket(sid), d.websocketHeader(), transport.Peer{Base64: d.o.ForceBase64}, o.WithDefaults())
	switch {
	case err == nil:
		return w, w.Serve, nil
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	}
	return nil, nil, &transport.Error{Message: "websocket error", Status: status, Err: err}
}

func (d *dialer) websocketHeader() http.Header {
	h := d.o.Header.Clone()
	if len(d.o.Protocols) == 0 {
		return h
	}
	if h == nil {
		h = http.Header{}
	}
	for _, p := range d.o.Protocols {
		h.Add("Sec-WebSocket-Protocol", p)
	}
	return h
}
