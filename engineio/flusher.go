package engineio

import (
	"runtime"
	"sync"
)

// flusher writes for those who have something better to do: sessions that were queued to and left to [Conn.FlushSoon].
// It runs on a goroutine of its own while there are any. What is queued until their turn comes leaves in the same system
// call, so that the denser the stream, the less each packet costs (BenchmarkBroadcast). A server has one per processor.
type flusher struct {
	running *sync.WaitGroup // of the server

	mu      sync.Mutex
	due     []*Conn // Guarded by mu, as all that follows.
	spare   []*Conn // its memory, while the other is worked through
	started bool
}

// flushRun is how many sessions are flushed before others get the processor.
const flushRun = 64

// add makes c due. The caller holds c.mu and knows that the session has not ended, so the count of running is not zero.
func (f *flusher) add(c *Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due = append(f.due, c)
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
		due := f.due
		if len(due) == 0 {
			f.started = false
			f.mu.Unlock()
			return
		}
		f.due = f.spare[:0]
		f.mu.Unlock()

		for i, c := range due {
			if i%flushRun == flushRun-1 {
				runtime.Gosched()
			}
			c.flushDue()
			due[i] = nil
		}
		f.mu.Lock()
		f.spare = due
		f.mu.Unlock()
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

// FlushSoon leaves the flush to a goroutine that does it for many sessions, so that packets queued in the meantime share
// its system call. When so much waits that no more could share it, FlushSoon is [Conn.Flush]: who queues faster than the
// flushers write does the work itself, and no outbox runs full for want of a processor.
func (c *Conn) FlushSoon() {
	c.mu.Lock()
	waiting := len(c.queue) - c.head
	switch {
	case c.writing || waiting == 0:
		c.mu.Unlock()
	case waiting >= soonPackets || c.bytes >= soonBytes:
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
