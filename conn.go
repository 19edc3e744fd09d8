package socketio

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/parser"
)

const (
	maxNamespaces = 20 // joined by one connection
	maxLoggedName = 128
)

// conn is one connection, which may carry a socket in each of several namespaces. It hears the session below, on the
// goroutine that reads, and never runs user code there.
//
// What each event needs stands together, in two lines of the cache.
type conn struct {
	// Fixed at newConn.
	server    *Server
	eio       *engineio.Conn
	decoder   parser.MessageDecoder // Owned by read.
	protocol4 bool                  // a client of Socket.IO 1 or 2

	ended   atomic.Bool // Written under mu. No socket is added any more.
	mu      sync.Mutex
	sockets []*Socket   // Guarded by mu. Joined, or asking to; few, so a list.
	one     [1]*Socket  // room for sockets: most connections have one
	flow    flow        // Guarded by mu.
	joinBy  *time.Timer // Guarded by mu. Ends a connection that joins nothing; nil once it joined.
}

var _ engineio.Batcher = (*conn)(nil)

func newConn(server *Server, eio *engineio.Conn) *conn {
	c := &conn{server: server, eio: eio, decoder: server.options.Parser.NewDecoder(server.options.Limits)}
	c.protocol4 = eio.Protocol() == 3
	c.sockets = c.one[:0]
	c.flow.soft = int64(server.options.InboxBytes)
	c.flow.hard = int64(server.options.inboxHard())
	c.flow.stuck = -1
	c.mu.Lock()
	c.joinBy = time.AfterFunc(server.options.ConnectTimeout, c.joinedNothing)
	c.mu.Unlock()
	if c.protocol4 {
		c.enterMain()
	}
	return c
}

// Message takes one message of the peer. It blocks while the inbox is full: that is how the peer is slowed down.
func (c *conn) Message(_ *engineio.Conn, m engineio.Message) {
	var b batch
	c.message(&b, m.Data, m.Binary)
	c.receive(&b)
}

// Messages takes those that came together. Their events go on together.
func (c *conn) Messages(_ *engineio.Conn, ps []packet.Packet) {
	var b batch
	for i := range ps {
		b.toCome = len(ps) - i
		c.message(&b, ps[i].Data, ps[i].Binary)
	}
	c.receive(&b)
}

// message takes one message. An event is left in the batch.
func (c *conn) message(b *batch, data []byte, binary bool) {
	if c.ended.Load() {
		return
	}
	var p parser.Packet
	var done bool
	var err error
	if binary {
		p, done, err = c.decoder.Binary(data)
	} else {
		p, done, err = c.decoder.Text(data)
	}
	switch {
	case err != nil:
		c.receive(b)
		c.broken(err)
	case done:
		if c.protocol4 {
			p = fromProtocol4(p)
		}
		if p.Type == parser.Event {
			c.add(b, &p)
			return
		}
		c.receive(b)
		c.route(p)
	}
}

// route gives what is no event to its socket (Socket.IO protocol 5, "Exchange protocol"). What comes out of order ends the
// connection.
func (c *conn) route(p parser.Packet) {
	if p.Type == parser.Connect {
		c.join(p)
		return
	}
	s := c.socket(p.Namespace)
	switch {
	case s == nil || p.Type == parser.ConnectError:
		c.outOfOrder(p.Type)
	case p.Type == parser.Ack:
		c.resolve(s, p)
	case p.Type == parser.Disconnect:
		c.end(s, ClientNamespaceDisconnect, nil)
	}
}

// socket returns the socket that has joined the namespace. One that still waits for the middleware has not.
func (c *conn) socket(namespace string) *Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(namespace)
}

// find is socket for who holds conn.mu.
func (c *conn) find(namespace string) *Socket {
	for _, s := range c.sockets {
		if s.namespace.name == namespace && s.state.Load() == connected {
			return s
		}
	}
	return nil
}

func (c *conn) outOfOrder(t parser.Type) {
	c.refuse("packet " + t.String() + " out of order")
}

// Closed ends every socket of the connection.
func (c *conn) Closed(_ *engineio.Conn, reason engineio.Reason, err error) {
	c.decoder.Reset()
	c.endAll(DisconnectReason(reason), err)
}
