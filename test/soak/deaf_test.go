package soak

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// Half of the clients stop reading while everybody is broadcast to. What waits for each of them is bounded, each is told of
// before it goes, and goes; the others get everything in order.
func TestClientsThatStopReading(t *testing.T) {
	const message = 32 << 10
	n, start := size(8, 100), time.Now()
	io, addr := serve(t, nil)
	before := residue.Of(io)
	told, gone := new(sync.Map), make(chan error, 2*n)
	io.OnSlowConsumer(func(s *socketio.Socket, _ int) { told.Store(s.ID(), true) })
	io.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) {
		var err error
		if _, ok := told.Load(s.ID()); r == socketio.TransportError && !ok {
			err = fmt.Errorf("%s went without a word", s.ID())
		}
		gone <- err
	})
	var readers sync.WaitGroup
	var peers []*raw.Peer
	var healthy []*reader
	for i := range 2 * n {
		p, err := raw.Connect(addr, []string{"websocket", "polling"}[i%4/3])
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, p)
		if i%2 == 1 {
			continue // it never reads again
		}
		r := &reader{peer: p, ended: make(chan error, 1)}
		healthy = append(healthy, r)
		readers.Go(r.read)
	}
	sent, most := 0, 0
	pad := strings.Repeat("x", message)
	for len(io.Sockets()) > n {
		if sent == 5_000 {
			t.Fatalf("%d sockets are still there", len(io.Sockets()))
		}
		if err := io.Emit("m", sent, pad); err != nil {
			t.Fatal(err)
		}
		sent++
		for _, s := range io.Sockets() {
			most = max(most, s.BufferedAmount())
		}
		if sent%8 == 0 {
			await(t, healthy, sent)
		}
	}
	await(t, healthy, sent)
	for range n {
		if err := <-gone; err != nil {
			t.Error(err)
		}
	}
	if limit := 1<<20 + 2*message; most > limit {
		t.Errorf("%d bytes waited for one client, the limit is %d", most, limit)
	}
	for _, p := range peers {
		p.Reset()
	}
	readers.Wait()
	after := before.Await(t, io, before.Heap/20+8<<20)
	if !t.Failed() {
		result(t, start, "%d of %d clients stopped reading: all of them cut, at most %d KiB waited for one; the others got all %d messages of 32 KiB in order; heap %d → %d KiB",
			n, 2*n, most>>10, sent, before.Heap>>10, after.Heap>>10)
	}
}

// reader checks that it gets every message, in order.
type reader struct {
	peer  *raw.Peer
	got   atomic.Int64
	ended chan error
}

func (r *reader) read() {
	for {
		p, err := r.peer.Next()
		if want := fmt.Sprintf(`2["m",%d,`, r.got.Load()); err == nil && !strings.HasPrefix(p.Text, want) {
			err = fmt.Errorf("got %.40s, want %s", p.Text, want)
		}
		if err != nil {
			r.ended <- err
			return
		}
		r.got.Add(1)
	}
}

// await waits until all have got so many messages.
func await(t *testing.T, all []*reader, n int) {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, r := range all {
		for r.got.Load() < int64(n) {
			select {
			case err := <-r.ended:
				t.Fatal(err)
			case <-patience.Done():
				t.Fatalf("%d of %d messages came", r.got.Load(), n)
			case <-time.After(time.Millisecond):
			}
		}
	}
}
