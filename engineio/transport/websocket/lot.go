package websocket

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/internal/descriptor"
)

// Lot reads for the connections of a server, and is where they are parked while their peers say nothing: without a
// goroutine, so without its stack, which is more than all else that they hold (ADR 0031). One goroutine watches those that
// are parked, and starts a reader for each that has something to read.
//
// A busy connection, whose peer spoke twice within a second, keeps its reader, which waits for more in the runtime's own
// poller, and parks again after a second of silence. To wake a goroutine that waits is cheaper than to start one, and the
// lot costs nothing where it gains nothing.
//
// Connections that the kernel can't watch by themselves, such as those of TLS, have a goroutine each for life, and so
// have all on systems other than Linux.
type Lot struct {
	running *sync.WaitGroup  // Fixed at NewLot, as all that follows.
	left    func(*Transport) // is told of each that has ended
	epoch   time.Time
	silence time.Duration

	epoll atomic.Int32 // the watcher's descriptor, for who is in it. Written under mu.

	mu      sync.Mutex
	busy    []*Transport // Guarded by mu. Those that are, and some that were a moment ago.
	watcher watcher      // Guarded by mu.
}

// defaultSilence is how long a busy peer says nothing before its connection is parked: once or twice as long.
const defaultSilence = time.Second

// NewLot makes a lot that counts its own goroutine in running, and calls left for each transport that has ended, last
// and on the goroutine of its reader.
func NewLot(running *sync.WaitGroup, left func(*Transport)) *Lot {
	return &Lot{running: running, left: left, epoch: time.Now().Add(-defaultSilence), silence: defaultSilence}
}

// Serve reads from the peer of t and tells sink, as [Transport.Serve] does, but returns at once. It must be called once for
// a transport, and not with Transport.Serve. The first sink.Flush is called by the caller's goroutine.
func (l *Lot) Serve(t *Transport, sink transport.Sink) {
	t.sink, t.lot = sink, l
	if !t.raw.There() {
		l.serve(t)
		return
	}
	if t.state.Load() == running {
		sink.Flush(t) // the response to the handshake
	}
	t.patient = false
	if !l.enter(t) {
		t.patient = true
		l.serve(t)
		return
	}
	if len(t.chunk) > 0 || t.state.Load() != running || !t.gate.CompareAndSwap(0, parked) {
		go t.read()
	}
}

// serve reads on a goroutine that stays with t.
func (l *Lot) serve(t *Transport) {
	go func() {
		defer l.left(t)
		t.Serve(t.sink)
	}()
}

// errIdle ends reading for now: the peer says nothing.
var errIdle = descriptor.ErrNothing

// berth is what a transport in a lot has.
type berth struct {
	// Fixed at Lot.Serve.
	sink       transport.Sink
	lot        *Lot
	slot, turn int32 // in the watcher

	gate  atomic.Uint32
	woke  uint32      // when it was woken last, in ms since the epoch of the lot. Owned by the reader.
	heard atomic.Bool // something was read since the last sweep

	// Guarded by lot.mu.
	busy   bool
	listed bool // in lot.busy
}

// The gate of a transport says who may read, so that one does, and no news is lost between the last look and the park.
const (
	parked uint32 = 1 << iota // nobody reads: who has news starts a reader
	news                      // for the reader, which is to look again
)

// park leaves the transport to the lot, unless there is news. When it has, another may be reading already.
func (t *Transport) park() bool {
	t.lot.arm(t)
	if t.gate.CompareAndSwap(0, parked) {
		return true
	}
	t.gate.Store(0)
	return false
}

// wake tells the reader that there is news, and starts one if the transport is parked.
func (t *Transport) wake() {
	for {
		v := t.gate.Load()
		switch {
		case v == parked:
			if t.gate.CompareAndSwap(parked, 0) {
				go t.read()
				return
			}
		case t.gate.CompareAndSwap(v, news):
			return
		}
	}
}

// read reads until there is nothing left, and parks, or until the end.
func (t *Transport) read() {
	stays := false
	defer func() { // also when a handler ends this goroutine
		if !stays {
			t.lot.leave(t)
			t.release()
			t.nc.Close()
			t.lot.left(t)
		}
	}()
	now := uint32(time.Since(t.lot.epoch) / time.Millisecond)
	if now-t.woke < uint32(t.lot.silence/time.Millisecond) {
		t.lot.follow(t)
	}
	t.woke = now
	var err error
	for t.state.Load() == running {
		if err = t.deliver(t.sink); err == errIdle {
			if stays = t.park(); stays {
				return
			}
		} else if t.patient && interrupted(err) { // by the lot, or by Close
			t.lot.unfollow(t)
		} else {
			break
		}
		err = nil
	}
	if t.patient {
		t.lot.unfollow(t)
	}
	t.patient = true
	t.end(t.sink, err)
}

// follow makes t one of the busy, whose reader waits for its peer.
func (l *Lot) follow(t *Transport) {
	t.patient = true
	t.heard.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.busy = true; t.listed {
		return
	}
	t.listed = true
	if l.busy = append(l.busy, t); len(l.busy) == 1 {
		l.watcher.tick(l.silence)
	}
}

// unfollow is the end of that. A deadline that the lot has set can't come behind it.
func (l *Lot) unfollow(t *Transport) {
	t.patient = false
	l.mu.Lock()
	t.busy = false
	l.mu.Unlock()
	t.nc.SetReadDeadline(time.Time{})
}

// sweep makes those park who have said nothing since the last one. It is called with mu held, and again after a while if
// it says so.
func (l *Lot) sweep() (again bool) {
	rest := l.busy[:0]
	for _, t := range l.busy {
		switch {
		case !t.busy:
			t.listed = false
		case t.heard.Swap(false):
			rest = append(rest, t)
		default:
			t.listed = false
			t.interrupt()
		}
	}
	clear(l.busy[len(rest):])
	if l.busy = rest; len(rest) == 0 {
		l.busy = nil
	}
	return len(rest) > 0
}
