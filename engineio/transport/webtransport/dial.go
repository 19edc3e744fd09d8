package webtransport

import (
	"context"
	"crypto/tls"
	"encoding/json/v2"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	library "github.com/quic-go/webtransport-go"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Dialer is a client's half: it is given to a client as its option WebTransport. The zero value is ready for use, and
// may serve any number of clients at once.
type Dialer struct {
	// TLS holds what certificates to trust, and the client's own. The default is the TLS configuration of the client's
	// other requests. NextProtos do not matter.
	TLS *tls.Config
	// ListenPacket makes the UDP socket of one connection, which is closed with it. The default is a socket of the system,
	// on any port.
	ListenPacket func(context.Context) (net.PacketConn, error)
}

var _ transport.Dialer = (*Dialer)(nil)

// Name is "webtransport".
func (d *Dialer) Name() string { return Name }

// Dial opens a connection with one session on it, and the stream of that (Engine.IO protocol 4, "WebTransport").
func (d *Dialer) Dial(ctx context.Context, u *url.URL, o transport.Departing) (transport.Departure, *http.Response, error) {
	road, err := d.listen(ctx)
	if err != nil {
		return nil, nil, err
	}
	dialer := library.Transport{TLSClientConfig: d.tls(u, o.TLS), QUICConfig: dialerConfig(), DialAddr: road.dial}
	res, session, err := dialer.Dial(ctx, u.String(), o.Header)
	if err != nil {
		dialer.Close()
		road.close()
		return nil, res, err
	}
	t := newTransport(session, nil, road.conn, res.Header, o.Limits)
	t.road = road
	err = t.begin(ctx, o.SID)
	if !road.stay() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		session.CloseWithError(0, "")
		road.close()
		return nil, res, err
	}
	return t, res, nil
}

func (d *Dialer) tls(u *url.URL, others *tls.Config) *tls.Config {
	c := d.TLS
	if c == nil {
		c = others
	}
	if c = c.Clone(); c == nil {
		c = &tls.Config{}
	}
	if c.ServerName == "" {
		c.ServerName = u.Hostname()
	}
	c.NextProtos = []string{http3.NextProtoH3}
	return c
}

// dialerConfig has the limits of a server's connections, and lets the server open no stream but those that HTTP/3 needs.
func dialerConfig() *quic.Config {
	return &quic.Config{
		InitialStreamReceiveWindow:       initialWindow,
		MaxStreamReceiveWindow:           streamWindow,
		InitialConnectionReceiveWindow:   initialWindow,
		MaxConnectionReceiveWindow:       connectionWindow,
		MaxIncomingStreams:               -1,
		MaxIncomingUniStreams:            otherStreams,
		KeepAlivePeriod:                  keepAlive,
		EnableDatagrams:                  true,
		EnableStreamResetPartialDelivery: true,
	}
}

// road is the way of one connection: a UDP socket, and QUIC on it.
type road struct {
	socket net.PacketConn
	quic   *quic.Transport
	conn   *quic.Conn  // nil until dial
	stay   func() bool // the end of Dial's context closes conn no more
}

func (d *Dialer) listen(ctx context.Context) (*road, error) {
	open := d.ListenPacket
	if open == nil {
		open = func(ctx context.Context) (net.PacketConn, error) {
			return new(net.ListenConfig).ListenPacket(ctx, "udp", ":0")
		}
	}
	socket, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return &road{socket: socket, quic: &quic.Transport{Conn: socket}}, nil
}

// dial is called once by the library.
func (r *road) dial(ctx context.Context, address string, c *tls.Config, q *quic.Config) (*quic.Conn, error) {
	to, err := resolve(ctx, address)
	if err != nil {
		return nil, err
	}
	if r.conn, err = r.quic.Dial(ctx, to, c, q); err != nil {
		return nil, err
	}
	r.stay = context.AfterFunc(ctx, r.hangUp) // the library waits for the response without it
	return r.conn, nil
}

func (r *road) hangUp() { r.conn.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "") }

// resolve is the first address of a host, at its port or the one of https.
func resolve(ctx context.Context, address string) (*net.UDPAddr, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = (&url.URL{Host: address}).Hostname(), "443"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("webtransport: port %q", port)
	}
	all, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, err
	}
	return &net.UDPAddr{IP: all[0].IP, Port: int(n), Zone: all[0].Zone}, nil
}

// close ends the connection, and waits for what runs below it.
func (r *road) close() {
	if r.conn != nil {
		r.hangUp()
	}
	r.quic.Close()
	r.socket.Close()
}

// begin opens the stream and says what it is for.
func (t *Transport) begin(ctx context.Context, sid string) error {
	stream, err := t.session.OpenStreamSync(ctx)
	if err != nil {
		return err
	}
	t.decoder = decoder{r: stream, max: t.limits.MaxPayload, kind: true}
	t.stream.Store(stream)
	first := packet.Packet{Type: packet.Open}
	if sid != "" {
		if first.Data, err = json.Marshal(struct {
			SID string `json:"sid"`
		}{sid}); err != nil {
			return err
		}
	}
	_, err = t.Send([]*packet.Prepared{packet.Prepare(first)}, true)
	return err
}
