package engineio

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Options of a [Server]. Nil, and every zero field, means the default.
type Options struct {
	// Path is where the server answers: the path itself followed by a slash, and everything below it. The default is
	// "/engine.io".
	Path string
	// NoTrailingSlash makes the server answer at Path without the slash.
	NoTrailingSlash bool

	// PingInterval is the time between the pong of the peer and the next ping. The default is 25 s.
	PingInterval time.Duration
	// PingTimeout is how long the peer may take to answer a ping. The default is 20 s.
	PingTimeout time.Duration
	// UpgradeTimeout is how long an upgrade may take, and a WebTransport session to say what it came for. The default is
	// 10 s.
	UpgradeTimeout time.Duration
	// MaxPayload limits the body of a POST and the length of a WebSocket message or WebTransport frame, in bytes. It is
	// announced in the handshake. The default is 1,000,000.
	MaxPayload int

	// Transports lists what a client may use, of "polling" and "websocket". The default is both.
	Transports []string
	// WebTransport, if set, lets clients open sessions over WebTransport and upgrade to it. It is the server of package
	// webtransport, whose requests are to reach this one's ServeHTTP. The rule about origins holds for them, and
	// AllowRequest is asked about those that want a session of their own; the hooks for headers are not called, as no
	// client sees headers. The default is none, and then no QUIC is compiled.
	WebTransport transport.Acceptor
	// AllowEIO3 lets in clients of Engine.IO protocol 3, which come with Socket.IO 1 and 2: all that do not say EIO=4. The
	// default is to refuse them (400, code 5).
	AllowEIO3 bool
	// NoUpgrade keeps clients from moving to another transport.
	NoUpgrade bool

	// PerMessageDeflate lets WebSocket clients have messages compressed, and compress theirs. Nil, the default, is off.
	PerMessageDeflate *PerMessageDeflate
	// HTTPCompression is how polling responses are compressed, for clients that accept it. Nil means the defaults.
	HTTPCompression *HTTPCompression

	// AllowRequest is asked once for each handshake that is otherwise in order. An error refuses it (403, code 4) with
	// the error's text as the message, or "Forbidden" when that is empty. It may block.
	AllowRequest func(*http.Request) error
	// GenerateID makes the id of a session. An error refuses the handshake (400, code 3). The default is 120 random bits
	// in base64url, 20 characters.
	GenerateID func(*http.Request) (string, error)

	// CORS answers browsers of other origins. Nil means that no such header is sent. It also widens the origins that may
	// open a WebSocket.
	CORS *CORS
	// Cookie, if set, is the template of a cookie that is sent with the answer to a polling handshake; the session id is
	// its value. The default for the name is "io", for the path "/", and for SameSite Lax; it is always HttpOnly, as
	// the id is a secret. With [http.SameSiteDefaultMode] neither is added to what the template says.
	Cookie *http.Cookie
	// InitialHeaders may change the headers of the response to a handshake, before they are sent. Only Set-Cookie and
	// names that neither the HTTP server nor the WebSocket handshake owns should be set.
	InitialHeaders func(http.Header, *http.Request)
	// Headers is the same for every response to a polling request and for the WebSocket handshake.
	Headers func(http.Header, *http.Request)
	// InitialPacket, if set, is a message that follows the open packet, in the same polling response.
	InitialPacket *packet.Prepared

	// OutboxBytes and OutboxPackets limit what may wait to be sent to one peer. One message may overshoot. The defaults
	// are 1 MiB and 1,024.
	OutboxBytes, OutboxPackets int
	// WriteTimeout is how long the peer may take to accept the next 64 KiB, or a whole polling response. The default is
	// 10 s.
	WriteTimeout time.Duration

	// TrustedProxies are the peers whose X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto are believed. The
	// default is none.
	TrustedProxies []netip.Prefix

	// Caps bound how many sessions there may be, in all and of one address, and how fast an address opens them. The
	// default is no bound.
	Caps Caps
	// BindAddress ties a session to the address that opened it (an IPv6 address to its /64): a request that names the
	// session and comes from elsewhere gets the answer that an unknown session gets. It costs clients that change their
	// network a reconnection. The default is off: the id of a session is a secret of 120 bits.
	BindAddress bool

	// Logger gets panics of handlers and the few events that are nobody's return value. The default is [slog.Default].
	Logger *slog.Logger
}

// withDefaults returns a copy of o with every zero field filled in.
func (o *Options) withDefaults() Options {
	var f Options
	if o != nil {
		f = *o
	}
	if f.Path == "" {
		f.Path = "/engine.io"
	}
	if f.PingInterval <= 0 {
		f.PingInterval = 25 * time.Second
	}
	if f.PingTimeout <= 0 {
		f.PingTimeout = 20 * time.Second
	}
	if f.UpgradeTimeout <= 0 {
		f.UpgradeTimeout = 10 * time.Second
	}
	if f.MaxPayload <= 0 {
		f.MaxPayload = 1_000_000
	}
	if len(f.Transports) == 0 {
		f.Transports = []string{"polling", "websocket"}
	}
	if f.GenerateID == nil {
		f.GenerateID = func(*http.Request) (string, error) { return newID(), nil }
	}
	if f.OutboxBytes <= 0 {
		f.OutboxBytes = 1 << 20
	}
	if f.OutboxPackets <= 0 {
		f.OutboxPackets = 1024
	}
	if f.WriteTimeout <= 0 {
		f.WriteTimeout = 10 * time.Second
	}
	if f.Logger == nil {
		f.Logger = slog.Default()
	}
	return f
}
