package soak

import (
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// A whole crowd is connected at once, idle, and dies at once with a RST, wave after wave. In the end the server holds what
// it held before.
func TestCrowdComesAndGoes(t *testing.T) {
	const waves = 2
	n, start := size(150, 7_500), time.Now() // both ends are here, and a process may have 20,000 descriptors
	io, addr := serve(t, nil)
	// The runtime keeps what it needed for so many at once, and tables their size: a first wave takes it.
	idle := residue.Of(io)
	wave(t, io, addr, n)
	before := idle.Await(t, io, 32<<20)
	for range waves {
		wave(t, io, addr, n)
	}
	after := before.Await(t, io, before.Heap/20+1<<20)
	if !t.Failed() {
		result(t, start, "%d connections, %d at once, opened and reset: goroutines %d → %d, descriptors %d → %d, heap %d → %d KiB",
			waves*n, n, before.Goroutines, after.Goroutines, before.Descriptors, after.Descriptors, before.Heap>>10, after.Heap>>10)
	}
}

// wave connects n clients and resets all of them.
func wave(t *testing.T, io *socketio.Server, addr string, n int) {
	t.Helper()
	peers := make([]*raw.Peer, n)
	defer func() {
		for _, p := range peers {
			if p != nil {
				p.Reset()
			}
		}
	}()
	parallel(t, 16, n, func(i int) (err error) {
		peers[i], err = raw.Connect(addr, "websocket")
		return err
	})
	if sessions, sockets := io.Engine().Count(), len(io.Sockets()); sessions != n || sockets != n {
		t.Errorf("%d sessions and %d sockets of %d clients", sessions, sockets, n)
	}
}
