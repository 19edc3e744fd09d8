package engineio

import (
	"runtime"
	"sync"

	"github.com/socketio-go/socketio/engineio/transport"
)

// flusher writes for those who have something better to do: sessions that were queued to and left to [Conn.FlushSoon].
// It runs on a goroutine of its own while there are any. What is queued until their turn comes leaves in the same system
// call, so that the denser the stream, the less each packet costs (BenchmarkBroadcast). A server has one per processor.
type flusher struct {
	running *sync.WaitGroup // of the server
	number  int             // among those of the server

	mu      sync.Mutex
	due     []due // Guarded by mu, as all that follows.
	spare   []due // its memory, while the other is worked through
	started bool
}

// due is a session that waits for its turn, and the transport that it had when it began to.
type due struct {
	conn *Conn
	over transport.Transport
}

// flushRun is how many sessions are flushed before others get the processor.
const flushRun = 4 * Ahead

// add makes c due. The caller holds c.mu and knows that the session has not ended, so the count of running is not zero.
func (f *flusher) add(c *Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due = append(f.due, due{c, c.transport})
	f.start()
}

// take is add for many. The caller is counted in running.
func (f *flusher) take(list []due) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due = append(f.due, list...)
	f.start()
}

// start sees to it that somebody runs. It is called with mu held.
func (f *flusher) start() {
	if !f.started {
		f.started = true
		f.running.Add(1)
		go f.run()
	}
}

func (f *flusher) run() {
	defer f.running.Done()
	for {
		runtime.Gosched() // behind everyone who is ready to run now, and may have something to add
		f.mu.Lock()
		list := f.due
		if len(list) == 0 {
			f.started = false
			f.mu.Unlock()
			return
		}
		f.due = f.spare[:0]
		f.mu.Unlock()

		for i := range list {
			switch {
			case i%Ahead > 0:
			case i%flushRun == flushRun-Ahead:
				runtime.Gosched()
				fallthrough
			default:
				prefetch(list[i:min(i+Ahead, len(list))])
			}
			list[i].conn.flushDue()
		}
		clear(list)
		f.mu.Lock()
		f.spare = list
		f.mu.Unlock()
	}
}

// prefetch has the processor fetch what the turns of some sessions need, all at a time: one after the other, each would
// wait for the memory of its session, its transport and its connection, which is in no cache when there are many.
func prefetch(some []due) {
	for i := range some {
		some[i].conn.Prefetch()
		if p, ok := some[i].over.(transport.Prefetcher); ok {
			p.Prefetch()
		}
	}
}

// flushDue is the turn of c.
func (c *Conn) flushDue() {
	c.mu.Lock()
	c.soon = false
	if c.writing || len(c.queue) == c.head {
		c.mu.Unlock()
		return
	}
	c.writing = true
	c.write(false)
}

const (
	soonPackets = 64       // as many wait for a flusher at most,
	soonBytes   = 32 << 10 // or so much: more in one write saves nothing
)

// dense reports whether so much waits that nothing more could share the system call. It is called with mu held.
func (c *Conn) dense() bool { return len(c.queue)-c.head >= soonPackets || c.bytes >= soonBytes }

// FlushSoon leaves the flush to a goroutine that does it for many sessions, so that packets queued in the meantime share
// its system call. When so much waits that no more could share it, FlushSoon is [Conn.Flush]: who queues faster than the
// flushers write does the work itself, and no outbox runs full for want of a processor.
func (c *Conn) FlushSoon() {
	c.mu.Lock()
	switch {
	case c.writing || len(c.queue) == c.head:
		c.mu.Unlock()
	case c.dense():
		c.writing = true
		c.write(false)
	case !c.soon:
		c.soon = true
		c.flusher.add(c)
		c.mu.Unlock()
	default:
		c.mu.Unlock()
	}
}
