package socketio

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
)

// pollTimeout is how long a broadcast waits for answers when nothing else limits it.
const pollTimeout = 5 * time.Second

// Reply is what one client answered.
type Reply struct {
	Args Args
	Err  error // there is no answer: the time was over, or the client disconnected
}

// Replies are the answers to a broadcast, one for each receiver.
type Replies struct {
	entries []entry
}

type entry struct {
	id    string
	reply Reply
}

// All yields the socket id and the reply of every receiver, in no particular order.
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
	id      uint64
	slots   []slot // Fixed once it is sent.
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
	if p.missing--; p.missing == 0 {
		close(p.done)
	}
}

func (b Broadcast) poll(ctx context.Context, name string, args []any) (Replies, error) {
	timeout := b.flags.timeout
	if _, ok := ctx.Deadline(); !ok && timeout <= 0 {
		timeout = pollTimeout
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	polls, err := b.askAll(name, args)
	if err != nil {
		return Replies{}, err
	}
	for _, p := range polls {
		select {
		case <-p.done:
		case <-ctx.Done():
			p.giveUp(context.Cause(ctx))
		}
	}
	return result(name, polls)
}

// askAll sends the question, with a poll for each namespace that is addressed.
func (b Broadcast) askAll(name string, args []any) ([]*poll, error) {
	if b.parent == nil {
		p, err := b.ask(name, args)
		return []*poll{p}, err
	}
	if _, _, err := eventData(name, args, b.flags); err != nil { // all or nobody is asked, and nobody may be there
		return nil, err
	}
	var polls []*poll
	for _, n := range b.parent.children.Members() {
		p, err := b.in(n).ask(name, args)
		if err != nil {
			for _, p := range polls {
				p.giveUp(err)
			}
			return nil, err
		}
		polls = append(polls, p)
	}
	return polls, nil
}

// ask sends the question to every receiver. All of them get the same packet, so the same id.
func (b Broadcast) ask(name string, args []any) (*poll, error) {
	n := b.namespace
	p := &poll{id: n.nextAck(), done: make(chan struct{})}
	ps, err := n.server.encodeEvent(n.name, name, args, b.flags, &p.id)
	if err != nil {
		return nil, err
	}
	receivers := b.Sockets()
	p.slots, p.missing = make([]slot, len(receivers)), len(receivers)
	if p.missing == 0 {
		close(p.done)
	}
	list := toFlush.Get().(*[]*engineio.Conn)
	var failed []*slot
	n.order.Lock()
	for i, s := range receivers {
		p.slots[i] = slot{poll: p, socket: s}
		if err := s.conn.await(s, p.id, &p.slots[i]); err != nil {
			p.slots[i].answer.err = err
			failed = append(failed, &p.slots[i])
			continue
		}
		flush, err := s.enqueue(ps, b.flags.volatile)
		if errors.Is(err, engineio.ErrDropped) && s.conn.forget(s, p.id) != nil {
			p.slots[i].answer.err = err // no answer can come
			failed = append(failed, &p.slots[i])
		}
		if flush {
			*list = append(*list, s.conn.eio)
		}
	}
	n.order.Unlock()
	flushAll(list)
	for _, s := range failed {
		s.answered(s.socket, answer{err: s.answer.err})
	}
	n.outgoing(receivers, nil, name, args)
	return p, nil
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

func result(name string, polls []*poll) (r Replies, err error) {
	missing := 0
	for _, p := range polls {
		r.entries = slices.Grow(r.entries, len(p.slots))
		for i := range p.slots {
			s := &p.slots[i]
			e := entry{id: s.socket.id}
			if e.reply.Err = s.answer.err; e.reply.Err == nil {
				e.reply.Args = event.ArgsOf(s.answer.values())
			} else if missing++; missing == 1 {
				err = e.reply.Err
			}
			r.entries = append(r.entries, e)
		}
	}
	if missing > 0 {
		err = fmt.Errorf("socketio: %d of %d clients did not acknowledge %q: %w", missing, len(r.entries), logged(name), err)
	}
	return r, err
}
