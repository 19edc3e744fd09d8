package socketio

import (
	"runtime"
	"sync/atomic"
	"time"
)

// runners are the goroutines on which handlers run: one for each socket that has something to do. Who has nothing left
// waits a moment for the next socket, as a goroutine that is new has to grow its stack first (BenchmarkEcho).
type runners struct {
	work   chan task // unbuffered: who sends finds somebody waiting. Nil sends one home.
	alive  gauge
	idle   atomic.Int32
	closed atomic.Bool
	timed  atomic.Bool // sendHome is going to be called
}

// task is what a runner does: a [*Socket] runs its handlers.
type task interface{ run() }

const (
	// maxIdleRunners is how many wait for work at most.
	maxIdleRunners = 64
	// idleRunnerTime is about how long they wait.
	idleRunnerTime = 100 * time.Millisecond
)

func newRunners() *runners { return &runners{work: make(chan task)} }

// run gives t a runner. It does not block.
func (r *runners) run(t task) {
	select {
	case r.work <- t:
	default:
		r.alive.add()
		go r.serve(t)
	}
}

// serve is a runner: it does one thing after the other.
func (r *runners) serve(t task) {
	defer r.alive.done() // also when user code ends the goroutine
	for t != nil {
		t.run()
		t = r.next()
	}
}

// next waits for something to do. Nil means that the runner may go.
func (r *runners) next() task {
	if r.idle.Add(1) > maxIdleRunners || r.closed.Load() {
		r.idle.Add(-1)
		return nil
	}
	r.comeBack()
	t := <-r.work
	r.idle.Add(-1)
	return t
}

// comeBack sees to it that sendHome is called.
func (r *runners) comeBack() {
	if !r.timed.Load() && r.timed.CompareAndSwap(false, true) {
		time.AfterFunc(idleRunnerTime, r.sendHome)
	}
}

// sendHome ends the runners that have nothing to do. If one is counted and does not wait yet, it comes back for it.
func (r *runners) sendHome() {
	r.timed.Store(false)
	for {
		select {
		case r.work <- nil:
			continue
		default:
		}
		if r.idle.Load() > 0 && !r.closed.Load() {
			r.comeBack()
		}
		return
	}
}

// close sends everybody home who has nothing to do, now and from now on.
func (r *runners) close() {
	r.closed.Store(true)
	for r.idle.Load() > 0 {
		r.sendHome()
		runtime.Gosched() // somebody has counted himself and does not wait yet
	}
}
