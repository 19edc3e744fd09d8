package socketio

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/socketio-go/socketio/internal/event"
)

// wake sees to it that the socket has a runner. It is called with conn.mu held.
func (c *conn) wake(s *Socket) {
	if s.running {
		return
	}
	s.running = true
	c.server.busy.add()
	c.server.runners.run(s)
}

// welcomeGap lies between the answer to CONNECT and the connection handlers, so that what they emit is not read together
// with the answer. A client that waits for one message at a time, as the protocol's own test suite does, would miss the
// second of two that come at once; the reference leaves a gap by its nature. See ADR 0019.
const welcomeGap = time.Millisecond

// run does what is to be done for the socket, one thing after the other, and ends when there is nothing.
func (s *Socket) run() {
	finished := false
	defer func() {
		if !finished { // user code ended the goroutine (runtime.Goexit), or got past a guard; the rest still has to run
			if v := recover(); v != nil {
				s.conn.server.panicked("runner", v, "socket", s.loggedID(), "namespace", logged(s.namespace.name))
			}
			s.conn.server.busy.add()
			s.conn.server.runners.run(s)
		}
		s.conn.server.busy.done()
	}()
	for s.step() {
	}
	if s.late.Load() {
		s.late.Store(false)
		s.conn.eio.Flush()
	}
	finished = true
}

// step does the next thing and reports whether there was one.
func (s *Socket) step() bool {
	if s.phase < serving {
		s.come()
		return true
	}
	e, ending := s.next()
	switch {
	case e != nil:
		// A peer that asks faster than it reads waits here for its answers; its inbox fills, and the reader pauses.
		s.conn.eio.AwaitRoom()
		s.handle(e)
		return true
	case ending:
		s.leave()
		return true
	}
	return false
}

// come does the next of what is done before the first event.
func (s *Socket) come() {
	switch s.phase {
	case fresh:
		s.phase = deciding
		err := s.locate()
		if err == nil {
			s.identify()
			err = s.namespace.decide(s)
		}
		if err != nil {
			s.turnAway(err)
		} else {
			s.accept()
		}
	case deciding: // a middleware ended the goroutine
		s.turnAway(errors.New("middleware ended its goroutine"))
	case welcoming:
		s.phase = serving
		defer s.conn.arrived(s)
		if s.namespace.welcomes() {
			time.Sleep(welcomeGap)
			s.welcome()
		}
	}
}

// leave does what is done behind the last event.
func (s *Socket) leave() {
	s.phase = leaving
	defer s.conn.settle(s)
	defer func() { s.phase = over }()
	s.depart()
}

// next takes the next event out of the inbox. If there is none it tells whether the socket is to end, or else lets the
// runner go.
func (s *Socket) next() (e *Event, ending bool) {
	if s.handled > 0 {
		s.conn.release(s.handled)
		s.handled = 0
	}
	if e = s.taken; e == nil {
		if e, ending = s.take(); e == nil {
			return nil, ending // and nothing here is ours any more, unless it is to end
		}
	}
	s.taken, e.next, s.handled = e.next, nil, e.cost
	if more := s.taken != nil; s.more.Load() != more {
		s.more.Store(more)
	}
	return e, false
}

// take empties the inbox, so that not each event costs a lock, and returns the first. If there is none it says what next does.
func (s *Socket) take() (first *Event, ending bool) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.first == nil {
		ending = s.reason != "" && s.phase < leaving
		s.running = ending
		return nil, ending
	}
	first, s.first, s.last = s.first, nil, nil
	return first, false
}

// hasNext reports whether events wait for their handlers, as far as is known without a lock.
func (s *Socket) hasNext() bool { return s.more.Load() }

// handle runs one event: catch-all, the socket's middleware, the handlers of the namespace (its parent's first), the
// socket's.
func (s *Socket) handle(e *Event) {
	found := e.parse()
	l := s.listeners.Load()
	for _, layer := range s.namespace.layers {
		s.runEntries(e, layer.any.Entries(all, foundHandlers{}))
	}
	if l != nil {
		s.runEntries(e, l.any.Entries(all, foundHandlers{}))
		for u := range l.use.For(all) {
			if err := s.guard(e.name, func() error { return u(s.Context(), e) }); err != nil {
				s.rejected(e, err)
				return
			}
		}
	}
	s.runHandlers(e, e.name, found)
	if s.conn.server.options.CatchAllName && e.name != catchAllName {
		s.runHandlers(e, catchAllName, found)
	}
	if e.auto && e.WantsAck() {
		e.Ack() // an error here is that of a socket which is gone
	}
}

// runHandlers runs those of one name, which were found already, maybe.
func (s *Socket) runHandlers(e *Event, name string, found foundHandlers) {
	for _, layer := range s.namespace.layers {
		s.runEntries(e, layer.events.Entries(name, found))
	}
	if l := s.listeners.Load(); l != nil {
		s.runEntries(e, l.events.Entries(name, found))
	}
}

func (s *Socket) runEntries(e *Event, list []*event.Entry[handler]) {
	for _, h := range list {
		if h.Claim() {
			s.runHandler(e, h.Handler)
		}
	}
}

// handler is the one form that every registered function takes.
type handler func(ctx context.Context, s *Socket, e *Event) error

type foundHandlers = event.Found[handler]

func (s *Socket) runHandler(e *Event, h handler) {
	if err := s.callHandler(e, h); err != nil {
		s.failed(e, err)
	}
}

// callHandler is guard for what runs for each event.
func (s *Socket) callHandler(e *Event, h handler) (err error) {
	defer s.caught(&e.name, &err)
	return h(s.Context(), s, e)
}

// failed answers an event whose handler did not succeed, and logs what the client does not learn. What can't be made an
// answer is answered with an internal error.
func (s *Socket) failed(e *Event, err error) {
	io := s.conn.server
	s.guard(e.name, func() error {
		// That a socket is gone is no news, and would be told once for every event it left behind.
		if !isPanic(err) && !isPublic(err) && !errors.Is(err, ErrDisconnected) {
			io.tell(slog.LevelError, "socketio: handler failed", "event", logged(e.name), "namespace", logged(s.namespace.name), "socket", s.loggedID(), "error", err)
		}
		return nil
	})
	if !e.WantsAck() {
		return
	}
	s.guard("EncodeError", func() error { return e.Ack(io.options.EncodeError(s, e.name, err)) })
	if e.WantsAck() {
		e.Ack(event.Failed(internalError)) // an error here is that of a socket which is gone
	}
}
