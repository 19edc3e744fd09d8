package client

import (
	"context"
	"errors"
	"log/slog"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

const (
	// eventCost is what an event weighs beside its bytes, so that empty events count too.
	eventCost = 256
	// maxEarly is how many events may come before the answer to CONNECT, as long as they weigh no more than a full inbox; a
	// recovery sends what was missed that way.
	maxEarly = 10_000
)

// receive takes an event of the server. False means that there are too many before the answer to CONNECT. The caller
// holds mu.
func (s *Socket) receive(p parser.Packet) bool {
	raw, args := parser.SplitEvent(p.Data, nil)
	e := &Event{socket: s, name: string(raw), values: event.Values(args, p.Attachments), id: p.ID, asked: p.HasID}
	e.cost = cost(p)
	switch {
	case s.connected:
		s.dispatch(e)
	case !s.asking: // of an attempt that has failed here
	case len(s.early) == maxEarly || s.earlyCost+e.cost > s.m.o.inboxHard():
		s.pid, s.offset = "", offset{} // a recovery would end here again
		return false
	default:
		s.early = append(s.early, e)
		s.earlyCost += e.cost
	}
	return true
}

// cost is what a packet weighs in the inbox.
func cost(p parser.Packet) int {
	n := eventCost + len(p.Data)
	for _, a := range p.Attachments {
		n += len(a)
	}
	return n
}

// dispatch queues an event for its handlers, and notes the offset that it may bear. The caller holds mu.
func (s *Socket) dispatch(e *Event) {
	e.ctx, e.epoch = s.ctx, s.epoch
	if s.pid != "" && !e.asked {
		s.noteOffset(e)
	}
	s.m.post(item{run: func() { s.handle(e) }, cost: e.cost})
}

// noteOffset remembers the offset that a server with connection state recovery appends to what it has stored. Handlers do
// not see it.
func (s *Socket) noteOffset(e *Event) {
	if len(e.values) == 0 {
		return
	}
	last := e.values[len(e.values)-1]
	if raw := last.Raw(); len(raw) == 0 || raw[0] != '"' {
		return
	}
	var text string
	if last.Decode(&text) != nil {
		return
	}
	s.offset.note(text)
	if s.offset.value == text {
		e.values = e.values[:len(e.values)-1]
	}
}

// handler is the one form that every registered function takes.
type handler func(ctx context.Context, e *Event) error

// handle runs one event: the catch-all, then the handlers of its name.
func (s *Socket) handle(e *Event) {
	for h := range s.handlers.any.For(all) {
		s.runHandler(e, h)
	}
	names := []string{e.name, catchAllName}
	if !s.o.CatchAllName || e.name == catchAllName {
		names = names[:1]
	}
	for _, name := range names {
		for h := range s.handlers.events.For(name) {
			s.runHandler(e, h)
		}
	}
	if e.auto && e.WantsAck() {
		e.Ack() // an error here is that of a socket which is gone
	}
}

var errPanic = errors.New("socketio: handler panicked")

func (s *Socket) runHandler(e *Event, h handler) {
	var err error
	if s.m.guard(e.name, func() { err = h(e.ctx, e) }) {
		err = errPanic
	}
	if err != nil {
		s.failed(e, err)
	}
}

// failed answers an event whose handler did not succeed. What the server does not learn, the listeners of OnError do, or
// else the log.
func (s *Socket) failed(e *Event, err error) {
	text := internalError
	s.m.guard("error of a handler", func() { text = publicText(err) })
	if text == internalError && err != errPanic && !errors.Is(err, ErrDisconnected) {
		told := false
		for f := range s.listeners.error.For(all) {
			told = true
			s.m.guard("OnError", func() { f(err) })
		}
		if !told {
			s.m.o.Logger.Log(s.m.ctx, slog.LevelError, "socketio: handler failed", "event", e.name, "namespace", s.namespace, "error", err)
		}
	}
	if e.WantsAck() {
		e.Ack(event.Failed(text)) // an error here is that of a socket which is gone
	}
}
