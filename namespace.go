package socketio

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/internal/rooms"
)

// Namespace is a part of a server with handlers, middleware and rooms of its own. All methods are safe for use by
// several goroutines.
type Namespace struct {
	// Fixed at newNamespace.
	name    string
	server  *Server
	adapter adapter.Adapter
	index   *rooms.Index[*Socket]

	everyone rooms.Set[*Socket]
	changes  roomChanges
	acks     atomic.Uint64

	// order is held while a broadcast is queued to its receivers, so that all get broadcasts in one order. Nothing is
	// written to a network meanwhile and no user code runs.
	order sync.Mutex

	middleware    event.Table[func(context.Context, *Socket) error]
	connection    event.Table[func(*Socket)]
	disconnecting event.Table[func(*Socket, DisconnectReason)]
	disconnect    event.Table[func(*Socket, DisconnectReason)]
	events        event.Table[handler]
	any           event.Table[handler]
	anyOut        event.Table[outgoingListener]
}

// all is the name under which tables hold what goes by no name.
const all = ""

func newNamespace(server *Server, name string) *Namespace {
	n := &Namespace{name: name, server: server}
	n.index = rooms.New(n.changes.note)
	n.adapter = server.options.Adapter(node{n})
	return n
}

// namespaceName adds the slash that a name may lack; the empty name is "/".
func namespaceName(name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return "/" + name
}

// Name is the name, with its slash.
func (n *Namespace) Name() string { return n.name }

// Emit sends an event to everybody, see [Broadcast.Emit].
func (n *Namespace) Emit(event string, args ...any) error { return n.everybody().Emit(event, args...) }

// Send emits the event "message" to everybody.
func (n *Namespace) Send(args ...any) error { return n.everybody().Send(args...) }

// EmitWithAck sends an event to everybody and collects the answers, see [Broadcast.EmitWithAck].
func (n *Namespace) EmitWithAck(ctx context.Context, event string, args ...any) (Replies, error) {
	return n.everybody().EmitWithAck(ctx, event, args...)
}

func (n *Namespace) everybody() Broadcast { return Broadcast{namespace: n} }

// To reaches the members of the rooms. A socket's id is a room that holds only this socket.
func (n *Namespace) To(rooms ...string) Broadcast { return n.everybody().To(rooms...) }

// In is the same as To.
func (n *Namespace) In(rooms ...string) Broadcast { return n.everybody().To(rooms...) }

// Except reaches everybody but the members of the rooms.
func (n *Namespace) Except(rooms ...string) Broadcast { return n.everybody().Except(rooms...) }

// Volatile reaches everybody that can take the event at once.
func (n *Namespace) Volatile() Broadcast { return n.everybody().Volatile() }

// Compress says whether transports may compress the message. They may by default.
func (n *Namespace) Compress(on bool) Broadcast { return n.everybody().Compress(on) }

// Binary says whether the arguments hold binary values, see [Direct.Binary].
func (n *Namespace) Binary(on bool) Broadcast { return n.everybody().Binary(on) }

// Local reaches everybody on this node only.
func (n *Namespace) Local() Broadcast { return n.everybody().Local() }

// Timeout limits how long EmitWithAck waits.
func (n *Namespace) Timeout(d time.Duration) Broadcast { return n.everybody().Timeout(d) }

// Sockets returns the connected sockets on this node, in no particular order.
func (n *Namespace) Sockets() []*Socket { return n.everybody().Sockets() }

// SocketsJoin makes everybody join the rooms.
func (n *Namespace) SocketsJoin(rooms ...string) { n.everybody().SocketsJoin(rooms...) }

// SocketsLeave makes everybody leave the rooms.
func (n *Namespace) SocketsLeave(rooms ...string) { n.everybody().SocketsLeave(rooms...) }

// DisconnectSockets disconnects everybody, see [Socket.Disconnect].
func (n *Namespace) DisconnectSockets(closeConn bool) { n.everybody().DisconnectSockets(closeConn) }

func (n *Namespace) add(s *Socket)    { n.everyone.Add(s) }
func (n *Namespace) remove(s *Socket) { n.everyone.Remove(s) }

// nextAck returns an id that no acknowledgement in this namespace had before.
func (n *Namespace) nextAck() uint64 { return n.acks.Add(1) - 1 }
