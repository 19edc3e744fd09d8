package transport

import (
	"errors"
	"net/http"

	"github.com/socketio-go/socketio/engineio/packet"
)

// Transport carries the packets of one session over one kind of connection.
type Transport interface {
	// Name is the protocol's name of the transport, such as "websocket".
	Name() string

	// Writable reports whether a packet that is sent now could leave now: a poll is waiting, a connection is open. It is
	// a hint for volatile packets. It does not block, and calls nobody.
	Writable() bool

	// Send sends the packets of batch, in order, and returns how many are out of the session's hands. The others stay in
	// the session's outbox, and the next Send must begin with the first of them: a part of it may be on the wire
	// already. An empty batch is allowed: it gives the transport the occasion to write what it owes the peer itself.
	//
	// With wait false Send does not block. [ErrWouldBlock] means that it is not done: the session calls it again with wait
	// true, on a goroutine that may block, and Send then returns when all is written. [ErrNotWritable] means that nothing
	// can be sent before the next [Sink.Flush]. Any other error ends the transport.
	//
	// The packets must not be changed, and batch must not be kept. A packet that is wanted for longer than the call, although
	// it is out of the session's hands, must be told so: [packet.Prepared.Keep].
	Send(batch []*packet.Prepared, wait bool) (n int, err error)

	// Close ends the transport, as how says. It does not block, and may be called from any goroutine, more than once:
	// only a [Cut] has an effect then.
	Close(how Ending)
}

// Prefetcher is a [Transport] that can have the processor fetch what Send is about to touch, without waiting for it. It is
// called beside all other methods, and also of a transport that has ended.
type Prefetcher interface{ Prefetch() }

// Peer is what the client of a session understands.
type Peer struct {
	// Protocol3 says that it speaks Engine.IO protocol 3.
	Protocol3 bool
	// Base64 says that it takes no binary, but text with base64.
	Base64 bool
}

// What [Transport.Send] returns when it is the session's turn to do something.
var (
	ErrNotWritable = errors.New("transport: not writable")
	ErrWouldBlock  = errors.New("transport: would block")
)

// Ending is how a transport is closed by its session.
type Ending uint8

const (
	// Orderly tells the peer: a close frame, or a close packet to the poll that waits. Nobody is in Send, or will be.
	Orderly Ending = iota
	// Replaced says that the session goes on over another transport: the poll that waits gets a noop.
	Replaced
	// Cut ends the connection at once. A Send that runs returns with an error.
	Cut
)

// Sink is a session, as its transport sees it.
type Sink interface {
	// Packet hands over one packet of the peer. Calls come one at a time. The data belongs to the sink. Header is that
	// of the HTTP request that carried it. Packet may block, which is back-pressure. When it returns false, the
	// transport must not read on.
	Packet(t Transport, p packet.Packet, header http.Header) bool

	// Flush says that the transport became writable, or has something of its own to send: the session calls Send, maybe
	// with an empty batch. It does not block.
	Flush(t Transport)

	// Closed says that the transport has ended by itself, and why. It is called at most once, and not after Close.
	// The sink answers with a call to Close, at once or soon: as soon as nobody is in Send.
	Closed(t Transport, why Cause, err error)
}

// Gatherer is a [Sink] that takes the packets which came together at once.
type Gatherer interface {
	Sink
	// Packets is Packet for one or more. The list is valid until it returns.
	Packets(t Transport, ps []packet.Packet, header http.Header) bool
}

// Cause is why a transport ended by itself.
type Cause uint8

const (
	// Gone: the peer closed, or its connection ended.
	Gone Cause = iota
	// Failed: the peer broke the protocol of the transport, or reading or writing failed.
	Failed
	// Unreadable: the peer sent what is not a packet.
	Unreadable
)
