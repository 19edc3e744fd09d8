package engineio

import (
	"net/http"

	"github.com/socketio-go/socketio/engineio/packet"
)

// Handler is what a session tells its owner. The calls for one Conn come one at a time and in order, on the goroutine
// that reads from the peer. A panic in either method is contained: it is logged and ends that one session.
type Handler interface {
	// Message is one message of the peer. While it blocks nothing more is read from this peer, and the ping timeout is
	// suspended: blocking is how a receiver pushes back. It must return when c.Done() closes: Closed waits for it, and so
	// do [Server.Shutdown], until its context ends, and [Server.Close].
	Message(c *Conn, m Message)
	// Closed is called exactly once, and last.
	Closed(c *Conn, reason Reason, err error)
}

// Batcher is a [Handler] that takes the messages which came together at once: it pays for what they have in common only
// once. What is said of Message holds for Messages.
type Batcher interface {
	Handler
	// Messages is Message for one or more, in order. Each is a packet of the type [packet.Message], whose data belong to
	// the receiver; the list is valid until Messages returns.
	Messages(c *Conn, ps []packet.Packet)
}

// Message is one message of the peer.
type Message struct {
	// Data belongs to the receiver, which may keep and change it.
	Data []byte
	// Binary tells a binary message from a text.
	Binary bool
	// Header is that of the HTTP request that carried the message: the POST, or the WebSocket handshake. It must not be
	// changed.
	Header http.Header
}
