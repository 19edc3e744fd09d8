package deflate

import (
	"runtime"
	"sync"
)

// workers lends out what a compression or an inflation needs, about 1 MiB or 40 KiB. At most one is in use for each
// processor: the work is nothing but computing, so more at a time would take more memory and be no faster. Who has to
// wait waits for computing, never for a network.
type workers[T any] struct {
	pool  sync.Pool     // of T; what is idle goes with the next collections of garbage
	slots chan struct{} // has room for as many as may work at a time
}

func (w *workers[T]) init(make1 func() T) {
	w.pool.New = func() any { return make1() }
	w.slots = make(chan struct{}, runtime.GOMAXPROCS(0))
}

func (w *workers[T]) take() T {
	w.slots <- struct{}{}
	return w.pool.Get().(T)
}

func (w *workers[T]) give(t T) {
	w.pool.Put(t)
	<-w.slots
}
