package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// Clients that send as fast as they can, under a rate that the server is given, are refused, disconnected and counted, and
// come back and do it again. Everybody else is answered, each time and in order. How much longer that takes is told, not
// judged.
func TestFloodsAreLimited(t *testing.T) {
	flooders, healthy, echoes, start := size(4, 50), size(4, 20), size(40, 500), time.Now()
	io, addr := serve(t, &socketio.Options{
		Rates:  &socketio.Rates{Socket: socketio.Rate{Burst: 200, Every: 5 * time.Millisecond}},
		Engine: engineio.Options{PingInterval: time.Second, PingTimeout: time.Duration(size(10, 60)) * time.Second},
	})
	before := residue.Of(io)
	base := served(t, addr, healthy, echoes)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var floods sync.WaitGroup
	var mu sync.Mutex
	ended := 0
	for i := range flooders {
		floods.Go(func() {
			for ctx.Err() == nil {
				if err := flood(ctx, addr, []string{"websocket", "polling"}[i%2]); err != nil {
					t.Errorf("a flooder: %v", err)
					return
				}
				mu.Lock()
				ended++
				mu.Unlock()
			}
		})
	}
	// From here on every flooder has been limited at least once.
	for deadline := time.Now().Add(residue.Patience); io.Stats().LimitedEvents < uint64(flooders); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody is limited")
		}
	}
	under := served(t, addr, healthy, echoes)
	stop()
	floods.Wait()
	limited := io.Stats().LimitedEvents
	before.Await(t, io, 16<<20)
	if !t.Failed() {
		result(t, start, "%d clients that flood, disconnected %d times, %d events refused; meanwhile %d healthy ones with %d echoes each, all answered: the 99th percentile %v, without floods %v",
			flooders, ended, limited, healthy, echoes, percentile(under), percentile(base))
	}
}

// served has healthy clients ask for echoes, a little pause before each, and gives how long each took.
func served(t *testing.T, addr string, clients, echoes int) []time.Duration {
	t.Helper()
	took := make([][]time.Duration, clients)
	parallel(t, clients, clients, func(i int) error {
		p, err := raw.Connect(addr, []string{"websocket", "polling"}[i%2])
		if err != nil {
			return err
		}
		defer p.Close()
		for n := range echoes {
			time.Sleep(6 * time.Millisecond) // slower than the rate
			start := time.Now()
			if err := p.Ask(fmt.Sprintf(`42%d["echo",%d]`, n, n), fmt.Sprintf("3%d[%d]", n, n)); err != nil {
				return fmt.Errorf("echo %d of client %d: %w", n, i, err)
			}
			took[i] = append(took[i], time.Since(start))
		}
		return nil
	})
	return slices.Concat(took...)
}

func percentile(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)*99/100].Round(10 * time.Microsecond)
}

// flood sends events without end, and reads the answers, until the server ends the session.
func flood(ctx context.Context, addr, transport string) error {
	p, err := raw.Connect(addr, transport)
	if err != nil {
		return err
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for ctx.Err() == nil {
			if err := p.SayAll(slices.Repeat([]string{`421["echo",1]`}, 100)...); err != nil {
				return
			}
		}
		p.Close() // who reads may have read all that there will be
	}()
	defer func() {
		if transport == "polling" {
			p.Close() // or the session of one that is stopped between two polls would wait for its heartbeat
		}
		p.Reset()
		<-over
	}()
	for ctx.Err() == nil {
		got, err := p.Next()
		switch {
		case err != nil:
			return nil // that is how it is ended
		case got.Text == "1":
			return nil // DISCONNECT
		case got.Text != "31[1]" && !strings.HasPrefix(got.Text, `31[{"error":{"message":"too many events"}}]`):
			return fmt.Errorf("answered by %.100q", got.Text)
		}
	}
	return nil
}
