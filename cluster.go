package socketio

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// MissingNodesError names the nodes of a cluster that did not answer in time. It comes together with what the others
// answered.
type MissingNodesError = adapter.MissingError

// answerTimeout is how long answers are waited for when nothing else limits it.
const answerTimeout = 5 * time.Second

// untilAnswered limits ctx by the timeout, or else, if it has no deadline, by the default.
func untilAnswered(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); !ok && timeout <= 0 {
		timeout = answerTimeout
	}
	if timeout > 0 {
		return context.WithTimeout(ctx, timeout)
	}
	return context.WithCancel(ctx)
}

// requester is the adapter, if it carries requests.
func (n *Namespace) requester() adapter.Requester {
	r, _ := n.adapter.(adapter.Requester)
	return r
}

// request addresses the sockets of the broadcast on the other nodes.
func (b Broadcast) request(kind adapter.Kind) adapter.Request {
	r := adapter.Request{Kind: kind, Rooms: b.rooms, Except: b.except}
	if b.sender != nil {
		r.Except = append(r.Except[:len(r.Except):len(r.Except)], b.sender.id)
	}
	return r
}

// tellOthers hands a command to the other nodes, unless the broadcast is local.
func (b Broadcast) tellOthers(r adapter.Request) error {
	if b.flags.local {
		return nil
	}
	var errs []error
	for _, n := range b.namespaces() {
		errs = append(errs, n.tell(r))
	}
	return errors.Join(errs...)
}

// tell hands a request without answers to the other nodes.
func (n *Namespace) tell(r adapter.Request) error {
	q := n.requester()
	if q == nil {
		return nil
	}
	return n.inOrder(func() error { return q.Tell(r) })
}

// inOrder calls the adapter between two broadcasts. Its panic is an error.
func (n *Namespace) inOrder(call func() error) (err error) {
	defer func() { // behind the lock: the log is user code as well
		if v := recover(); v != nil {
			n.server.panicked("adapter", v, "namespace", logged(n.name))
			err = &panicError{v}
		}
	}()
	n.order.Lock()
	defer n.order.Unlock()
	return call()
}

// inquiry collects what the other nodes answer to one question.
type inquiry struct {
	mu      sync.Mutex
	answers []nodeAnswer // Guarded by mu.
	over    bool         // Guarded by mu; nothing is taken any more.
	err     error        // Fixed when done is closed.
	done    chan struct{}
}

type nodeAnswer struct {
	node string
	adapter.Answer
}

// inquire asks the other nodes. If there is no way to, it is as if there were none.
func (n *Namespace) inquire(ctx context.Context, r adapter.Request) (*inquiry, error) {
	i := &inquiry{done: make(chan struct{})}
	q := n.requester()
	if q == nil {
		close(i.done)
		return i, nil
	}
	if deadline, ok := ctx.Deadline(); ok {
		r.Timeout = time.Until(deadline)
	}
	return i, q.Ask(ctx, r, i.answer, i.finish)
}

// answer takes an answer of another node.
func (i *inquiry) answer(node string, a adapter.Answer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.over {
		i.answers = append(i.answers, nodeAnswer{node, a})
	}
}

// finish is told that no more answers will come.
func (i *inquiry) finish(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.over {
		return
	}
	i.over, i.err = true, err
	close(i.done)
}

// lastWord is how long an adapter may take to say who is missing when the time of a question is over.
const lastWord = time.Second

// await returns the answers, and the error of the adapter.
func (i *inquiry) await(ctx context.Context) ([]nodeAnswer, error) {
	select {
	case <-i.done:
	case <-ctx.Done():
		timer := time.NewTimer(lastWord)
		defer timer.Stop()
		select {
		case <-i.done:
		case <-timer.C:
			i.finish(&MissingNodesError{})
		}
	}
	return i.answers, i.err
}

// answerError is what became of a question that has no answer.
func answerError(text string) error {
	switch text {
	case "":
		return nil
	case answerTimedOut:
		return context.DeadlineExceeded
	case answerDisconnected:
		return ErrDisconnected
	}
	return errors.New(text)
}

// What [adapter.Answer] calls the errors that have a meaning.
const (
	answerTimedOut     = "timeout"
	answerDisconnected = "disconnected"
)

// answerErrorText is the reverse of answerError.
func answerErrorText(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return answerTimedOut
	case errors.Is(err, ErrDisconnected):
		return answerDisconnected
	}
	return publicText(err)
}
