package socketio

import (
	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/parser"
)

// wire makes the messages of a broadcast.
func (n *Namespace) wire(m adapter.Message) ([]*packet.Prepared, error) {
	p := parser.Packet{Type: parser.Event, Namespace: n.name, Data: m.Event, Attachments: m.Attachments}
	return n.server.prepareShared(p, m.NoCompress)
}

// cast sends one event to the receivers of a broadcast, and hands it to the adapter if it is to be published. The messages are
// nil if they have not been made yet. It returns the receivers, unless nobody got the event.
func (n *Namespace) cast(b Broadcast, m adapter.Message, ps []*packet.Prepared, publish bool) ([]*Socket, error) {
	if n.recovery != nil {
		if err := n.sayable(m); err != nil {
			return nil, err
		}
		return n.fanOutStored(b, m, publish)
	}
	if ps == nil {
		var err error
		if ps, err = n.wire(m); err != nil {
			return nil, err
		}
	}
	receivers := b.receivers()
	return receivers, n.fanOut(receivers, b.sender, ps, m, publish)
}

// fanOut puts one event into the outbox of every receiver but the sender, and hands it to the adapter if it is to be
// published. The order lock makes all broadcasts of the namespace reach everybody in one order; writing happens outside it.
func (n *Namespace) fanOut(receivers []*Socket, sender *Socket, ps []*packet.Prepared, m adapter.Message, publish bool) (err error) {
	out := n.server.engine.FanOut()
	defer out.Flush()
	defer func() { // of the adapter, and behind the lock: the log is user code as well
		if v := recover(); v != nil {
			n.server.panicked("adapter", v, "namespace", logged(n.name))
			err = &panicError{v}
		}
	}()
	n.order.Lock()
	defer n.order.Unlock()
	for i, s := range receivers {
		prefetch(receivers, i)
		if s != sender && s.state.Load() == connected {
			s.queue(out, ps, m.Volatile)
		}
	}
	if publish {
		err = n.adapter.Publish(m)
	}
	return err
}

// queue puts messages into the outbox of a receiver. An error is the receiver's end, or its loss of a volatile event.
func (s *Socket) queue(out *engineio.FanOut, ps []*packet.Prepared, volatile bool) error {
	return out.Enqueue(s.conn.eio, (*gate)(s), volatile, ps)
}

// prefetch is called for each receiver i. Now and then it fetches what the next ones need, see [engineio.Conn.Prefetch].
func prefetch(receivers []*Socket, i int) {
	if i%engineio.Ahead != 0 {
		return
	}
	for _, s := range receivers[i:min(i+engineio.Ahead, len(receivers))] {
		if s.state.Load() == connected {
			s.conn.eio.Prefetch()
		}
	}
}

// outgoing tells the catch-all listeners of the receivers, once for each.
func (n *Namespace) outgoing(receivers []*Socket, sender *Socket, event string, args []any) {
	everywhere := false
	for _, layer := range n.layers {
		everywhere = everywhere || layer.anyOut.Has(all)
	}
	if !everywhere && !n.overheard.Load() {
		return
	}
	for _, s := range receivers {
		if s == sender || s.state.Load() != connected {
			continue
		}
		if everywhere || s.listeners.Load() != nil {
			s.outgoing(event, args)
		}
	}
}
