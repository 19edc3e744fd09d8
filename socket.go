package socketio

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Socket is one client in one namespace. All methods are safe for use by several goroutines, and none blocks on the
// network but those that wait for an answer.
type Socket struct {
	// Fixed at newSocket, but for the namespace of a CONNECT to a name that parents are asked about, see locate, and the id
	// of a socket that is recovered, see identify.
	id        string
	namespace *Namespace
	conn      *conn
	auth      Value
	since     int64     // when it was made, in ns since 1970
	session   *session  // nil when recovery is off
	spent     *spending // nil without Options.Rates; the pointer is fixed, what it points to is owned by read

	// Written under conn.mu.
	state atomic.Int32
	more  atomic.Bool // events wait. Only a hint, which the runner writes too.
	owed  int32       // what coming and going weighs in the flow. Guarded by conn.mu.

	late      atomic.Bool // something was left to a flusher that the runner may as well write when it is done
	listeners atomic.Pointer[listeners]
	life      atomic.Pointer[life]

	// Guarded by conn.mu.
	first, last *Event            // the inbox, without what the runner has taken
	awaited     map[uint64]waiter // acknowledgements, by id
	reason      DisconnectReason  // why it ends; "" until then
	running     bool              // a runner is at work
	slow        bool              // OnSlowConsumer was told

	// Owned by the runner.
	taken   *Event // the events that it took out of the inbox and has not handled
	handled int    // what the one weighs that is being handled
	phase   phase

	left    bool // Guarded by roomsMu; all rooms are left for good.
	resends bool // Fixed at newSocket: events may come again under the same id, see answered.

	roomsMu sync.Mutex
	rooms   []string // Guarded by roomsMu.

	dataMu sync.Mutex
	data   map[*key]any // Guarded by dataMu.
}

const (
	pending int32 = iota // middleware has not decided
	connected
	gone // disconnected or refused
)

func newSocket(ns *Namespace, c *conn, auth Value) *Socket {
	s := &Socket{id: newID(), namespace: ns, conn: c, auth: auth, since: time.Now().UnixNano()}
	if c.protocol4 {
		s.id = protocol4ID(ns, c)
	} else {
		s.resends = resends(auth)
	}
	s.spent = c.server.rates.join(c.server, c.eio)
	if c.server.options.Recovery != nil {
		s.session = new(session)
	}
	return s
}

// ID is the id of the socket, and the name of a room that it is in. It is not the id of the connection, which is a
// secret: this one may be told to others.
//
// The exception are clients of Socket.IO 1 and 2, if Engine.AllowEIO3 lets them in: they take the id of their connection
// for that of their socket, so that is what it is, with the name of the namespace and a # before it unless that is "/". Who
// is told the id of such a client can speak in its name as long as it is polling.
func (s *Socket) ID() string { return s.id }

// Namespace is the namespace that the socket joined.
func (s *Socket) Namespace() *Namespace { return s.namespace }

// Handshake is what the client said when it connected. It is put together at each call: who asks for it again and again
// keeps it.
func (s *Socket) Handshake() *Handshake {
	io, r := s.conn.server, s.conn.eio.Request()
	return &Handshake{
		Header: r.Header, Query: r.Query, URL: r.URL.RequestURI(), Address: io.addressOf(r),
		Time: time.Unix(0, s.since), Secure: r.Secure, XDomain: r.Header.Get("Origin") != "", auth: s.auth,
	}
}

// Conn is the connection below, shared by the sockets of one client in several namespaces.
func (s *Socket) Conn() *engineio.Conn { return s.conn.eio }

// Connected reports whether the client was accepted and has not been disconnected yet.
func (s *Socket) Connected() bool { return s.state.Load() == connected }

// Emit sends an event to this client. It never blocks on the network; a nil error means that the event is queued.
// [Direct.Emit] tells the errors.
func (s *Socket) Emit(event string, args ...any) error { return s.direct().Emit(event, args...) }

// EmitContext is Emit that waits for room in the outbox, see [Direct.EmitContext].
func (s *Socket) EmitContext(ctx context.Context, event string, args ...any) error {
	return s.direct().EmitContext(ctx, event, args...)
}

// BufferedAmount is the number of bytes that wait to be written to the client: those of its whole connection, for all
// the namespaces that it is in.
func (s *Socket) BufferedAmount() int { return s.conn.eio.BufferedAmount() }

// Send emits the event "message".
func (s *Socket) Send(args ...any) error { return s.direct().Send(args...) }

// EmitWithAck emits an event and waits for the client's answer, see [Direct.EmitWithAck].
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	return s.direct().EmitWithAck(ctx, event, args...)
}

// Call emits an event and waits for the client's answer, see [Direct.Call].
func (s *Socket) Call[R any](ctx context.Context, event string, args ...any) (R, error) {
	return s.direct().Call[R](ctx, event, args...)
}

func (s *Socket) direct() Direct { return Direct{socket: s} }

// Volatile makes an emit that is dropped, with no error, if the client can't take it at once.
func (s *Socket) Volatile() Direct { return s.direct().Volatile() }

// Compress says whether the transport may compress the message. It may by default.
func (s *Socket) Compress(on bool) Direct { return s.direct().Compress(on) }

// Binary says whether the arguments hold binary values, see [Direct.Binary].
func (s *Socket) Binary(on bool) Direct { return s.direct().Binary(on) }

// Timeout limits how long an emit waits for its answer.
func (s *Socket) Timeout(d time.Duration) Direct { return s.direct().Timeout(d) }

// Broadcast reaches everybody in the namespace but this socket.
func (s *Socket) Broadcast() Broadcast { return Broadcast{namespace: s.namespace, sender: s} }

// To reaches the members of the rooms but this socket. The room that bears this socket's id holds only itself, so
// s.To(s.ID()) reaches nobody: use [Socket.Emit].
func (s *Socket) To(rooms ...string) Broadcast { return s.Broadcast().To(rooms...) }

// In is the same as To.
func (s *Socket) In(rooms ...string) Broadcast { return s.Broadcast().To(rooms...) }

// Except reaches everybody in the namespace but this socket and the members of the rooms.
func (s *Socket) Except(rooms ...string) Broadcast { return s.Broadcast().Except(rooms...) }

// Local reaches everybody in the namespace but this socket, on this node only.
func (s *Socket) Local() Broadcast { return s.Broadcast().Local() }

// Disconnect makes the client leave the namespace. With closeConn all its other namespaces are left too and the
// connection is closed once what was emitted before is sent. The client does not reconnect by itself. In a middleware it
// does nothing, return an error there; and nothing for a socket that has gone.
func (s *Socket) Disconnect(closeConn bool) {
	if !s.Connected() {
		return // its connection may serve others by now
	}
	if closeConn {
		s.conn.disconnectAll()
		return
	}
	s.conn.disconnect(s)
}
