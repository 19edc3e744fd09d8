package socketio

import (
	"errors"
	"log/slog"
	"slices"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

var (
	errInvalidNamespace  = &ConnectError{Message: "Invalid namespace"}
	errTooManyNamespaces = &ConnectError{Message: "too many namespaces"}
)

// join makes a socket for a CONNECT packet; its runner decides about it.
func (c *conn) join(p parser.Packet) {
	if c.server.draining.Load() {
		return
	}
	refusal, err := c.take(p)
	switch {
	case err != nil:
		c.refuse(err.Error())
	case refusal != nil:
		c.eio.AwaitRoom() // who asks faster than it reads the answers is slowed down
		c.sendConnectError(p.Namespace, refusal)
	default:
		c.admit()
	}
}

// take adds a socket, unless the client is to be refused; the error ends the connection.
func (c *conn) take(p parser.Packet) (*ConnectError, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended.Load():
		return nil, nil
	case slices.ContainsFunc(c.sockets, func(s *Socket) bool { return s.namespace.name == p.Namespace }):
		return nil, errors.New("second CONNECT to a namespace")
	case !c.server.mayExist(p.Namespace):
		return errInvalidNamespace, nil
	case len(c.sockets) == maxNamespaces:
		return errTooManyNamespaces, nil
	}
	s := newSocket(c.server.enter(p.Namespace), c, authValue(p))
	c.sockets = append(c.sockets, s)
	c.charge(s)
	c.wake(s)
	return nil, nil
}

// noAuth is the payload of a client that sent none.
var noAuth = event.Values([][]byte{[]byte("{}")}, nil)[0]

func authValue(p parser.Packet) Value {
	if len(p.Data) == 0 {
		return noAuth
	}
	return event.Values([][]byte{p.Data}, p.Attachments)[0]
}

// accept tells the client that it is in. From here on the socket gets broadcasts and events. If the client has gone
// meanwhile, nothing is left of it.
func (s *Socket) accept() {
	pid := ""
	if s.session != nil {
		pid = s.session.pid
	}
	answer, err := s.conn.server.encodeConnect(s.namespace.name, s.id, pid, s.conn.protocol4)
	if err != nil {
		s.turnAway(err)
		return
	}
	s.Join(s.id)
	s.namespace.add(s)
	flush, in := s.enter(answer)
	switch {
	case !in:
		s.turnAway(&ConnectError{Message: internalError}) // which is read by nobody
	case flush:
		s.conn.eio.Flush()
	}
}

// letIn answers the client's CONNECT, and reports whether it still was there and whether the answer has to be flushed.
func (s *Socket) letIn(ps []*packet.Prepared) (flush, in bool) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.reason != "" || c.ended.Load() {
		return false, false
	}
	// The reply is in the outbox before anything else can be: a broadcast skips the socket until it is connected.
	flush, _ = c.eio.Enqueue(ps...) // an error is that of a connection which ends
	s.phase = welcoming
	s.state.Store(connected)
	if c.joinBy != nil {
		c.joinBy.Stop()
		c.joinBy = nil
	}
	return flush, true
}

// turnAway undoes what there is of a socket that was not accepted, and tells the client why unless it has gone.
func (s *Socket) turnAway(err error) {
	s.phase = over
	defer s.namespace.vacate()
	c := s.conn
	c.mu.Lock()
	here := s.reason == ""                 // the client did not go first
	c.remove(s, ServerNamespaceDisconnect) // nothing is awaited before a socket is connected
	c.mu.Unlock()
	s.cancel(&DisconnectError{ServerNamespaceDisconnect, err}) // does nothing if the client went first
	s.namespace.remove(s)
	s.leaveAll()
	s.letGo(s.Recovered())
	c.settle(s)
	if !here {
		return
	}
	refusal := &ConnectError{Message: internalError}
	s.guard("error of a middleware", func() error { refusal = s.refusal(err); return nil })
	c.sendConnectError(s.namespace.name, refusal)
}

// refusal is what the client gets to know of the error that a middleware returned. What it does not is logged.
func (s *Socket) refusal(err error) *ConnectError {
	if refusal, ok := errors.AsType[*ConnectError](err); ok && refusal != nil {
		return refusal
	}
	if !isPublic(err) && !isPanic(err) {
		s.conn.server.tell(slog.LevelError, "socketio: middleware failed", "namespace", logged(s.namespace.name), "error", err)
	}
	return &ConnectError{Message: publicText(err)}
}

func (c *conn) sendConnectError(namespace string, refusal *ConnectError) {
	ps, err := c.server.encodeConnectError(namespace, refusal, c.protocol4)
	if err != nil {
		c.server.tell(slog.LevelError, "socketio: a ConnectError can't be sent as it is", "namespace", logged(namespace), "error", err)
	}
	c.eio.Send(ps...) // an error is that of a connection which ends
}
