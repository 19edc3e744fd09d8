package herd

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/process"
)

// patience ends a test that hangs; nothing is measured with it.
const patience = 5 * time.Minute

// herd is many clients of one server.
type herd struct {
	clients []*client.Socket
	back    chan struct{} // one for each connect

	mu     sync.Mutex
	delays map[time.Duration]int // before first attempts, and how often each
	most   int                   // attempts that one client needed
}

func newHerd(t *testing.T, addr string, n int) *herd {
	t.Helper()
	h := &herd{back: make(chan struct{}, 4*n), delays: map[time.Duration]int{}}
	shared := &http.Transport{}
	t.Cleanup(shared.CloseIdleConnections)
	o := &client.Options{Engine: engineio.DialOptions{Transports: []string{"websocket"}, HTTP: &http.Client{Transport: shared}}}
	for range n {
		c, err := client.New("http://"+addr, o)
		if err != nil {
			t.Fatal(err)
		}
		c.OnConnect(func() { h.back <- struct{}{} })
		c.OnReconnecting(h.attempt)
		h.clients = append(h.clients, c)
	}
	t.Cleanup(func() { each(h.clients, func(_ int, c *client.Socket) { c.Close() }) })
	return h
}

func (h *herd) attempt(attempt int, delay time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if attempt == 1 {
		h.delays[delay]++
	}
	h.most = max(h.most, attempt)
}

// each calls f for all clients, some at a time.
func each(clients []*client.Socket, f func(i int, c *client.Socket)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range 64 {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(clients)); i = next.Add(1) - 1 {
				f(int(i), clients[i])
			}
		})
	}
	workers.Wait()
}

// await waits until all clients have told that they are connected.
func (h *herd) await(t *testing.T) {
	t.Helper()
	late := time.After(patience)
	for i := range h.clients {
		select {
		case <-h.back:
		case <-late:
			t.Fatalf("%d of %d are connected", i, len(h.clients))
		}
	}
}

// All clients are cut at once, and all come back to a server that has been killed and started again: at times of their
// own, and to stay. SOAK=1 makes it 15,000.
func TestHerdComesBack(t *testing.T) {
	n := 400
	if os.Getenv("SOAK") != "" {
		n = 15_000
	}
	checkLeaks(t)
	addr := net.JoinHostPort("127.0.0.1", process.FreePort(t))
	server := start(t, addr)
	h := newHerd(t, addr, n)
	each(h.clients, func(_ int, c *client.Socket) {
		c.Connect()
		c.Wait(t.Context())
	})
	h.await(t)

	server.Kill()
	cut := time.Now()
	start(t, addr)
	h.await(t)
	t.Logf("%d clients are back after %v; %d different delays; at most %d attempts", n, time.Since(cut), len(h.delays), h.most)

	var answered atomic.Int64
	each(h.clients, func(i int, c *client.Socket) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if got, err := c.Call[int](ctx, "echo", i); err != nil || got != i {
			t.Errorf("client %d: %d, %v", i, got, err)
			return
		}
		answered.Add(1)
	})
	if answered.Load() != int64(n) {
		t.Errorf("%d of %d answered", answered.Load(), n)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	early, total := 0, 0
	for delay, count := range h.delays {
		if delay < 500*time.Millisecond || delay > 1500*time.Millisecond {
			t.Errorf("a first delay of %v", delay)
		}
		if delay < time.Second {
			early += count
		}
		total += count
	}
	// Of so many, about half wait less than a second, and no delay is everybody's.
	if total < n || early < total/4 || early > 3*total/4 || len(h.delays) < 100 {
		t.Errorf("%d delays, %d below a second, %d different ones: that is no jitter", total, early, len(h.delays))
	}
}
