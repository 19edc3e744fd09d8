package socketio

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Obey does what another node told.
func (n node) Obey(r adapter.Request) error {
	b := n.addressed(r)
	switch r.Kind {
	case adapter.SocketsJoin:
		return b.SocketsJoin(r.Targets...)
	case adapter.SocketsLeave:
		return b.SocketsLeave(r.Targets...)
	case adapter.DisconnectSockets:
		return b.DisconnectSockets(r.Close)
	case adapter.ServerSideEmit:
		return n.namespace.serverEvent(r, nil)
	}
	return fmt.Errorf("socketio: another node tells what is not known here: %d", r.Kind)
}

// Answer answers what another node asked.
func (n node) Answer(r adapter.Request, answer func(adapter.Answer), done func()) error {
	switch r.Kind {
	case adapter.FetchSockets:
		n.namespace.background(func(context.Context) {
			for _, s := range n.addressed(r).Sockets() {
				answer(s.remoteAnswer())
			}
		}, done)
	case adapter.EmitWithAck:
		return n.poll(r, answer, done)
	case adapter.ServerSideEmit:
		return n.namespace.serverEvent(r, func(e *ServerEvent) {
			n.namespace.background(func(ctx context.Context) { answer(e.await(ctx, r)) }, done)
		})
	default:
		return fmt.Errorf("socketio: another node asks what is not known here: %d", r.Kind)
	}
	return nil
}

// addressed are the receivers of a request on this node.
func (n node) addressed(r adapter.Request) Broadcast {
	return Broadcast{namespace: n.namespace, rooms: r.Rooms, except: r.Except, flags: flags{
		local: true, volatile: r.Volatile, noCompress: r.NoCompress, timeout: r.Timeout,
	}}
}

// remoteAnswer is the socket as other nodes get to know it.
func (s *Socket) remoteAnswer() adapter.Answer {
	return adapter.Answer{ID: s.id, Rooms: s.Rooms(), Handshake: s.Handshake().encode(), Data: s.encodedData()}
}

// poll asks the receivers on this node for another one, and hands their answers on as they come.
func (n node) poll(r adapter.Request, answer func(adapter.Answer), done func()) error {
	m := adapter.Message{Event: r.Event, Attachments: r.Attachments}
	if err := checkMessage(m); err != nil {
		return err
	}
	b := n.addressed(r)
	receivers := b.Sockets()
	p := n.namespace.newPoll(receivers)
	p.came = make(chan *slot, len(receivers))
	if err := b.ask(context.Background(), p, r.Event, r.Attachments); err != nil {
		return err
	}
	name, args := said(r.Event, r.Attachments)
	n.namespace.outgoing(receivers, nil, name, args)
	n.namespace.background(func(ctx context.Context) {
		ctx, cancel := untilAnswered(ctx, r.Timeout)
		defer cancel()
		told := false
		defer func() {
			if !told { // the adapter panicked
				p.giveUp(context.Canceled)
			}
		}()
		first := adapter.Answer{Receivers: []string{}}
		for _, s := range receivers {
			first.Receivers = append(first.Receivers, s.id)
		}
		answer(first)
		for range receivers {
			select {
			case s := <-p.came:
				answer(s.forOthers())
			case <-ctx.Done():
				p.giveUp(ended(ctx))
				answer((<-p.came).forOthers())
			}
		}
		told = true
	}, done)
	return nil
}

// forOthers is what the receiver answered, as another node gets it.
func (s *slot) forOthers() adapter.Answer {
	s.poll.mu.Lock()
	a := s.answer
	s.poll.mu.Unlock()
	if a.err != nil {
		return adapter.Answer{ID: s.socket.id, Err: answerErrorText(a.err)}
	}
	return adapter.Answer{ID: s.socket.id, Data: a.data, Attachments: a.attachments}
}

// background runs work for the namespace, with a context that ends when the server stops, and then done. The server waits
// for it.
func (n *Namespace) background(work func(ctx context.Context), done func()) {
	io := n.server
	io.busy.add()
	go func() {
		defer io.busy.done()
		defer func() {
			if v := recover(); v != nil {
				io.panicked("adapter", v, "namespace", logged(n.name))
			}
		}()
		defer done()
		work(io.ctx)
	}()
}

// serverEvent takes an event that another node's server emitted to the handlers of this one. If it wants an answer, asked
// is called with the event once it is queued.
func (n *Namespace) serverEvent(r adapter.Request, asked func(*ServerEvent)) error {
	if n.server.draining.Load() {
		return ErrServerClosed
	}
	if err := checkMessage(adapter.Message{Event: r.Event, Attachments: r.Attachments}); err != nil {
		return err
	}
	name, args := parser.SplitEvent(r.Event, nil)
	e := &ServerEvent{namespace: n, name: string(name), values: event.Values(args, r.Attachments), size: len(r.Event)}
	for _, a := range r.Attachments {
		e.size += len(a)
	}
	if asked != nil {
		e.answers = make(chan adapter.Answer, 1)
	}
	if err := n.inbox.put(n, e); err != nil {
		n.server.tell(slog.LevelWarn, "socketio: event of another node dropped", "event", logged(e.name), "namespace", logged(n.name), "error", err)
		return err
	}
	if asked != nil {
		asked(e)
	}
	return nil
}
