package socketio

import (
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// batch is a run of events for one socket that came together. They take the lock once, wake their runner once, and may
// share memory.
type batch struct {
	namespace   string
	first, last *Event
	cost        int // of all
	toCome      int // messages, this one included

	events []Event // fresh memory for short ones
	places []event.Received
}

const (
	// shortEvent is the length in bytes up to which an event may share memory with others.
	shortEvent = 128
	// sharedEvents is with how many: who keeps one keeps no more than that.
	sharedEvents = 8
)

// fresh is memory for an event of so many bytes, and for its argument; the latter is nil if there is none to share. It is
// apart: who keeps an argument should not keep the event, which leads to its connection.
func (b *batch) fresh(size int) (*Event, *event.Received) {
	if size > shortEvent || len(b.events) == 0 && b.toCome < 2 {
		return new(Event), nil
	}
	if len(b.events) == 0 {
		n := min(b.toCome, sharedEvents)
		b.events, b.places = make([]Event, n), make([]event.Received, n)
	}
	e, place := &b.events[0], &b.places[0]
	b.events, b.places = b.events[1:], b.places[1:]
	return e, place
}

// add adds an event to the batch. It weighs little in comparison with the inbox, so that the reader stops where it should.
func (c *conn) add(b *batch, p *parser.Packet) {
	if b.first != nil && (b.namespace != p.Namespace || int64(b.cost) > c.flow.soft/16) {
		c.receive(b)
	}
	size := len(p.Data)
	for _, a := range p.Attachments {
		size += len(a)
	}
	e, place := b.fresh(size)
	e.id, e.asked, e.cost = p.ID, p.HasID, eventCost+size
	switch {
	case len(p.Attachments) > 0:
		with := &struct {
			place event.Received
			list  [][]byte
		}{list: p.Attachments}
		e.one[0] = with.place.Hold(p.Data, &with.list)
	case place == nil:
		e.one[0] = new(event.Received).Hold(p.Data, nil)
	default:
		e.one[0] = place.Hold(p.Data, nil)
	}
	if b.last == nil {
		b.first, b.namespace = e, p.Namespace
	} else {
		b.last.next = e
	}
	b.last = e
	b.cost += e.cost
}

// receive puts the events of a batch into the inbox of their socket and waits while there is too much in it. The batch is
// empty then.
func (c *conn) receive(b *batch) {
	first, last, cost := b.first, b.last, b.cost
	if first == nil {
		return
	}
	b.first, b.last, b.cost = nil, nil, 0
	c.mu.Lock()
	s := c.find(b.namespace)
	switch {
	case s == nil:
		c.mu.Unlock()
		c.outOfOrder(parser.Event)
		return
	case c.server.draining.Load(): // as if the connection had ended before: nobody is left to answer
		c.mu.Unlock()
		return
	}
	for e := first; e != nil; e = e.next {
		e.socket = s
	}
	if s.spent != nil || s.resends {
		c.mu.Unlock()
		for e := first; e != nil; {
			next := e.next
			e.next = nil
			c.screen(s, e)
			e = next
		}
		return
	}
	c.queue(s, first, last, cost, nil)
}

// screen is receive for one event of a socket that is counted, or whose events may come again.
func (c *conn) screen(s *Socket, e *Event) {
	if c.ended.Load() || s.spent != nil && !c.allow(s, e) {
		return
	}
	var memory *answered
	if s.resends && e.asked {
		var again bool
		if memory, again = s.repeated(e); again {
			return
		}
	}
	c.mu.Lock()
	c.queue(s, e, e, e.cost, memory)
}

// queue puts events behind those in the inbox. The first is remembered, if there is a memory. It is called with conn.mu held,
// which it gives back.
func (c *conn) queue(s *Socket, first, last *Event, cost int, memory *answered) {
	if s.reason != "" {
		c.mu.Unlock()
		return
	}
	memory.remember(first)
	if s.last == nil {
		s.first = first
		s.more.Store(true)
	} else {
		s.last.next = first
	}
	s.last = last
	c.flow.taken += int64(cost)
	c.wake(s)
	free := c.flow.used() <= c.flow.soft
	c.mu.Unlock()
	if !free {
		c.admit()
	}
}
