package soak

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// Peers come and die with a RST, at any point of their life, while others stay and are served. In the end the server
// holds what it held before.
func TestChurnWithResets(t *testing.T) {
	n, held, start := size(2_000, 300_000), size(50, 3_000), time.Now()
	seed := newRand(t).Uint64()
	io, addr := serve(t, quick())
	// The runtime keeps what it needed for so many goroutines at once, and tables their size: a first wave takes it.
	idle := residue.Of(io)
	churn(t, addr, seed, n/10, held)
	before := idle.Await(t, io, 32<<20)
	churn(t, addr, seed+1, n, held)
	after := before.Await(t, io, before.Heap/20+1<<20)
	if !t.Failed() {
		result(t, start, "%d connections that died with a RST at a random point, %d others held and served: goroutines %d → %d, descriptors %d → %d, heap %d → %d KiB",
			n, held, before.Goroutines, after.Goroutines, before.Descriptors, after.Descriptors, before.Heap>>10, after.Heap>>10)
	}
}

// churn lets n peers come and die while others are held.
func churn(t *testing.T, addr string, seed uint64, n, held int) {
	t.Helper()
	var staying sync.WaitGroup
	defer staying.Wait()
	stop := make(chan struct{})
	defer close(stop)
	for i := range held {
		p, err := raw.Connect(addr, []string{"websocket", "polling"}[i%8/7])
		if err != nil {
			t.Fatal(err)
		}
		staying.Go(func() { stay(t, p, stop) })
	}
	parallel(t, 16, n, func(i int) error { return die(addr, rand.New(rand.NewPCG(seed, uint64(i)))) })
}

// stay serves the heartbeat of a client that lives through it all, then asks it for one more echo.
func stay(t *testing.T, p *raw.Peer, stop <-chan struct{}) {
	defer p.Close()
	asked := make(chan error, 1)
	go func() {
		<-stop
		asked <- p.Say(`427["echo","still here"]`)
	}()
	packet, err := p.Next() // answers the pings that come before
	if err != nil || packet.Text != `37["still here"]` {
		t.Errorf("who stayed got %q, %v", packet.Text, err)
		p.Reset()
	}
	if err := <-asked; err != nil {
		t.Error(err)
	}
}

// die lives for a random part of a session and resets.
func die(addr string, random *rand.Rand) error {
	c, err := raw.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Reset()
	script := raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))
	script = raw.AppendFrame(script, raw.Text, []byte(`451-1["echo",{"_placeholder":true,"num":0}]`))
	script = raw.AppendFrame(script, raw.Binary, []byte("never acknowledged"))
	if random.IntN(4) == 0 {
		script = raw.Request("GET", raw.PollingTarget, nil)
	}
	if err := c.Send(script[:random.IntN(len(script)+1)]); err != nil {
		return err
	}
	if random.IntN(2) == 0 {
		return nil // at once; otherwise when something came back, if the script went that far
	}
	c.TCP.SetReadDeadline(time.Now().Add(time.Duration(random.IntN(3)) * time.Millisecond))
	c.In.Peek(1) // whatever it is
	return nil
}
