package client

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
)

// Options of a [Manager] and of its sockets. Nil, and every zero field, means the default. [Manager.Socket] takes the
// fields of a socket only, and a negative number there for zero; [NewManager] refuses one that means nothing.
type Options struct {
	// Of a socket.

	// Auth is sent with each CONNECT: an object, or a func(context.Context) (any, error) that is asked each time,
	// on a goroutine of its own. An error of it is told as a connect error, and the socket tries again with the next
	// connection.
	Auth any
	// Retries makes every event that is not volatile wait for an acknowledgement, and sends it again when none comes, so
	// many times at most. Events then go out one at a time, and keep their acknowledgement id from try to try, which
	// CONNECT says: a server of ours handles each once in a session, see socketio.Recovery.
	Retries int
	// AckTimeout is how long an acknowledgement is waited for unless the emit says otherwise. The default is no limit.
	AckTimeout time.Duration
	// BufferPackets and BufferBytes limit what waits while there is no connection, or in the queue of Retries. The
	// defaults are 10,000 and 8 MiB.
	BufferPackets, BufferBytes int
	// BufferTTL is how long an event may wait for a connection; then it is dropped, and who waits for its answer gets
	// [ErrExpired]. The default is no limit.
	BufferTTL time.Duration
	// DropOldest makes room in a full buffer: the event that waits longest is dropped. The default is to refuse the new
	// one with [ErrBufferFull].
	DropOldest bool
	// CatchAllName also calls the handlers of the event "anything" for every event, as the documentation of old versions
	// has it. The default is off; [Socket.OnAny] is the way to say it.
	CatchAllName bool

	// Of a manager.

	// NoReconnection leaves a lost connection lost.
	NoReconnection bool
	// ReconnectionAttempts is how often to try. The default is without end, and so is less than zero.
	ReconnectionAttempts int
	// ReconnectionDelay is the time before the first attempt; it doubles with each. The default is 1 s.
	ReconnectionDelay time.Duration
	// ReconnectionDelayMax limits that. The default is 5 s.
	ReconnectionDelayMax time.Duration
	// RandomizationFactor is the part of the delay that is random, from 0 to 1, so that many clients do not come back at
	// once. The default is 0.5; a negative factor means none.
	RandomizationFactor float64
	// Timeout limits one attempt to connect. The default is 20 s; negative is no limit.
	Timeout time.Duration
	// Parser is the dialect that the server speaks. The default is [parser.JSON].
	Parser parser.Dialect
	// Limits bounds what one packet of the server may hold. The defaults are those of [parser.Limits]; its
	// AttachmentBytes follow Engine.MaxMessage.
	Limits parser.Limits
	// InboxBytes is how much may wait for handlers before reading pauses; each event counts its bytes and 256 more.
	// While somebody waits for an answer it may be 16 times as much, and beyond that the connection ends. The default is
	// 1 MiB.
	InboxBytes int
	// RememberUpgrade begins with the transport that a connection was upgraded to, until an attempt or a transport fails.
	RememberUpgrade bool

	// Path is where the server answers. The default is "/socket.io".
	Path string
	// Engine are the options of the layer below: transports, HTTP client, headers, query, and what is different for one
	// transport. Its Path and Logger are those of this struct; what its functions hear the listeners of a [Manager] do.
	Engine engineio.DialOptions

	// Logger gets panics of user code, and errors of handlers that nobody else learns of. It gets no payloads. The
	// default is [slog.Default].
	Logger *slog.Logger
}

func (o *Options) withDefaults() Options {
	var f Options
	if o != nil {
		f = *o
	}
	f.BufferPackets = cmp.Or(max(f.BufferPackets, 0), 10_000)
	f.BufferBytes = cmp.Or(max(f.BufferBytes, 0), 8<<20)
	if f.ReconnectionAttempts <= 0 {
		f.ReconnectionAttempts = math.MaxInt
	}
	f.ReconnectionDelay = cmp.Or(max(f.ReconnectionDelay, 0), time.Second)
	f.ReconnectionDelayMax = cmp.Or(max(f.ReconnectionDelayMax, 0), 5*time.Second)
	switch {
	case f.RandomizationFactor == 0:
		f.RandomizationFactor = 0.5
	case f.RandomizationFactor < 0:
		f.RandomizationFactor = 0
	}
	f.Timeout = cmp.Or(f.Timeout, 20*time.Second)
	if f.Parser == nil {
		f.Parser = parser.JSON{}
	}
	f.InboxBytes = cmp.Or(max(f.InboxBytes, 0), 1<<20)
	f.Path = cmp.Or(f.Path, "/socket.io")
	if f.Logger == nil {
		f.Logger = slog.Default()
	}
	f.Engine.MaxMessage = cmp.Or(max(f.Engine.MaxMessage, 0), 8<<20) // as there
	f.Limits.AttachmentBytes = cmp.Or(max(f.Limits.AttachmentBytes, 0), f.Engine.MaxMessage)
	f.Engine.Path, f.Engine.Logger = f.Path, f.Logger
	return f
}

// authFunc is the form that Auth takes when it is asked anew for each connection.
type authFunc = func(context.Context) (any, error)
