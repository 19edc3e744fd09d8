package client

import (
	"slices"
	"time"
)

// buffer holds what waits for a connection, in order. It is bounded: Options says what happens when it is full.
type buffer struct {
	waiting []kept
	bytes   int
	timer   *time.Timer // for the first of them to expire; nil if none can
}

// kept is an event in the buffer.
type kept struct {
	outgoing
	since time.Time
}

// keep puts an event into the buffer. The caller holds mu.
func (s *Socket) keep(out outgoing) error {
	if s.m.closed {
		return ErrClosed
	}
	b := &s.buffer
	s.expire()
	for len(b.waiting) >= s.o.BufferPackets || b.bytes+out.size > s.o.BufferBytes && len(b.waiting) > 0 {
		if !s.o.DropOldest {
			return ErrBufferFull
		}
		s.drop(0, ErrBufferFull)
	}
	b.waiting = append(b.waiting, kept{out, time.Now()})
	b.bytes += out.size
	if s.o.BufferTTL > 0 && b.timer == nil {
		s.watch(s.o.BufferTTL)
	}
	return nil
}

// watch drops what has waited too long, after d and as long as anything waits. The caller holds mu.
func (s *Socket) watch(d time.Duration) {
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		s.m.mu.Lock()
		defer s.m.mu.Unlock()
		b := &s.buffer
		if b.timer != timer {
			return
		}
		b.timer = nil
		if s.expire(); len(b.waiting) > 0 {
			s.watch(s.o.BufferTTL - time.Since(b.waiting[0].since))
		}
	})
	s.buffer.timer = timer
}

// dismiss drops all that waits, as there will be no connection any more. The caller holds mu.
func (s *Socket) dismiss() {
	for len(s.buffer.waiting) > 0 {
		s.drop(0, ErrClosed)
	}
	s.unwatch()
	retries := s.retries
	s.retries = nil
	for _, d := range retries {
		if d.done != nil {
			d.done(nil, ErrClosed)
		}
	}
}

func (s *Socket) unwatch() {
	if s.buffer.timer != nil {
		s.buffer.timer.Stop()
		s.buffer.timer = nil
	}
}

// expire drops what has waited too long. The caller holds mu.
func (s *Socket) expire() {
	for s.o.BufferTTL > 0 && len(s.buffer.waiting) > 0 && time.Since(s.buffer.waiting[0].since) >= s.o.BufferTTL {
		s.drop(0, ErrExpired)
	}
}

// drop takes event i out of the buffer, and tells who waits for its answer. The caller holds mu.
func (s *Socket) drop(i int, why error) {
	b := &s.buffer
	out := b.waiting[i]
	b.bytes -= out.size
	if i == 0 {
		b.waiting[0] = kept{}
		b.waiting = b.waiting[1:]
	} else {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	}
	if out.asks {
		s.fail(out.id, why)
	}
}

// unkeep takes the event with that acknowledgement id out of the buffer: nobody waits for its answer any more. The caller
// holds mu.
func (s *Socket) unkeep(id uint64) {
	for i, out := range s.buffer.waiting {
		if out.asks && out.id == id {
			s.drop(i, ErrTimeout)
			return
		}
	}
}

// sendBuffered sends what waited for the connection. What would crowd its outbox is sent when there is room, and what is
// emitted until then waits behind. It reports whether the caller has to flush. The caller holds mu.
func (s *Socket) sendBuffered(l *link) (flush bool) {
	s.expire()
	for i, out := range s.buffer.waiting {
		if l.conn.Crowded() {
			s.buffer.waiting = s.buffer.waiting[i:]
			s.sendRest(l)
			return flush
		}
		f, err := l.conn.Enqueue(out.ps...)
		if err != nil { // the connection ends: what is left waits for the next
			s.buffer.waiting = s.buffer.waiting[i:]
			return flush
		}
		flush = flush || f
		s.buffer.bytes -= out.size
		if s.handlers.anyOut.Has(all) {
			s.m.tell(func() { s.tellOutgoing(out.outgoing) })
		}
	}
	s.unwatch()
	s.buffer = buffer{}
	return flush
}

// sendRest goes on with sendBuffered when the connection has room, unless it ends. The caller holds mu.
func (s *Socket) sendRest(l *link) {
	m := s.m
	m.aside(func() {
		leave, err := l.conn.LineUp(m.ctx)
		if err != nil {
			return // the connection has ended, or is about to
		}
		m.mu.Lock()
		flush := m.link == l && s.connected && s.sendBuffered(l)
		m.mu.Unlock()
		leave()
		if flush {
			l.conn.Flush()
		}
	})
}
