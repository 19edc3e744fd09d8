package socketio

import (
	"context"
	"errors"
	"fmt"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

const maxAwaited = 10_000 // acknowledgements a socket

// waiter is told how a question ended, once: with the client's answer or with an error. It must not block.
type waiter interface {
	answered(s *Socket, a answer)
}

// answer is what came of a question.
type answer struct {
	data        []byte // JSON array
	attachments [][]byte
	err         error
}

func (a answer) values() []event.Value {
	return event.Values(parser.Elements(a.data), a.attachments)
}

// question waits for one client.
type question chan answer

func (q question) answered(_ *Socket, a answer) { q <- a } // has room for one

// await makes w hear of the acknowledgement id.
func (c *conn) await(s *Socket, id uint64, w waiter) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.state.Load() != connected {
		return ErrDisconnected
	}
	if len(s.awaited) >= maxAwaited {
		return ErrTooManyAcks
	}
	if s.awaited == nil {
		s.awaited = make(map[uint64]waiter, 1)
	}
	s.awaited[id] = w
	if c.flow.waits++; c.flow.waits == 1 {
		c.flow.wake() // the answer may be behind what the reader has not read
	}
	return nil
}

// forget takes the wait back and returns its waiter, nil if it is over already.
func (c *conn) forget(s *Socket, id uint64) waiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, ok := s.awaited[id]
	if !ok {
		return nil
	}
	if delete(s.awaited, id); len(s.awaited) == 0 {
		s.awaited = nil // a map never shrinks
	}
	c.flow.waits--
	return w
}

// resolve gives a client's answer to who waits for it, on the goroutine that reads. An answer nobody waits for is
// nothing.
func (c *conn) resolve(s *Socket, p parser.Packet) {
	if !p.HasID {
		return
	}
	if w := c.forget(s, p.ID); w != nil {
		w.answered(s, answer{data: p.Data, attachments: p.Attachments})
	}
}

// abandon tells the waiters of a removed socket that no answer will come.
func (s *Socket) abandon(waits map[uint64]waiter) {
	for _, w := range waits {
		w.answered(s, answer{err: ErrDisconnected})
	}
}

// ask emits to one client and waits for its answer.
func (s *Socket) ask(ctx context.Context, f flags, name string, args []any) ([]event.Value, error) {
	if f.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.timeout)
		defer cancel()
	}
	if ctx.Err() != nil {
		return nil, unanswered(name, ended(ctx))
	}
	id := s.namespace.nextAck()
	ps, err := s.namespace.server.encodeEvent(s.namespace.name, name, args, f, &id)
	if err != nil {
		return nil, err
	}
	q := make(question, 1)
	if err := s.conn.await(s, id, q); err != nil {
		return nil, err
	}
	s.outgoing(name, args)
	if err := s.send(ps, f); err != nil && s.conn.forget(s, id) != nil {
		return nil, err
	}
	var a answer
	select {
	case a = <-q:
	case <-ctx.Done():
		if s.conn.forget(s, id) != nil {
			return nil, unanswered(name, ended(ctx))
		}
		a = <-q // it came at the same time
	}
	if a.err != nil {
		return nil, unanswered(name, a.err)
	}
	return a.values(), nil
}

func unanswered(name string, err error) error {
	return fmt.Errorf("socketio: no acknowledgement of %q: %w", logged(name), err)
}

// ended is why ctx has ended, nil if it has not: its error, and the cause too if there is another.
func ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}
