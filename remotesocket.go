package socketio

import (
	"context"
	"slices"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/internal/event"
)

// RemoteSocket is a socket anywhere in the cluster, as it was when [Broadcast.FetchSockets] found it. What is done with
// it is done where it is. It is a value, and may be kept; a socket that has gone meanwhile is no error, but for a
// question to it.
type RemoteSocket struct {
	namespace *Namespace
	id        string
	rooms     []string
	handshake *Handshake       // of one on another node
	local     *Socket          // nil on another node
	data      map[*key]any     // of a local one
	encoded   map[string]Value // by the names of the keys: of another node's, or what was loaded
	flags     flags
}

// ID is the id of the socket.
func (r RemoteSocket) ID() string { return r.id }

// Handshake is what the client said when it connected.
func (r RemoteSocket) Handshake() *Handshake {
	if r.local != nil {
		return r.local.Handshake()
	}
	return r.handshake
}

// Rooms returns the rooms that the socket was in.
func (r RemoteSocket) Rooms() []string { return slices.Clone(r.rooms) }

// Socket returns the socket itself if it is on this node, else nil.
func (r RemoteSocket) Socket() *Socket { return r.local }

// From returns the value that the socket had, as a snapshot, and whether it had one. For a socket of another node the
// value is found by the key's name and has been JSON on its way: what JSON can't hold is missing.
func (k Key[T]) From(r RemoteSocket) (v T, ok bool) {
	if stored, ok := r.data[k.key]; ok {
		v, _ = stored.(T)
		return v, true
	}
	encoded, ok := r.encoded[k.key.name]
	if !ok || encoded.Decode(&v) != nil {
		var none T
		return none, false
	}
	return v, true
}

// Timeout limits how long EmitWithAck and Call wait.
func (r RemoteSocket) Timeout(d time.Duration) RemoteSocket { r.flags.timeout = d; return r }

func (r RemoteSocket) broadcast() Broadcast {
	return Broadcast{namespace: r.namespace, rooms: []string{r.id}, flags: r.flags}
}

// Emit sends an event to this client, see [Broadcast.Emit].
func (r RemoteSocket) Emit(event string, args ...any) error {
	return r.broadcast().Emit(event, args...)
}

// EmitWithAck emits an event and waits for the client's answer, see [Broadcast.EmitWithAck]; the error is
// [ErrDisconnected] if the client is nowhere any more.
func (r RemoteSocket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	replies, err := r.broadcast().EmitWithAck(ctx, event, args...)
	for id, reply := range replies.All() {
		if id == r.id { // others may have joined a room of this name
			if reply.Err != nil {
				return nil, unanswered(event, reply.Err)
			}
			return reply.Args, nil
		}
	}
	if err == nil {
		err = unanswered(event, ErrDisconnected)
	}
	return nil, err
}

// Call is EmitWithAck for an answer of type R, see [Direct.Call].
func (r RemoteSocket) Call[R any](ctx context.Context, name string, args ...any) (R, error) {
	var none R
	answer, err := r.EmitWithAck(ctx, name, args...)
	if err != nil {
		return none, err
	}
	values := make([]event.Value, len(answer))
	for i := range answer {
		values[i] = answer.Value(i)
	}
	if err := answeredError(values); err != nil {
		return none, err
	}
	return event.Bind[R]()(values)
}

// To reaches the members of the rooms, on all nodes, but this socket.
func (r RemoteSocket) To(rooms ...string) Broadcast {
	return Broadcast{namespace: r.namespace, rooms: rooms, except: []string{r.id}, flags: r.flags}
}

// Join puts the socket into the rooms, see [Broadcast.SocketsJoin].
func (r RemoteSocket) Join(rooms ...string) error { return r.broadcast().SocketsJoin(rooms...) }

// Leave takes the socket out of the rooms.
func (r RemoteSocket) Leave(rooms ...string) error { return r.broadcast().SocketsLeave(rooms...) }

// Disconnect disconnects the socket, see [Socket.Disconnect].
func (r RemoteSocket) Disconnect(closeConn bool) error {
	return r.broadcast().DisconnectSockets(closeConn)
}

// FetchSockets returns the receivers on all nodes, those of this node first, or with [Broadcast.Local] only those. It
// waits until the other nodes have answered, ctx ends or the timeout is over; with neither deadline nor timeout that is
// 5 s. When nodes are missing the error is a [*MissingNodesError] and the list holds the sockets of the others.
func (b Broadcast) FetchSockets(ctx context.Context) ([]RemoteSocket, error) {
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	ctx, cancel := untilAnswered(ctx, b.flags.timeout)
	defer cancel()
	var list []RemoteSocket
	for _, s := range b.Sockets() {
		list = append(list, s.snapshot())
	}
	if b.flags.local {
		return list, nil
	}
	return b.fetchOthers(ctx, list)
}

// fetchOthers adds the receivers on the other nodes to the list.
func (b Broadcast) fetchOthers(ctx context.Context, list []RemoteSocket) ([]RemoteSocket, error) {
	namespaces := b.namespaces()
	inquiries := make([]*inquiry, len(namespaces))
	var failed error
	for i, n := range namespaces {
		err := n.inOrder(func() (err error) {
			inquiries[i], err = n.inquire(ctx, b.request(adapter.FetchSockets))
			return err
		})
		if err != nil {
			failed, inquiries[i] = err, nil
		}
	}
	for i, inquiry := range inquiries {
		if inquiry == nil {
			continue
		}
		answers, err := inquiry.await(ctx)
		for _, a := range answers {
			list = append(list, remoteSocket(namespaces[i], a.Answer))
		}
		if err != nil {
			failed = err
		}
	}
	return list, failed
}

// snapshot is the socket as it is now.
func (s *Socket) snapshot() RemoteSocket {
	r := RemoteSocket{namespace: s.namespace, id: s.id, rooms: s.Rooms(), local: s}
	r.data, r.encoded = s.dataNow()
	return r
}

// remoteSocket is a socket of another node.
func remoteSocket(n *Namespace, a adapter.Answer) RemoteSocket {
	r := RemoteSocket{namespace: n, id: a.ID, rooms: a.Rooms, handshake: handshakeOf(a.Handshake)}
	data := event.Values([][]byte{a.Data}, nil)
	if len(a.Data) > 0 && data[0].Decode(&r.encoded) != nil {
		r.encoded = nil
	}
	return r
}
