package socketio

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Broadcast says which sockets of a namespace an emit reaches, and how. It is a value: each method returns a new one, so
// it can be kept and shared. Make one with a method of [Namespace] or [Socket], such as [Namespace.To].
//
// The receivers are those at the time of the emit. Each gets the event once, however many of the rooms it is in.
type Broadcast struct {
	namespace *Namespace
	parent    *Parent // reaches its children instead; nil for none
	sender    *Socket // does not receive; nil for none
	rooms     []string
	except    []string
	flags     flags
}

// To adds rooms: receivers are the members of any of them. Without rooms everybody receives.
func (b Broadcast) To(rooms ...string) Broadcast {
	b.rooms = append(slices.Clip(b.rooms), rooms...)
	return b
}

// In is the same as To.
func (b Broadcast) In(rooms ...string) Broadcast { return b.To(rooms...) }

// Except takes the members of the rooms out.
func (b Broadcast) Except(rooms ...string) Broadcast {
	b.except = append(slices.Clip(b.except), rooms...)
	return b
}

// Volatile drops the event for each receiver that can't take it at once.
func (b Broadcast) Volatile() Broadcast { b.flags.volatile = true; return b }

// Compress says whether transports may compress the message. They may by default.
func (b Broadcast) Compress(on bool) Broadcast { b.flags.noCompress = !on; return b }

// Binary says whether the arguments hold binary values, see [Direct.Binary].
func (b Broadcast) Binary(on bool) Broadcast { b.flags.plain = !on; return b }

// Local keeps the event on this node.
func (b Broadcast) Local() Broadcast { b.flags.local = true; return b }

// Timeout limits how long EmitWithAck waits.
func (b Broadcast) Timeout(d time.Duration) Broadcast { b.flags.timeout = d; return b }

// Emit sends an event to the receivers. It never blocks on the network. A receiver that does not read is disconnected
// and is no error here. The errors are [ErrReservedName], [ErrTooManyAttachments], that of a value which can't be
// encoded, and that of the adapter, which means that other nodes were not reached.
func (b Broadcast) Emit(name string, args ...any) error {
	if parser.IsReserved(name) {
		return reservedName(name)
	}
	e, err := event.LendEvent(name, args)
	if err != nil {
		return err
	}
	defer e.Release()
	if b.flags.plain && len(e.Attachments) > 0 {
		e.Data, e.Attachments = plainData(e.Data, e.Attachments), nil
	}
	if b.parent == nil {
		return b.deliver(name, args, e)
	}
	var errs []error
	for _, n := range b.parent.children.Members() {
		errs = append(errs, b.in(n).deliver(name, args, e))
	}
	return errors.Join(errs...)
}

// in is the same for one namespace of a parent.
func (b Broadcast) in(n *Namespace) Broadcast {
	b.namespace, b.parent = n, nil
	return b
}

// deliver emits an event that is encoded, in one namespace. The payload is only lent.
func (b Broadcast) deliver(name string, args []any, e event.Payload) error {
	n := b.namespace
	m := adapter.Message{
		Rooms: b.rooms, Except: b.except, Event: e.Data, Volatile: b.flags.volatile, NoCompress: b.flags.noCompress,
	}
	if len(e.Attachments) > 0 {
		m.Attachments = slices.Clone(e.Attachments)
	}
	if !b.flags.local && b.sender != nil {
		m.Except = append(slices.Clip(m.Except), b.sender.id)
	}
	var ps []*packet.Prepared
	if n.recovery == nil && n.server.plainText {
		var err error
		if ps, err = n.wire(m); err != nil {
			return err
		}
		text := ps[0].Data
		m.Event = text[len(text)-len(e.Data):] // the same bytes, and not lent
	} else {
		m.Event = bytes.Clone(e.Data)
	}
	receivers, err := n.cast(b, m, ps, !b.flags.local)
	n.outgoing(receivers, b.sender, name, args)
	return err
}

// Send emits the event "message".
func (b Broadcast) Send(args ...any) error { return b.Emit("message", args...) }

// EmitWithAck sends an event to the receivers, on all nodes unless the broadcast is local, and waits until each has
// answered or disconnected, ctx ends or the timeout is over; with neither deadline nor timeout that is 5 s. There is an
// entry for each receiver, also when the error is not nil: then some did not answer, and the error is the first of theirs,
// or nodes are missing, and it is a [*MissingNodesError] too. It has the errors of Emit too.
func (b Broadcast) EmitWithAck(ctx context.Context, event string, args ...any) (Replies, error) {
	return b.poll(ctx, event, args)
}

// Sockets returns the receivers on this node, in no particular order. [Broadcast.FetchSockets] finds those of all nodes.
func (b Broadcast) Sockets() []*Socket {
	var list []*Socket
	for _, n := range b.namespaces() {
		for _, s := range b.in(n).receivers() {
			if s != b.sender && s.Connected() {
				list = append(list, s)
			}
		}
	}
	return list
}

// namespaces returns those that are addressed.
func (b Broadcast) namespaces() []*Namespace {
	if b.parent != nil {
		return b.parent.children.Members()
	}
	return []*Namespace{b.namespace}
}

// SocketsJoin makes the sockets join the rooms, on all nodes unless the broadcast is local. The error is that of the
// adapter, which means that other nodes were not reached. A socket of this node that can't join is logged.
func (b Broadcast) SocketsJoin(rooms ...string) error {
	for _, s := range b.Sockets() {
		if err := s.Join(rooms...); err != nil && !errors.Is(err, ErrDisconnected) {
			s.conn.server.tell(slog.LevelWarn, "socketio: join failed", "socket", s.loggedID(), "error", err)
		}
	}
	r := b.request(adapter.SocketsJoin)
	r.Targets = rooms
	return b.tellOthers(r)
}

// SocketsLeave makes the sockets leave the rooms, on all nodes unless the broadcast is local. The error is that of the
// adapter.
func (b Broadcast) SocketsLeave(rooms ...string) error {
	for _, s := range b.Sockets() {
		s.Leave(rooms...)
	}
	r := b.request(adapter.SocketsLeave)
	r.Targets = rooms
	return b.tellOthers(r)
}

// DisconnectSockets disconnects the sockets, see [Socket.Disconnect], on all nodes unless the broadcast is local. The
// error is that of the adapter.
func (b Broadcast) DisconnectSockets(closeConn bool) error {
	for _, s := range b.Sockets() {
		s.Disconnect(closeConn)
	}
	r := b.request(adapter.DisconnectSockets)
	r.Close = closeConn
	return b.tellOthers(r)
}

// receivers returns who is addressed, but for the sender. The slice is shared.
func (b Broadcast) receivers() []*Socket {
	n := b.namespace
	if len(b.rooms) == 0 {
		return n.index.Without(n.everyone.Members(), b.except)
	}
	return n.index.Without(n.index.Union(b.rooms), b.except)
}
