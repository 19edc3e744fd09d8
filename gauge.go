package socketio

import (
	"context"
	"sync/atomic"
)

// gauge counts what is at work, and lets one goroutine wait until nothing is. Unlike a WaitGroup it may count up from
// zero meanwhile.
type gauge struct {
	n    atomic.Int64
	zero atomic.Pointer[chan struct{}] // set by wait
}

func (g *gauge) add() { g.n.Add(1) }

func (g *gauge) done() {
	if g.n.Add(-1) != 0 {
		return
	}
	if zero := g.zero.Load(); zero != nil {
		select {
		case *zero <- struct{}{}:
		default: // it has been told
		}
	}
}

// wait returns nil when nothing is at work, or the error of ctx.
func (g *gauge) wait(ctx context.Context) error {
	zero := make(chan struct{}, 1)
	g.zero.Store(&zero)
	for g.n.Load() != 0 {
		select {
		case <-zero:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
