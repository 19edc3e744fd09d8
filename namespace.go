package socketio

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/internal/rate"
	"github.com/socketio-go/socketio/internal/rooms"
)

// Namespace is a part of a server with handlers, middleware and rooms of its own. All methods are safe for use by
// several goroutines.
type Namespace struct {
	handlers

	// Fixed at newNamespace.
	name   string
	server *Server
	layers []*handlers // what runs for its sockets: the parent's, if it is a child, and its own
	index  *rooms.Index[*Socket]
	child  *child // nil unless it was made under a Parent

	// Fixed when made is closed.
	adapter  adapter.Adapter
	recovery *recovery     // nil when it is off
	made     chan struct{} // closed when there is an adapter, or none came to be
	open     chan struct{} // closed when the listeners of new namespaces have returned: clients may come in

	everyone rooms.Set[*Socket]
	changes  roomChanges
	acks     atomic.Uint64
	spent    rate.Shared // by Options.Rates

	serverEvents event.Table[serverHandler]
	inbox        serverInbox // events of other nodes

	overheard atomic.Bool // a socket has had a catch-all listener of its own for what is emitted

	closing atomic.Bool
	shut    chan struct{} // closed when the adapter is

	// order is held while a broadcast is queued to its receivers, so that all get broadcasts in one order. Nothing is
	// written to a network meanwhile and no handler runs. The adapter is called, and with recovery on the dialect too:
	// neither may call back.
	order sync.Mutex
}

func newNamespace(server *Server, name string, parent *Parent) *Namespace {
	n := &Namespace{
		name: name, server: server,
		made: make(chan struct{}), open: make(chan struct{}), shut: make(chan struct{}),
	}
	n.index = rooms.New(n.changes.note)
	n.layers = []*handlers{&n.handlers}
	if parent != nil {
		n.child = &child{parent: parent}
		n.layers = []*handlers{&parent.handlers, &n.handlers}
	}
	return n
}

// closeAdapter closes the adapter once; a second caller waits for the first.
func (n *Namespace) closeAdapter(ctx context.Context) error {
	if n.closing.Swap(true) {
		select {
		case <-n.shut:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer close(n.shut)
	if <-n.made; n.adapter == nil {
		return nil
	}
	n.recovery.close()
	return n.adapter.Close(ctx)
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

// FetchSockets returns everybody, on all nodes, see [Broadcast.FetchSockets].
func (n *Namespace) FetchSockets(ctx context.Context) ([]RemoteSocket, error) {
	return n.everybody().FetchSockets(ctx)
}

// SocketsJoin makes everybody join the rooms, see [Broadcast.SocketsJoin].
func (n *Namespace) SocketsJoin(rooms ...string) error { return n.everybody().SocketsJoin(rooms...) }

// SocketsLeave makes everybody leave the rooms, see [Broadcast.SocketsLeave].
func (n *Namespace) SocketsLeave(rooms ...string) error { return n.everybody().SocketsLeave(rooms...) }

// DisconnectSockets disconnects everybody, see [Broadcast.DisconnectSockets].
func (n *Namespace) DisconnectSockets(closeConn bool) error {
	return n.everybody().DisconnectSockets(closeConn)
}

func (n *Namespace) add(s *Socket)    { n.everyone.Add(s) }
func (n *Namespace) remove(s *Socket) { n.everyone.Remove(s) }

// nextAck returns an id that no acknowledgement in this namespace had before.
func (n *Namespace) nextAck() uint64 { return n.acks.Add(1) - 1 }
