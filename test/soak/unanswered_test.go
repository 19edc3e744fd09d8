package soak

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// Questions that nobody answers are forgotten when their time is over: while the clients are still there, the heap is what
// it was before.
func TestQuestionsNobodyAnswers(t *testing.T) {
	clients, waves, each := size(20, 100), size(4, 10), size(250, 1_000)
	timeout, start := time.Duration(size(100, 1_000))*time.Millisecond, time.Now()
	io, addr := serve(t, nil)
	empty := residue.Of(io)
	var readers sync.WaitGroup
	var peers []*raw.Peer
	for range clients {
		p, err := raw.Connect(addr, "websocket")
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, p)
		readers.Go(func() {
			for _, err := p.Next(); err == nil; _, err = p.Next() {
			}
		})
	}
	ask := func() {
		var wave sync.WaitGroup
		for range each {
			wave.Go(func() {
				replies, err := io.Timeout(timeout).EmitWithAck(context.Background(), "question")
				if !errors.Is(err, context.DeadlineExceeded) || replies.Len() != clients {
					t.Errorf("%d replies, %v", replies.Len(), err)
				}
				for id, r := range replies.All() {
					if !errors.Is(r.Err, context.DeadlineExceeded) {
						t.Errorf("%s: %v", id, r.Err)
					}
				}
			})
		}
		wave.Wait()
	}
	ask() // the runtime keeps what it needed for so many goroutines
	before := residue.Of(io)
	for range waves {
		ask()
	}
	if io.Stats().Connections != clients {
		t.Errorf("%d clients are left", io.Stats().Connections)
	}
	after := residue.Of(io)
	if limit := before.Heap + before.Heap/20 + 1<<20; after.Heap > limit {
		t.Errorf("heap %d → %d KiB", before.Heap>>10, after.Heap>>10)
	}
	s := io.Sockets()[0] // the table of each has room again
	if _, err := s.Timeout(time.Millisecond).EmitWithAck(context.Background(), "question"); errors.Is(err, socketio.ErrTooManyAcks) {
		t.Error(err)
	}
	for _, p := range peers {
		p.Close()
	}
	readers.Wait()
	empty.Await(t, io, 64<<20)
	if !t.Failed() {
		result(t, start, "%d questions that %d clients did not answer in %v: heap %d → %d KiB, with the clients still there",
			clients*waves*each, clients, timeout, before.Heap>>10, after.Heap>>10)
	}
}
