package socketio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Reply is what one client answered.
type Reply struct {
	Args Args
	Err  error // there is no answer: the time was over, or the client disconnected
}

// Replies are the answers to a broadcast, one for each receiver, or those to [Namespace.ServerSideEmitWithAck], one for
// each other node.
type Replies struct {
	entries []entry
}

type entry struct {
	id    string
	reply Reply
}

// All yields the id of the socket, or the name of the node, and the reply of every receiver, in no particular order.
func (r Replies) All() iter.Seq2[string, Reply] {
	return func(yield func(string, Reply) bool) {
		for _, e := range r.entries {
			if !yield(e.id, e.reply) {
				return
			}
		}
	}
}

// Len is the number of receivers.
func (r Replies) Len() int { return len(r.entries) }

// poll collects the answers to one broadcast.
type poll struct {
	id     uint64
	slots  []slot     // Fixed once it is sent.
	came   chan *slot // gets each slot that is answered, and has room for all; nil if only the end counts
	others *inquiry   // on the other nodes; nil if they are not asked
	failed error      // why they could not be

	mu      sync.Mutex
	missing int           // Guarded by mu.
	done    chan struct{} // closed when nothing is missing
}

// slot is where one receiver's answer goes.
type slot struct {
	poll   *poll
	socket *Socket
	answer answer // Guarded by poll.mu until poll.done.
}

func (s *slot) answered(_ *Socket, a answer) {
	p := s.poll
	p.mu.Lock()
	defer p.mu.Unlock()
	s.answer = a
	if p.came != nil {
		p.came <- s
	}
	if p.missing--; p.missing == 0 {
		close(p.done)
	}
}

func (b Broadcast) poll(ctx context.Context, name string, args []any) (Replies, error) {
	if ctx.Err() != nil {
		return Replies{}, unanswered(name, ended(ctx))
	}
	ctx, cancel := untilAnswered(ctx, b.flags.timeout)
	defer cancel()
	polls, err := b.askAll(ctx, name, args)
	if err != nil {
		return Replies{}, err
	}
	for _, p := range polls {
		select {
		case <-p.done:
		case <-ctx.Done():
			p.giveUp(ended(ctx))
		}
	}
	return result(ctx, name, polls)
}

// askAll sends the question, with a poll for each namespace that is addressed.
func (b Broadcast) askAll(ctx context.Context, name string, args []any) (polls []*poll, err error) {
	data, attachments, err := eventData(name, args, b.flags)
	if err != nil {
		return nil, err
	}
	for _, n := range b.namespaces() {
		b := b.in(n)
		receivers := b.Sockets()
		p := n.newPoll(receivers)
		if err := b.ask(ctx, p, data, attachments); err != nil {
			for _, p := range polls {
				p.giveUp(err)
			}
			return nil, err
		}
		n.outgoing(receivers, nil, name, args)
		polls = append(polls, p)
	}
	return polls, nil
}

func (n *Namespace) newPoll(receivers []*Socket) *poll {
	p := &poll{id: n.nextAck(), slots: make([]slot, len(receivers)), missing: len(receivers), done: make(chan struct{})}
	for i, s := range receivers {
		p.slots[i] = slot{poll: p, socket: s}
	}
	if p.missing == 0 {
		close(p.done)
	}
	return p
}

// ask sends the question to every receiver, and to the other nodes. All of them get the same packet, so the same id. An
// error means that nobody was asked.
func (b Broadcast) ask(ctx context.Context, p *poll, data []byte, attachments [][]byte) error {
	n := b.namespace
	ps, err := n.server.prepareShared(parser.Packet{
		Type: parser.Event, Namespace: n.name, ID: p.id, HasID: true, Data: data, Attachments: attachments,
	}, b.flags.noCompress)
	if err != nil {
		return err
	}
	out := n.server.engine.FanOut()
	defer out.Flush()
	var failed []*slot
	p.failed = n.inOrder(func() (err error) {
		failed = p.enqueue(ps, b.flags.volatile, out)
		if b.flags.local {
			return nil
		}
		r := b.request(adapter.EmitWithAck)
		r.Event, r.Attachments = data, attachments
		r.Volatile, r.NoCompress = b.flags.volatile, b.flags.noCompress
		others, err := n.inquire(ctx, r)
		if err == nil {
			p.others = others
		}
		return err
	})
	for _, s := range failed {
		s.answered(s.socket, answer{err: s.answer.err})
	}
	return nil
}

// enqueue puts the question into the outboxes, and returns the slots that no answer can come for. It is called with
// Namespace.order held.
func (p *poll) enqueue(ps []*packet.Prepared, volatile bool, out *engineio.FanOut) (failed []*slot) {
	for i := range p.slots {
		s := &p.slots[i]
		if err := s.socket.conn.await(s.socket, p.id, s); err != nil {
			s.answer.err = err
			failed = append(failed, s)
			continue
		}
		err := s.socket.queue(out, ps, volatile)
		if errors.Is(err, engineio.ErrDropped) && s.socket.conn.forget(s.socket, p.id) != nil {
			s.answer.err = err // no answer can come
			failed = append(failed, s)
		}
	}
	return failed
}

// giveUp ends the waits that are left. A reply that comes at the same time counts.
func (p *poll) giveUp(cause error) {
	for i := range p.slots {
		s := &p.slots[i]
		if w := s.socket.conn.forget(s.socket, p.id); w != nil {
			w.answered(s.socket, answer{err: cause})
		}
	}
	<-p.done
}

// entry is what the receiver answered, as the asker gets it.
func (s *slot) entry() entry {
	e := entry{id: s.socket.id}
	if e.reply.Err = s.answer.err; e.reply.Err == nil {
		e.reply.Args = event.ArgsOf(s.answer.values())
	}
	return e
}

// result puts together what came, from this node and the others.
func result(ctx context.Context, name string, polls []*poll) (r Replies, err error) {
	var errs []error
	for _, p := range polls {
		r.entries = slices.Grow(r.entries, len(p.slots))
		for i := range p.slots {
			r.entries = append(r.entries, p.slots[i].entry())
		}
		if p.others != nil {
			answers, err := p.others.await(ctx)
			r.entries = append(r.entries, remoteEntries(ctx, answers)...)
			errs = append(errs, err)
		}
		errs = append(errs, p.failed)
	}
	missing := 0
	for _, e := range r.entries {
		if e.reply.Err == nil {
			continue
		}
		if missing++; missing == 1 {
			err = e.reply.Err
		}
	}
	if missing > 0 {
		err = fmt.Errorf("socketio: %d of %d clients did not acknowledge %q: %w", missing, len(r.entries), logged(name), err)
	}
	if others := errors.Join(errs...); others != nil {
		err = errors.Join(err, others)
	}
	return r, err
}

// remoteEntries are the answers of the other nodes' sockets. Those that a node said to have asked, and of which nothing
// came, are entries too.
func remoteEntries(ctx context.Context, answers []nodeAnswer) (entries []entry) {
	at := make(map[string]int)
	put := func(id string, reply Reply) {
		i, ok := at[id]
		if !ok {
			i = len(entries)
			at[id] = i
			entries = append(entries, entry{id: id})
		}
		entries[i].reply = reply
	}
	for _, a := range answers {
		for _, id := range a.Receivers {
			if _, ok := at[id]; !ok {
				put(id, Reply{Err: cmp.Or(ended(ctx), context.DeadlineExceeded)})
			}
		}
		if a.ID != "" {
			put(a.ID, a.reply())
		}
	}
	return entries
}

// reply is what was answered on another node.
func (a nodeAnswer) reply() Reply {
	if a.Err != "" {
		return Reply{Err: answerError(a.Err)}
	}
	if err := checkAnswer(a.Answer); err != nil {
		return Reply{Err: err}
	}
	return Reply{Args: event.ArgsOf(event.Values(parser.Elements(a.Data), a.Attachments))}
}
