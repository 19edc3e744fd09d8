package socketio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// ServerEvent is an event that another node emitted with [Namespace.ServerSideEmit]. It may be kept, and answered late.
type ServerEvent struct {
	namespace *Namespace
	name      string
	values    []event.Value
	size      int                 // bytes, for the inbox
	answers   chan adapter.Answer // has room for one; nil if none is wanted
	acked     atomic.Bool
	auto      bool // a handler finished that answers with nothing; owned by the runner
}

// Name is the name of the event.
func (e *ServerEvent) Name() string { return e.name }

// Args are the arguments.
func (e *ServerEvent) Args() Args { return event.ArgsOf(e.values) }

// Decode decodes the arguments into the pointers dst, in order, as [Args.Decode] does.
func (e *ServerEvent) Decode(dst ...any) error { return e.Args().Decode(dst...) }

// WantsAck reports whether the other node waits for an answer that it did not get yet.
func (e *ServerEvent) WantsAck() bool { return e.answers != nil && !e.acked.Load() }

// Ack answers the event. Only the first answer counts; for another the error is [ErrAcknowledged]. If nobody asked,
// nothing happens.
func (e *ServerEvent) Ack(args ...any) error {
	if e.answers == nil {
		return nil
	}
	data, attachments, err := event.AppendArgs(args)
	if err != nil {
		return err
	}
	return e.finish(adapter.Answer{Data: data, Attachments: attachments})
}

func (e *ServerEvent) finish(a adapter.Answer) error {
	if e.acked.Swap(true) {
		return ErrAcknowledged
	}
	e.answers <- a
	return nil
}

// await waits for the answer of a handler.
func (e *ServerEvent) await(ctx context.Context, r adapter.Request) adapter.Answer {
	ctx, cancel := untilAnswered(ctx, r.Timeout)
	defer cancel()
	select {
	case a := <-e.answers:
		return a
	case <-ctx.Done():
		return adapter.Answer{Err: answerTimedOut}
	}
}

type serverHandler func(ctx context.Context, e *ServerEvent) error

// OnServer handles an event that another node emitted with [Namespace.ServerSideEmit]; T is as in [Namespace.On]. The
// handlers of a namespace run one at a time, in the order of the events; ctx ends when the server stops. If the other node
// asked for an answer, returning nil answers with nothing and an error with its text, if it is an [*Error].
//
// The returned function takes the handler off. OnServer panics if the name is reserved or f is nil.
func (n *Namespace) OnServer[T any](name string, f func(ctx context.Context, v T) error) (off func()) {
	mustServerName(name)
	mustHandle(name, f)
	bind := event.Bind[T]()
	return n.serverEvents.Add(name, func(ctx context.Context, e *ServerEvent) error {
		v, err := bind(e.values)
		if err == nil {
			err = f(ctx, v)
		}
		e.auto = e.auto || err == nil
		return err
	}, false)
}

// OnServerCall is OnServer for a handler that answers: its result is the acknowledgement.
func (n *Namespace) OnServerCall[T, R any](name string, f func(ctx context.Context, v T) (R, error)) (off func()) {
	mustServerName(name)
	mustHandle(name, f)
	bind := event.Bind[T]()
	return n.serverEvents.Add(name, func(ctx context.Context, e *ServerEvent) error {
		v, err := bind(e.values)
		if err != nil {
			return err
		}
		result, err := f(ctx, v)
		if err != nil || !e.WantsAck() {
			return err
		}
		return e.Ack(event.Results(result)...)
	}, false)
}

// OnServerEvent is OnServer without types: the handler answers with [ServerEvent.Ack], now, later or not at all.
func (n *Namespace) OnServerEvent(name string, f func(ctx context.Context, e *ServerEvent) error) (off func()) {
	mustServerName(name)
	mustHandle(name, f)
	return n.serverEvents.Add(name, f, false)
}

// ServerSideEmit sends an event to the same namespace on the other nodes of the cluster, never to this one and never to a
// client: their handlers of [Namespace.OnServer] get it. On a server that is alone it does nothing. The errors are
// [ErrReservedName], that of a value which can't be encoded, and that of the adapter.
func (n *Namespace) ServerSideEmit(event string, args ...any) error {
	r, err := serverRequest(event, args)
	if err != nil {
		return err
	}
	return n.tell(r)
}

// ServerSideEmitWithAck is ServerSideEmit that waits until each of the other nodes has answered, or ctx ends; without a
// deadline that is 5 s. There is an entry for each node that answered, by its name. When nodes are missing the error is a
// [*MissingNodesError]. On a server that is alone there are no answers, at once, and no error.
func (n *Namespace) ServerSideEmitWithAck(ctx context.Context, event string, args ...any) (Replies, error) {
	r, err := serverRequest(event, args)
	if err != nil {
		return Replies{}, err
	}
	if ctx.Err() != nil {
		return Replies{}, unanswered(event, ended(ctx))
	}
	ctx, cancel := untilAnswered(ctx, 0)
	defer cancel()
	var i *inquiry
	err = n.inOrder(func() (err error) {
		i, err = n.inquire(ctx, r)
		return err
	})
	if err != nil {
		return Replies{}, err
	}
	answers, err := i.await(ctx)
	var replies Replies
	for _, a := range answers {
		reply := a.reply()
		replies.entries = append(replies.entries, entry{a.node, reply})
		if reply.Err != nil && err == nil {
			err = fmt.Errorf("socketio: node %s did not acknowledge %q: %w", a.node, logged(event), reply.Err)
		}
	}
	return replies, err
}

func serverRequest(name string, args []any) (adapter.Request, error) {
	if isServerReserved(name) {
		return adapter.Request{}, reservedName(name)
	}
	data, attachments, err := eventData(name, args, flags{})
	return adapter.Request{Kind: adapter.ServerSideEmit, Event: data, Attachments: attachments}, err
}

// isServerReserved knows the names that the reference keeps between servers, and those that never travel.
func isServerReserved(name string) bool {
	return parser.IsReserved(name) || name == "connection" || name == "new_namespace"
}

func mustServerName(name string) {
	if isServerReserved(name) {
		panic("socketio: " + reservedName(name).Error())
	}
}

// serverInbox holds the events of other nodes that wait for their handlers. One runner empties it, while there are any.
type serverInbox struct {
	mu      sync.Mutex
	events  []*ServerEvent // Guarded by mu.
	bytes   int            // Guarded by mu.
	running bool           // Guarded by mu.
}

// What may wait in an inbox. Beyond, events of other nodes are refused.
const (
	maxServerEvents     = 10_000
	maxServerEventBytes = 8 << 20
)

var errServerInboxFull = errors.New("socketio: handlers of server-side events don't keep up")

func (i *serverInbox) put(n *Namespace, e *ServerEvent) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.events) >= maxServerEvents || i.bytes >= maxServerEventBytes {
		return errServerInboxFull
	}
	i.events = append(i.events, e)
	i.bytes += e.size
	if !i.running {
		i.running = true
		n.server.busy.add()
		go n.runServerEvents()
	}
	return nil
}

func (i *serverInbox) next() *ServerEvent {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.events) == 0 {
		i.running, i.events = false, nil
		return nil
	}
	e := i.events[0]
	i.events[0] = nil
	i.events = i.events[1:]
	i.bytes -= e.size
	return e
}

func (n *Namespace) runServerEvents() {
	finished := false
	defer func() {
		if !finished { // a handler ended the goroutine
			n.server.busy.add()
			go n.runServerEvents()
		}
		n.server.busy.done()
	}()
	for e := n.inbox.next(); e != nil; e = n.inbox.next() {
		n.runServerEvent(e)
	}
	finished = true
}

func (n *Namespace) runServerEvent(e *ServerEvent) {
	heard := false
	for h := range n.serverEvents.For(e.name) {
		heard = true
		if err := n.guard(e.name, func() error { return h(n.server.ctx, e) }); err != nil {
			n.serverEventFailed(e, err)
		}
	}
	switch {
	case !heard && e.WantsAck():
		e.finish(adapter.Answer{Err: "no handler"})
	case e.auto && e.WantsAck():
		e.Ack()
	}
}

// serverEventFailed answers an event whose handler did not succeed, and logs what the other node does not learn.
func (n *Namespace) serverEventFailed(e *ServerEvent, err error) {
	text := internalError
	n.guard("error of a handler", func() error {
		text = publicText(err)
		if text == internalError && !isPanic(err) {
			n.server.tell(slog.LevelError, "socketio: handler failed", "server event", logged(e.name), "namespace", logged(n.name), "error", err)
		}
		return nil
	})
	if e.WantsAck() {
		e.finish(adapter.Answer{Err: text})
	}
}
