package client

import (
	"errors"

	"github.com/socketio-go/socketio/internal/event"
)

// delivery is an event in the queue of Options.Retries. It keeps its acknowledgement id from try to try.
type delivery struct {
	outgoing
	emit  Emitter
	tries int
	sent  bool
	done  func([]event.Value, error) // who wants the answer; may be nil
}

// deliver queues an event that is sent until it is acknowledged. A full queue refuses it, whatever DropOldest says: the
// first may be under way.
func (s *Socket) deliver(e Emitter, name string, args []any, done func([]event.Value, error)) (id uint64, err error) {
	s.m.mu.Lock()
	id = s.nextID()
	s.m.mu.Unlock()
	out, err := s.encode(e, name, args, &id)
	if err != nil {
		return 0, err
	}
	s.m.mu.Lock()
	if s.m.closed {
		s.m.mu.Unlock()
		return 0, ErrClosed
	}
	bytes := out.size
	for _, d := range s.retries {
		bytes += d.size
	}
	if len(s.retries) >= s.o.BufferPackets || len(s.retries) > 0 && bytes > s.o.BufferBytes {
		s.m.mu.Unlock()
		return 0, ErrBufferFull
	}
	s.m.noticeSleep()
	s.retries = append(s.retries, &delivery{outgoing: out, emit: e, done: done})
	l := s.m.link
	flush := l != nil && s.sendFirst(l, false)
	s.m.mu.Unlock()
	if flush {
		l.conn.Flush()
	}
	return id, nil
}

// sendFirst sends the first event of the queue, unless it is under way; after a reconnection it is sent again in any
// case. It reports whether the caller has to flush. The caller holds mu.
func (s *Socket) sendFirst(l *link, again bool) (flush bool) {
	if len(s.retries) == 0 || !s.connected || s.retries[0].sent && !again {
		return false
	}
	d := s.retries[0]
	if s.awaited[d.id] != nil {
		return false // the answer to a try before may still come, and counts
	}
	d.sent = true
	d.tries++
	s.listen(d.id, d.emit.patience(), func(values []event.Value, err error) { s.tried(d, values, err) })
	flush, err := l.conn.Enqueue(d.ps...)
	if err == nil && s.handlers.anyOut.Has(all) {
		s.m.tell(func() { s.tellOutgoing(d.outgoing) })
	}
	return flush
}

// tried is told how a try ended. The caller holds mu.
func (s *Socket) tried(d *delivery, values []event.Value, err error) {
	if len(s.retries) == 0 || s.retries[0] != d {
		return
	}
	if err != nil && d.tries <= s.o.Retries && !errors.Is(err, errWithdrawn) {
		d.sent = false
	} else {
		s.retries[0] = nil
		s.retries = s.retries[1:]
		s.delivered(d, values, err)
	}
	// Not from here: the caller may be ending waits of a connection that is over. And not behind the handlers: one of them
	// may wait for this very event.
	epoch := s.epoch
	s.m.aside(func() { s.resumeRetries(epoch) })
}

var errWithdrawn = errors.New("socketio: withdrawn")

// delivered tells who wants to know how a delivery ended. The caller holds mu.
func (s *Socket) delivered(d *delivery, values []event.Value, err error) {
	switch {
	case d.done != nil:
		d.done(values, err)
	case err != nil && !errors.Is(err, errWithdrawn):
		fireSocket(s, &s.listeners.error, func(f func(error)) { f(unanswered(d.name, err)) })
	}
}

func (s *Socket) resumeRetries(epoch int) {
	s.m.mu.Lock()
	l := s.m.link
	flush := l != nil && s.epoch == epoch && s.sendFirst(l, false)
	s.m.mu.Unlock()
	if flush {
		l.conn.Flush()
	}
}

// undeliver takes an event out of the queue: nobody waits for it any more. The caller holds mu.
func (s *Socket) undeliver(id uint64, why error) {
	for i, d := range s.retries {
		if d.id != id {
			continue
		}
		if i == 0 && d.sent {
			done := d.done
			d.done = func([]event.Value, error) { done(nil, why) }
			s.fail(id, errWithdrawn)
			return
		}
		s.retries = append(s.retries[:i:i], s.retries[i+1:]...)
		s.delivered(d, nil, why)
		return
	}
}
