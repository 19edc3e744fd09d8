package socketio

import (
	"cmp"
	"log/slog"
	"math"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
)

// Options of a [Server]. Nil, and every zero field, means the default.
type Options struct {
	// Path is where the server answers: the path itself followed by a slash, and everything below it. The default is
	// "/socket.io".
	Path string
	// NoClient keeps the server from serving the browser client at Path (socket.io.js, socket.io.min.js,
	// socket.io.esm.min.js and others, with their maps).
	NoClient bool

	// ConnectTimeout is how long a client may take to join its first namespace before it is disconnected. The default
	// is 45 s.
	ConnectTimeout time.Duration
	// InboxBytes is how much may wait for the handlers of one connection before the server stops reading from it; each
	// event counts its bytes and 256 more. While somebody waits for an acknowledgement of this connection, or when no
	// handler has returned for a whole heartbeat (PingInterval and PingTimeout of Engine), reading goes on, up to 16 times
	// as much, or to this and one packet if that is more; beyond, the connection is closed. The default is 1 MiB.
	InboxBytes int
	// Parser is the dialect of all connections; clients must have the same one. The default is [parser.JSON], which every
	// client has by itself. Package parser/msgpack has another, and a program may bring its own.
	Parser parser.Dialect
	// Limits bound what one packet may hold. The defaults are those of [parser.Limits], or of the dialect; AttachmentBytes
	// follow Engine.MaxPayload.
	Limits parser.Limits

	// CleanupEmptyChildNamespaces removes a child namespace, made for a name that a [Parent] allows, when its last socket
	// has left or was refused. By default children stay, with the rooms and handlers that they have, as long as there is
	// room: see MaxChildNamespaces. Sessions that are kept for recovery are there for the next child of the name.
	CleanupEmptyChildNamespaces bool
	// MaxChildNamespaces is how many child namespaces there may be because clients asked for them. One more replaces the
	// one that has been empty for longest; if none is empty its client is refused with "too many namespaces". Children
	// that [Server.Of] made don't count and are not replaced. The default is 10,000.
	MaxChildNamespaces int

	// Rates limit how often clients may send events. The default, nil, is no limit.
	Rates *Rates

	// Adapter connects each namespace to the other nodes of a cluster. The default is [adapter.Memory]: no other nodes.
	Adapter adapter.New

	// Recovery turns connection state recovery on. The default is nil: off.
	Recovery *Recovery

	// EncodeError makes the answer to an event whose handler failed, when the client asked for one. The default answers
	// {"error":{"message":…}} with the text of an [*Error], and "internal error" for any other.
	EncodeError func(s *Socket, event string, err error) any
	// CatchAllName also calls the handlers of the event "anything" for every event, as the documentation of old versions
	// has it. The default is off; [Namespace.OnAny] is the way to say it.
	CatchAllName bool

	// Engine are the options of the layer below: heartbeat, transports, limits, CORS, who may connect. Its Path and
	// Logger are those of this struct; the other fields have defaults of their own.
	Engine engineio.Options

	// Logger gets panics, and the errors of handlers that were not made for the client. It gets no payloads. The default
	// is [slog.Default].
	Logger *slog.Logger
}

// inboxHard is the hard limit of an inbox: many times the soft one, and always room for one more packet, as large as a
// peer may send it, behind the soft one.
func (o *Options) inboxHard() int {
	sum := func(a, b int) int {
		if a > math.MaxInt-b {
			return math.MaxInt
		}
		return a + b
	}
	packet := sum(sum(cmp.Or(max(0, o.Engine.MaxPayload), 1_000_000), cmp.Or(max(0, o.Limits.AttachmentBytes), 1_000_000)), eventCost)
	hard := sum(o.InboxBytes, packet)
	if o.InboxBytes <= math.MaxInt/inboxHardFactor {
		hard = max(hard, inboxHardFactor*o.InboxBytes)
	}
	return hard
}

func (o *Options) withDefaults() Options {
	var f Options
	if o != nil {
		f = *o
	}
	if f.Path == "" {
		f.Path = "/socket.io"
	}
	if f.ConnectTimeout <= 0 {
		f.ConnectTimeout = 45 * time.Second
	}
	if f.InboxBytes <= 0 {
		f.InboxBytes = 1 << 20
	}
	if f.Limits.AttachmentBytes <= 0 {
		f.Limits.AttachmentBytes = f.Engine.MaxPayload
	}
	if f.Parser == nil {
		f.Parser = parser.JSON{}
	}
	if f.MaxChildNamespaces <= 0 {
		f.MaxChildNamespaces = 10_000
	}
	if f.Adapter == nil {
		f.Adapter = adapter.Memory
	}
	f.Recovery = f.Recovery.withDefaults()
	if f.EncodeError == nil {
		f.EncodeError = encodeError
	}
	if f.Logger == nil {
		f.Logger = slog.Default()
	}
	f.Engine.Path, f.Engine.Logger = f.Path, f.Logger
	return f
}
