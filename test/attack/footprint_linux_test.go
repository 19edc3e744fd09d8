package attack

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// footprint is what a process holds.
type footprint struct {
	descriptors int
	rss         int // bytes
}

// look reads the footprint of a process from /proc.
func look(pid int) (footprint, error) {
	var f footprint
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return f, err
	}
	f.descriptors = len(fds)
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return f, err
	}
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return f, fmt.Errorf("statm is %q", statm)
	}
	pages, err := strconv.Atoi(fields[1])
	f.rss = pages * os.Getpagesize()
	return f, err
}

// settle collects garbage until the memory of the process no longer shrinks.
func settle(t *testing.T, pid int, collect func()) footprint {
	t.Helper()
	var last footprint
	for range 50 {
		collect()
		time.Sleep(100 * time.Millisecond)
		now, err := look(pid)
		if err != nil {
			t.Fatal(err)
		}
		if last.rss != 0 && now.rss >= last.rss-64<<10 {
			return now
		}
		last = now
	}
	return last
}

// growth is how much more memory a server may hold after the attacks, in bytes. The runtime keeps what it once used for
// stacks, pools and the kernel's page tables: what would be kept per attack is far larger, as thousands of them run.
const growth = 24 << 20

// compare waits until the process is back at f: the same descriptors, and memory within reach. The sessions that an
// attack has left behind end by the heartbeat, so this takes a while.
func (f footprint) compare(t *testing.T, pid int, collect func()) {
	t.Helper()
	allowed := growth
	if raceDetector {
		allowed = 1 << 40 // its shadow memory is not given back, so that memory says nothing: descriptors still do
	}
	var now footprint
	for deadline := time.Now().Add(3 * raw.Patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		var err error
		if now, err = look(pid); err != nil {
			t.Fatal(err)
		}
		if now.descriptors > f.descriptors {
			continue
		}
		if now = settle(t, pid, collect); now.rss <= f.rss+allowed {
			t.Logf("memory: %d KiB before, %d KiB after; descriptors: %d before, %d after", f.rss>>10, now.rss>>10, f.descriptors, now.descriptors)
			return
		}
	}
	t.Errorf("memory: %d KiB before, %d KiB after; descriptors: %d before, %d after", f.rss>>10, now.rss>>10, f.descriptors, now.descriptors)
}
