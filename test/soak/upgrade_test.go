package soak

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// A server emits a counter every 5 ms to everyone. Clients that move from polling to WebSocket meanwhile see every
// number from their first on, once and in order.
func TestUpgradesUnderACounter(t *testing.T) {
	n, workers, start := size(60, 20_000), size(20, 50), time.Now()
	io, addr := serve(t, nil)
	before := residue.Of(io)
	stop := tick(io)
	parallel(t, workers, n, func(int) error { return upgradeUnderCounter(addr) })
	last := stop()
	before.Await(t, io, 8<<20)
	if !t.Failed() {
		result(t, start, "%d upgrades, %d at a time, under a counter that went to %d: no hole, no repeat", n, workers, last)
	}
}

// tick emits the counter until the returned function is called, which gives the last number.
func tick(io *socketio.Server) (stop func() int) {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	count := 0
	group.Go(func() {
		every := time.NewTicker(5 * time.Millisecond)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				count++
				io.Emit("n", count)
			}
		}
	})
	return func() int {
		cancel()
		group.Wait()
		return count
	}
}

func upgradeUnderCounter(addr string) error {
	p, err := raw.Connect(addr, "polling")
	if err != nil {
		return err
	}
	defer p.Close()
	first, err := number(p)
	if err != nil {
		return err
	}
	// Events of the client's own are answered before, during and after as well.
	asked := make(chan error, 1)
	go func() { asked <- p.SayAll(`42["echo"]`, `42["echo"]`) }()
	if err := p.Upgrade(); err != nil {
		return err
	}
	if err := <-asked; err != nil {
		return err
	}
	for want := first + 1; want < first+20; want++ {
		got, err := number(p)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("got %d; want %d, the first was %d", got, want, first)
		}
	}
	if p.Transport() != "websocket" {
		return fmt.Errorf("the session is on %s", p.Transport())
	}
	return nil
}

func number(p *raw.Peer) (n int, err error) {
	packet, err := p.Next()
	if err != nil {
		return 0, err
	}
	if _, err := fmt.Sscanf(packet.Text, `2["n",%d]`, &n); err != nil {
		return 0, fmt.Errorf("%.200q: %w", packet.Text, err)
	}
	return n, nil
}
