//go:build amd64 || arm64

package websocket

import (
	"net"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// noDescriptors makes the kernel refuse every new descriptor of this process, until the function that it returns is
// called. No other test may run meanwhile.
func noDescriptors(t *testing.T) (end func()) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	free, err := syscall.Dup(0) // the lowest there is
	if err != nil {
		t.Fatal(err)
	}
	syscall.Close(free)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: uint64(free), Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	end = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(end)
	if fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != syscall.EMFILE {
		t.Fatalf("descriptor %d, %v: it was to be refused", fd, err)
	}
	return end
}

// watched reports whether the lot has an instance, and how many are in it.
func (p *parking) watched() (open bool, used int) {
	p.lot.mu.Lock()
	defer p.lot.mu.Unlock()
	return p.lot.watcher.file != nil, p.lot.watcher.used
}

// A process that has run out of descriptors gets no epoll instance. Who comes then has a goroutine of its own and is
// served by that to the end, whoever ends it; who comes when there are descriptors again is parked.
func TestLotWithoutADescriptor(t *testing.T) {
	p := newParking(t, 20*time.Millisecond)
	type end struct{ server, client net.Conn }
	var pairs [4]end
	for i := range pairs {
		pairs[i].server, pairs[i].client = tcpPair(t)
	}
	before := runtime.NumGoroutine()

	free := noDescriptors(t)
	ours := p.take(pairs[0].server)
	cut := p.take(pairs[1].server)
	p.take(pairs[2].server)
	if open, used := p.watched(); open || used != 0 {
		t.Fatalf("there is an instance, with %d in it", used)
	}
	for range 3 {
		for _, pair := range pairs[:3] {
			if err := call(pair.client, "hello"); err != nil {
				t.Fatal(err)
			}
		}
	}
	free()

	p.take(pairs[3].server)
	if open, used := p.watched(); !open || used != 1 {
		t.Fatalf("an instance: %v, with %d in it: want the one that came last", open, used)
	}
	for _, pair := range pairs {
		if err := call(pair.client, "again"); err != nil {
			t.Fatal(err)
		}
	}
	// Three readers, and the watcher: the last has none.
	eventually(t, "the last is parked", func() bool { return runtime.NumGoroutine() <= before+4 })

	ours.Close(transport.Orderly)
	cut.Close(transport.Cut)
	for _, pair := range pairs[2:] {
		if err := call(pair.client, "still"); err != nil {
			t.Fatal(err)
		}
	}
	for _, pair := range pairs {
		pair.client.Close()
	}
	p.running.Wait()
	if n := p.left.Load(); n != 4 || p.closed.Load() != 2 {
		t.Errorf("%d of 4 left, %d were told that their peer ended, want 2", n, p.closed.Load())
	}
	if open, _ := p.watched(); open {
		t.Error("the instance is open behind the last")
	}
}

// A connection that the instance refuses, as it does one that is closed already, ends by itself. Alone it leaves no
// instance behind; among others it leaves theirs alone.
func TestLotRefusesAConnection(t *testing.T) {
	p := newParking(t, time.Second)
	refused := func() {
		t.Helper()
		server, client := tcpPair(t)
		defer client.Close()
		server.Close()
		left := p.left.Load()
		p.take(server)
		eventually(t, "it leaves", func() bool { return p.left.Load() == left+1 })
	}
	refused()
	if open, _ := p.watched(); open {
		t.Error("an instance for nobody")
	}
	_, client := p.open()
	for range 3 {
		refused()
		if err := call(client, "hello"); err != nil {
			t.Fatal(err)
		}
	}
	if open, used := p.watched(); !open || used != 1 {
		t.Errorf("an instance: %v, with %d in it", open, used)
	}
	client.Close()
	p.running.Wait()
}
