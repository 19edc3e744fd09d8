package residue

import (
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
)

// Patience is how long [Count.Await] waits for what ends by itself, such as sessions whose peer has vanished. It only
// bounds a test that fails.
const Patience = 90 * time.Second

// Count is what a server and its process hold.
type Count struct {
	Sessions, Sockets, Goroutines int
	Descriptors                   int    // 0 where /proc is not to be had
	Heap                          uint64 // bytes in use, after garbage was collected
}

// Of counts now.
func Of(io *socketio.Server) Count {
	runtime.GC()
	runtime.GC() // what the first moved into the victim caches of pools goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c := Count{Sessions: io.Engine().Count(), Sockets: len(io.Sockets()), Goroutines: runtime.NumGoroutine(), Heap: m.HeapAlloc}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		c.Descriptors = len(open)
	}
	return c
}

// Await waits until io holds no session and no socket, and the process no more goroutines and descriptors than before
// and at most growth bytes more heap. It returns the last count; the test fails when that never happens.
func (before Count) Await(t *testing.T, io *socketio.Server, growth uint64) Count {
	t.Helper()
	var now Count
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		now = Of(io)
		if now.Sessions == 0 && now.Sockets == 0 && now.Goroutines <= before.Goroutines &&
			now.Descriptors <= before.Descriptors && now.Heap <= before.Heap+growth {
			t.Logf("before %+v, after %+v", before, now)
			return now
		}
	}
	t.Errorf("before %+v, after %+v", before, now)
	if now.Goroutines > before.Goroutines {
		var stacks strings.Builder
		pprof.Lookup("goroutine").WriteTo(&stacks, 1) // writing to memory does not fail
		t.Logf("%.10000s", stacks.String())
	}
	return now
}
