package engineio

import "errors"

// Reason says why a session ended, in the words of the protocol's reference implementation.
type Reason string

const (
	TransportError Reason = "transport error"      // the connection broke, the peer broke the protocol, or it did not read what was sent
	TransportClose Reason = "transport close"      // the peer closed, or its connection ended
	ForcedClose    Reason = "forced close"         // this side called Close
	PingTimeout    Reason = "ping timeout"         // no pong came within the ping timeout
	ParseError     Reason = "parse error"          // the peer sent what is not a packet
	ServerShutdown Reason = "server shutting down" // the server was shut down
)

var (
	// ErrClosed is returned by the sending methods once the session is closing or closed.
	ErrClosed = errors.New("engineio: session closed")
	// ErrBufferFull is returned when the outbox had no room left: nothing was queued, and the session is being closed,
	// as its peer does not read what it is sent.
	ErrBufferFull = errors.New("engineio: outbox full")
	// ErrLineFull is returned by [Conn.LineUp] when too many wait already.
	ErrLineFull = errors.New("engineio: too many wait for room in the outbox")
	// ErrDropped is returned by the volatile methods when the packets could not leave at once. Nothing was queued.
	ErrDropped = errors.New("engineio: volatile packet dropped")
	// ErrServerClosed is what a refused handshake is reported with once the server drains or is shut down.
	ErrServerClosed = errors.New("engineio: server closed")
)
