package engineio

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// DialOptions of [Dial]. Nil, and every zero field, means the default.
type DialOptions struct {
	// Path is where the server answers. The default is "/engine.io", and a slash is added.
	Path string
	// NoTrailingSlash leaves the slash off.
	NoTrailingSlash bool
	// Query is added to that of the URL, in every request.
	Query url.Values

	// Transports lists what may be used, of "polling", "websocket" and "webtransport", in the order of preference for the
	// first connection. The default is all that there are, in this order; "webtransport" is there with WebTransport.
	Transports []string
	// WebTransport is a [webtransport.Dialer], for networks that lose packets. A session that begins with polling moves
	// there if it can, and to WebSocket if that takes longer than 200 ms. The default is none, and then no QUIC is
	// compiled in.
	//
	// Its requests bear Header, the cookies of HTTP's jar, and what the caller has put into the query. They can't go
	// through a proxy: where HTTP has one for them, they fail.
	//
	// [webtransport.Dialer]: https://pkg.go.dev/github.com/socketio-go/socketio/engineio/transport/webtransport#Dialer
	WebTransport transport.Dialer
	// TryAllTransports goes on with the next transport if the first does not open. The default is to fail.
	TryAllTransports bool
	// NoUpgrade stays on the first transport.
	NoUpgrade bool
	// ForceBase64 asks the server for text only: binary messages travel as base64, both ways.
	ForceBase64 bool
	// TimestampParam is the name of a parameter that makes each polling request a new one for caches. The default is
	// "t"; "-" leaves it off. With TimestampAll it is in WebSocket handshakes too.
	TimestampParam string
	TimestampAll   bool

	// PerMessageDeflate offers the server to have WebSocket messages compressed, both ways. Nil, the default, offers
	// nothing. What is inflated is limited by MaxMessage.
	PerMessageDeflate *PerMessageDeflate

	// HTTP makes all requests: proxy, TLS, dialer and cookies are its own. Its Timeout holds for polling requests. The
	// default is a client of the session's own, without cookies, which leaves nothing behind.
	HTTP *http.Client
	// Header is sent with every request. "Host" is not taken from here.
	Header http.Header
	// TransportOptions say what is different for a transport, by its name, such as a header for "websocket" alone.
	// The default is nothing.
	TransportOptions map[string]TransportOptions
	// Protocols are the WebSocket subprotocols that are offered.
	Protocols []string
	// RequestTimeout limits each polling request. The default is no limit.
	RequestTimeout time.Duration
	// UpgradeTimeout is how long an upgrade may take. The default is 10 s.
	UpgradeTimeout time.Duration

	// MaxMessage limits what the server may send at once, in bytes: a WebSocket message, or the response to a polling
	// request after decompression. The default is 8 MiB.
	MaxMessage int
	// OutboxBytes and OutboxPackets limit what may wait to be sent. One message may overshoot; beyond, the session ends
	// with [ErrBufferFull]. The defaults are 16 MiB and 65,536.
	OutboxBytes, OutboxPackets int
	// WriteTimeout is how long the server may take to accept 64 KiB over WebSocket. The default is 10 s.
	WriteTimeout time.Duration

	// OnPing, OnUpgrade and OnUpgradeError, if set, hear of pings of the server, of a finished change to the named
	// transport, and of one that failed, which leaves the session as it was. They run on goroutines of the session and
	// must not block.
	OnPing         func()
	OnUpgrade      func(transport string)
	OnUpgradeError func(error)

	// Logger gets panics of handlers. The default is [slog.Default].
	Logger *slog.Logger
}

func (o *DialOptions) withDefaults() DialOptions {
	var f DialOptions
	if o != nil {
		f = *o
	}
	f.Path = cmp.Or(f.Path, "/engine.io")
	if len(f.Transports) == 0 {
		f.Transports = []string{"polling", "websocket"}
		if f.WebTransport != nil {
			f.Transports = append(f.Transports, f.WebTransport.Name())
		}
	}
	f.TimestampParam = cmp.Or(f.TimestampParam, "t")
	f.UpgradeTimeout = cmp.Or(max(f.UpgradeTimeout, 0), 10*time.Second)
	f.MaxMessage = cmp.Or(max(f.MaxMessage, 0), 8<<20)
	f.OutboxBytes = cmp.Or(max(f.OutboxBytes, 0), 16<<20)
	f.OutboxPackets = cmp.Or(max(f.OutboxPackets, 0), 65536)
	f.WriteTimeout = cmp.Or(max(f.WriteTimeout, 0), 10*time.Second)
	if f.Logger == nil {
		f.Logger = slog.Default()
	}
	return f
}

// brings reports whether the transport is the one that was handed in.
func (o *DialOptions) brings(name string) bool {
	return o.WebTransport != nil && o.WebTransport.Name() == name
}
