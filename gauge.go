package socketio

import (
	"context"
	"sync"
	"sync/atomic"
)

// gauge counts what is at work, and lets others wait until nothing is. Unlike a WaitGroup it may count up from zero
// meanwhile.
type gauge struct {
	n       atomic.Int64
	waiters atomic.Int64

	mu   sync.Mutex
	zero chan struct{} // Guarded by mu; closed when n has been zero.
}

func (g *gauge) add() { g.n.Add(1) }

func (g *gauge) done() {
	if g.n.Add(-1) != 0 || g.waiters.Load() == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.zero != nil {
		close(g.zero)
		g.zero = nil
	}
}

// wait returns nil when nothing is at work, or the error of ctx.
func (g *gauge) wait(ctx context.Context) error {
	g.waiters.Add(1)
	defer g.waiters.Add(-1)
	for {
		g.mu.Lock()
		if g.zero == nil {
			g.zero = make(chan struct{})
		}
		zero := g.zero
		g.mu.Unlock()
		if g.n.Load() == 0 {
			return nil
		}
		select {
		case <-zero:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
