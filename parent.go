package socketio

import (
	"context"
	"regexp"
	"time"

	"github.com/socketio-go/socketio/internal/rooms"
)

// Parent stands for namespaces whose names are not known beforehand. Make one with [Server.OfMatching] or
// [Server.OfFunc].
//
// A child is made when the first client asks for its name, or the first call of [Server.Of] with a name that matches the
// pattern. It is a namespace like any other, with rooms, an adapter and handlers of its own; what is registered with the
// parent, before or after, runs for the sockets of every child, before the child's own. A child that lost its last socket
// may be removed, see [Options.CleanupEmptyChildNamespaces] and [Options.MaxChildNamespaces]: keep names, not namespaces.
//
// Listeners of rooms and handlers of other servers' events belong to one namespace: [Server.OnNamespace] is the place to
// register them for each child.
//
// An emit reaches the children that exist on this node, and in each of them the other nodes too.
type Parent struct {
	handlers

	// Fixed at addParent.
	server  *Server
	pattern *regexp.Regexp
	allow   func(ctx context.Context, name string, h *Handshake) (bool, error) // nil if there is a pattern

	children rooms.Set[*Namespace]
}

// OfFunc returns a parent for all names that allow says yes to, see [Parent]. It is asked when a client wants to join a
// namespace that does not exist: after the parents that were made before said no, and not again while the namespace
// exists, so who may come in is for middleware to decide. An error is logged, unless it is an [*Error], and is a no.
//
// It runs on a goroutine of the client's, may take its time, and should return when ctx ends, as it does when the client
// goes.
func (io *Server) OfFunc(allow func(ctx context.Context, name string, h *Handshake) (bool, error)) *Parent {
	mustHandle("OfFunc", allow)
	return io.addParent(&Parent{allow: allow})
}

func (io *Server) addParent(p *Parent) *Parent {
	p.server = io
	io.mu.Lock()
	defer io.mu.Unlock()
	io.parents = append(io.parents, p)
	return p
}

// Children returns the namespaces that exist under this parent, in no particular order.
func (p *Parent) Children() []*Namespace { return append([]*Namespace(nil), p.children.Members()...) }

// Emit sends an event to everybody in every child, see [Broadcast.Emit].
func (p *Parent) Emit(event string, args ...any) error { return p.everybody().Emit(event, args...) }

// Send emits the event "message" to everybody in every child.
func (p *Parent) Send(args ...any) error { return p.everybody().Send(args...) }

// EmitWithAck sends an event to everybody in every child and collects the answers, see [Broadcast.EmitWithAck].
func (p *Parent) EmitWithAck(ctx context.Context, event string, args ...any) (Replies, error) {
	return p.everybody().EmitWithAck(ctx, event, args...)
}

func (p *Parent) everybody() Broadcast { return Broadcast{parent: p} }

// To reaches the members of the rooms of these names in every child.
func (p *Parent) To(rooms ...string) Broadcast { return p.everybody().To(rooms...) }

// In is the same as To.
func (p *Parent) In(rooms ...string) Broadcast { return p.everybody().To(rooms...) }

// Except reaches everybody in every child but the members of the rooms of these names.
func (p *Parent) Except(rooms ...string) Broadcast { return p.everybody().Except(rooms...) }

// Volatile reaches everybody that can take the event at once.
func (p *Parent) Volatile() Broadcast { return p.everybody().Volatile() }

// Compress says whether transports may compress the message. They may by default.
func (p *Parent) Compress(on bool) Broadcast { return p.everybody().Compress(on) }

// Binary says whether the arguments hold binary values, see [Direct.Binary].
func (p *Parent) Binary(on bool) Broadcast { return p.everybody().Binary(on) }

// Local reaches everybody on this node only.
func (p *Parent) Local() Broadcast { return p.everybody().Local() }

// Timeout limits how long EmitWithAck waits.
func (p *Parent) Timeout(d time.Duration) Broadcast { return p.everybody().Timeout(d) }

// Sockets returns the connected sockets of all children on this node, in no particular order.
func (p *Parent) Sockets() []*Socket { return p.everybody().Sockets() }

// FetchSockets returns everybody in the children that exist on this node, on all nodes, see [Broadcast.FetchSockets].
func (p *Parent) FetchSockets(ctx context.Context) ([]RemoteSocket, error) {
	return p.everybody().FetchSockets(ctx)
}

// SocketsJoin makes everybody in every child join the rooms, see [Broadcast.SocketsJoin].
func (p *Parent) SocketsJoin(rooms ...string) error { return p.everybody().SocketsJoin(rooms...) }

// SocketsLeave makes everybody in every child leave the rooms, see [Broadcast.SocketsLeave].
func (p *Parent) SocketsLeave(rooms ...string) error { return p.everybody().SocketsLeave(rooms...) }

// DisconnectSockets disconnects everybody in every child, see [Broadcast.DisconnectSockets].
func (p *Parent) DisconnectSockets(closeConn bool) error {
	return p.everybody().DisconnectSockets(closeConn)
}
