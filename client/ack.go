package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

const maxAwaited = 10_000 // acknowledgements a socket

// awaiting is who waits for an acknowledgement. done is called once, with mu held: it must not block.
type awaiting struct {
	done  func(values []event.Value, err error)
	timer *time.Timer
}

// nextID is the next acknowledgement id. The caller holds mu.
func (s *Socket) nextID() uint64 {
	id := s.ids
	s.ids++
	return id
}

// await makes done hear of the acknowledgement id, or of [ErrTimeout] when the timeout, if there is one, is over. The
// caller holds mu.
func (s *Socket) await(id uint64, timeout time.Duration, done func([]event.Value, error)) error {
	if len(s.awaited) >= maxAwaited {
		return ErrTooManyAcks
	}
	s.listen(id, timeout, done)
	return nil
}

// listen is await without a limit, for the one event of [Options].Retries that is under way. The caller holds mu.
func (s *Socket) listen(id uint64, timeout time.Duration, done func([]event.Value, error)) {
	if s.awaited == nil {
		s.awaited = map[uint64]*awaiting{}
	}
	w := &awaiting{done: done}
	if timeout > 0 {
		w.timer = time.AfterFunc(timeout, func() {
			s.m.mu.Lock()
			defer s.m.mu.Unlock()
			if s.awaited[id] == w {
				s.unkeep(id)
				s.fail(id, ErrTimeout)
			}
		})
	}
	s.awaited[id] = w
	if s.m.inbox.waits++; s.m.inbox.waits == 1 {
		s.m.inbox.wake() // the answer may be behind what has not been read
	}
}

// finish ends a wait, if it is not over. The caller holds mu.
func (s *Socket) finish(id uint64, values []event.Value, err error) {
	w := s.awaited[id]
	if w == nil {
		return
	}
	delete(s.awaited, id)
	s.m.inbox.waits--
	if w.timer != nil {
		w.timer.Stop()
	}
	w.done(values, err)
}

// fail ends a wait without an answer. The caller holds mu.
func (s *Socket) fail(id uint64, err error) { s.finish(id, nil, err) }

// answered is told of the server's answer. One that nobody waits for is nothing. The caller holds mu.
func (s *Socket) answered(p parser.Packet) {
	s.finish(p.ID, event.Values(parser.Elements(p.Data), p.Attachments), nil)
}

// abandon fails the waits for what was sent: no answer will come. What still waits in the buffer can yet be answered. The
// caller holds mu.
func (s *Socket) abandon() {
	kept := map[uint64]bool{}
	for _, out := range s.buffer.waiting {
		if out.asks {
			kept[out.id] = true
		}
	}
	for id := range s.awaited {
		if !kept[id] {
			s.fail(id, ErrDisconnected)
		}
	}
}

// reply is how a question ended.
type reply struct {
	values []event.Value
	err    error
}

// ask emits and waits for the answer.
func (e Emitter) ask(ctx context.Context, name string, args []any) ([]event.Value, error) {
	s := e.socket
	if err := ctx.Err(); err != nil {
		return nil, unanswered(name, contextError(ctx))
	}
	replies := make(chan reply, 1)
	done := func(values []event.Value, err error) { replies <- reply{values, err} }
	id, err := s.question(e, name, args, done)
	if err != nil {
		return nil, err
	}
	select {
	case r := <-replies:
		if r.err != nil {
			return nil, unanswered(name, r.err)
		}
		return r.values, nil
	case <-ctx.Done():
	}
	s.withdraw(id, contextError(ctx))
	if r := <-replies; r.err == nil {
		return r.values, nil // it came at the same time
	}
	return nil, unanswered(name, contextError(ctx))
}

// question sends an event that is answered to done.
func (s *Socket) question(e Emitter, name string, args []any, done func([]event.Value, error)) (id uint64, err error) {
	if s.o.Retries > 0 && !e.volatile {
		return s.deliver(e, name, args, done)
	}
	s.m.mu.Lock()
	id = s.nextID()
	s.m.mu.Unlock()
	out, err := s.encode(e, name, args, &id)
	if err != nil {
		return 0, err
	}
	s.m.mu.Lock()
	s.m.noticeSleep()
	if err := s.await(id, e.patience(), done); err != nil {
		s.m.mu.Unlock()
		return 0, err
	}
	c, flush, err := s.submit(out)
	if err != nil {
		s.finish(id, nil, err)
	}
	s.m.mu.Unlock()
	if c != nil {
		if flush {
			c.Flush()
		}
		s.tellOutgoing(out)
	}
	return id, nil
}

// withdraw ends a wait from this side, wherever the event is.
func (s *Socket) withdraw(id uint64, why error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.undeliver(id, why)
	s.unkeep(id)
	s.fail(id, why)
}

func (e Emitter) patience() time.Duration {
	if e.timeout > 0 {
		return e.timeout
	}
	return e.socket.o.AckTimeout
}

// contextError is what ended ctx: what errors.Is knows it by, and the cause if there is another.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

func unanswered(name string, err error) error {
	if errors.Is(err, engineio.ErrDropped) || errors.Is(err, ErrBufferFull) {
		return err
	}
	const most = 128
	if len(name) > most {
		name = name[:most]
	}
	return fmt.Errorf("socketio: no acknowledgement of %q: %w", name, err)
}
