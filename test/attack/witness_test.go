package attack

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// witness is two ordinary clients, one on each transport, that ask for an echo again and again while a server is under
// attack. Whatever happens to others, they are answered, in order and on the connection they have.
type witness struct {
	stop  chan struct{}
	group sync.WaitGroup
	each  [2]testimony
}

// testimony is what one client of the witness saw. Written by its goroutine, read by all.
type testimony struct {
	transport string
	rounds    atomic.Int64       // echoes answered
	slowest   atomic.Int64       // nanoseconds of the slowest since it was last asked
	record    time.Duration      // the slowest of all; owned by the test
	asked     chan chan struct{} // the test wants an echo now, and the channel closed when it has come
	failed    chan struct{}      // closed when the client was not answered as it should be; failure says how
	failure   error
}

// startWitness connects both clients and lets them run.
func startWitness(t *testing.T, addr string) *witness {
	t.Helper()
	w := &witness{stop: make(chan struct{})}
	for i, transport := range []string{"websocket", "polling"} {
		p, err := raw.Connect(addr, transport)
		if err != nil {
			t.Fatalf("the witness over %s: %v", transport, err)
		}
		seen := &w.each[i]
		seen.transport = transport
		seen.asked, seen.failed = make(chan chan struct{}), make(chan struct{})
		w.group.Go(func() {
			defer p.Close()
			w.live(p, seen)
		})
	}
	return w
}

// pause is what a witness rests between two echoes that nobody waits for, so that it does not become the load itself.
const pause = 10 * time.Millisecond

func (w *witness) live(p *raw.Peer, seen *testimony) {
	rest := time.NewTicker(pause)
	defer rest.Stop()
	for n := 1; ; n++ {
		var answered chan struct{}
		select {
		case <-w.stop:
			return
		case answered = <-seen.asked:
		case <-rest.C:
		}
		start := time.Now()
		if err := p.Ask(fmt.Sprintf(`42%d["echo",%d]`, n, n), fmt.Sprintf(`3%d[%d]`, n, n)); err != nil {
			seen.failure = fmt.Errorf("echo %d over %s: %w", n, seen.transport, err)
			close(seen.failed)
			return
		}
		if took := int64(time.Since(start)); took > seen.slowest.Load() {
			seen.slowest.Store(took)
		}
		seen.rounds.Add(1)
		if answered != nil {
			close(answered)
		}
	}
}

// watch runs attack and then waits until both clients had an echo answered that they asked for after its end. They
// were answered before it and during it, or their order would be broken.
func (w *witness) watch(t *testing.T, attack func()) {
	t.Helper()
	attack()
	var answered [len(w.each)]chan struct{}
	for i := range w.each { // both are asked before either is waited for
		answered[i] = make(chan struct{})
		select {
		case w.each[i].asked <- answered[i]:
		case <-w.each[i].failed:
		}
	}
	for i := range w.each {
		seen := &w.each[i]
		select {
		case <-answered[i]:
		case <-seen.failed:
			t.Fatalf("the witness is hurt: %v", seen.failure)
		}
		took := time.Duration(seen.slowest.Swap(0))
		if seen.record = max(seen.record, took); took > notable {
			t.Logf("the witness over %s waited %v", seen.transport, took)
		}
	}
}

// notable is a delay worth a line in the log of a test. None is a failure: the machine may be busy with other things.
const notable = 200 * time.Millisecond

// leave ends both clients and reports what they saw.
func (w *witness) leave(t *testing.T) {
	t.Helper()
	close(w.stop)
	w.group.Wait()
	for i := range w.each {
		seen := &w.each[i]
		select {
		case <-seen.failed:
			t.Errorf("the witness was hurt: %v", seen.failure)
		default:
		}
		t.Logf("witness over %s: %d echoes, slowest %v", seen.transport, seen.rounds.Load(), seen.record)
	}
}
