package client_test

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// phoenix is a server that dies and is born again at the same address, with nothing in its mind but the ledger.
type phoenix struct {
	t       *testing.T
	front   *httptest.Server
	upgrade func() // hears of each request for an upgrade. Fixed before the first request.

	mu   sync.Mutex
	io   *socketio.Server
	list []int // numbers that were handled, and so answered
	dead sync.WaitGroup
}

func newPhoenix(t *testing.T) *phoenix {
	p := &phoenix{t: t, upgrade: func() {}}
	p.rise()
	p.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		io := p.io
		p.mu.Unlock()
		if r.Header.Get("Upgrade") != "" {
			p.upgrade()
		}
		io.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		p.bury(p.io)
		p.dead.Wait()
		p.front.Close()
	})
	return p
}

func (p *phoenix) rise() {
	io := socketio.NewServer(&socketio.Options{Engine: engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: 5 * time.Second}})
	io.OnCall("n", func(_ context.Context, _ *socketio.Socket, n int) (int, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.list = append(p.list, n)
		return n, nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.io = io
}

// bury lets a server end in its own time: its connections are gone already.
func (p *phoenix) bury(io *socketio.Server) {
	p.dead.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		io.Shutdown(ctx)
	})
}

// die cuts every connection at once, and is born again.
func (p *phoenix) die(road *proxy) {
	p.mu.Lock()
	old := p.io
	p.mu.Unlock()
	p.rise()
	road.cutAll()
	p.bury(old)
}

// cutAll resets all connections.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		c.Close()
	}
	clear(p.conns)
}

// The server dies again and again in the middle of an upgrade, before, while and after the transports change. With
// retries no event is lost, and their order is kept.
func TestTortureRestartsInTheMiddleOfAnUpgrade(t *testing.T) {
	p := newPhoenix(t)
	road := newProxy(t, p.front.URL, func(int) fault { return fault{} })
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	doom := make(chan time.Duration, 1)
	var deaths atomic.Int32
	p.upgrade = func() {
		select {
		case doom <- 0:
		default:
		}
	}
	done := make(chan struct{})
	var reaper sync.WaitGroup
	reaper.Go(func() {
		for {
			select {
			case <-doom:
				if deaths.Load() < 15 {
					time.Sleep(time.Duration(random.IntN(150_000)) * time.Microsecond) // the change takes about 100 ms
					p.die(road)
					deaths.Add(1)
				}
			case <-done:
				return
			}
		}
	})
	c, err := client.New(road.url(), &client.Options{
		Retries: 1000, AckTimeout: 2 * time.Second, Timeout: 5 * time.Second,
		ReconnectionDelay: time.Millisecond, ReconnectionDelayMax: 20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Connect()
	n := 0
	for ; deaths.Load() < 15; n++ {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		got, err := c.Call[int](ctx, "n", n)
		cancel()
		if err != nil || got != n {
			t.Fatalf("event %d: %d, %v", n, got, err)
		}
		time.Sleep(time.Millisecond)
	}
	close(done)
	reaper.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if order := firsts(p.list); len(order) != n || !slices.IsSorted(order) {
		t.Errorf("%d events; the servers got %v", n, order)
	}
	t.Logf("%d events, %d connections", n, road.count())
}
