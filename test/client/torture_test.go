package client_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// fault is what a proxy does to a connection.
type fault struct {
	cut   int           // after so many bytes of the client; negative: of the server; 0: never
	reset bool          // with a RST instead of a FIN
	dead  bool          // instead of ending it, swallow everything: half-open
	chunk int           // pass at most so many bytes at once
	delay time.Duration // of each pass
}

// proxy is a road to a server that is bad on purpose.
type proxy struct {
	l      net.Listener
	server string
	plan   func(n int) fault // of the n-th connection

	sent  atomic.Int64 // bytes of the clients
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]struct{}
	n     int
}

func newProxy(t *testing.T, server string, plan func(n int) fault) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l, server: strings.TrimPrefix(server, "http://"), plan: plan, conns: map[net.Conn]struct{}{}}
	p.wg.Go(p.accept)
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		for c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) url() string { return "http://" + p.l.Addr().String() }

// count is the number of connections so far.
func (p *proxy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

func (p *proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		s, err := net.Dial("tcp", p.server)
		if err != nil {
			c.Close()
			continue
		}
		p.mu.Lock()
		f := p.plan(p.n)
		p.n++
		p.conns[c], p.conns[s] = struct{}{}, struct{}{}
		p.mu.Unlock()
		up, down := f, f
		up.cut, down.cut = max(0, f.cut), max(0, -f.cut)
		p.wg.Go(func() { p.pump(s, counted{c, &p.sent}, up) })
		p.wg.Go(func() { p.pump(c, s, down) })
	}
}

// counted counts what is read.
type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// pump passes bytes on, until the fault strikes.
func (p *proxy) pump(dst, src net.Conn, f fault) {
	defer func() {
		for _, c := range []net.Conn{dst, src} {
			if counted, ok := c.(counted); ok {
				c = counted.Conn
			}
			if tcp, ok := c.(*net.TCPConn); ok && f.reset {
				tcp.SetLinger(0)
			}
			c.Close()
		}
	}()
	buffer := make([]byte, 16<<10)
	if f.chunk > 0 {
		buffer = buffer[:f.chunk]
	}
	passed := 0
	for {
		n, err := src.Read(buffer)
		if f.cut > 0 && passed+n >= f.cut {
			dst.Write(buffer[:f.cut-passed])
			if f.dead {
				io.Copy(io.Discard, src)
			}
			return
		}
		passed += n
		time.Sleep(f.delay)
		if _, werr := dst.Write(buffer[:n]); err != nil || werr != nil {
			return
		}
	}
}

// ledger is a server that notes the numbers that it is sent, and answers.
func ledger(t *testing.T) (url string, entries func() []int) { return ledgerWith(t, nil) }

func ledgerWith(t *testing.T, recovery *socketio.Recovery) (url string, entries func() []int) {
	var mu sync.Mutex
	var list []int
	io, url := serve(t, &socketio.Options{Recovery: recovery, Engine: engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: 300 * time.Millisecond}})
	io.OnCall("n", func(_ context.Context, _ *socketio.Socket, n int) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, n)
		return n, nil
	})
	return url, func() []int {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(list)
	}
}

// firsts leaves out what was there before.
func firsts(list []int) (order []int) {
	seen := map[int]bool{}
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			order = append(order, v)
		}
	}
	return order
}

// Connections are cut at every byte of their beginning, and at random later ones: with retries no event is lost, and
// their order is kept.
func TestTortureLosesNothingWithRetries(t *testing.T) {
	eachTransport(t, func(t *testing.T, o *client.Options) {
		url, entries := ledger(t)
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 1))
		p := newProxy(t, url, func(n int) fault {
			f := fault{cut: 1 + random.IntN(3000), reset: random.IntN(2) == 0, dead: random.IntN(4) == 0}
			if random.IntN(2) == 0 {
				f.cut = -f.cut
			}
			if random.IntN(3) == 0 {
				f.chunk = 1 + random.IntN(7)
			}
			if random.IntN(4) == 0 {
				f.cut = 0
			}
			if random.IntN(4) == 0 && f.chunk == 0 {
				f.delay = time.Duration(random.IntN(20)) * time.Millisecond
			}
			return f
		})
		o.Retries, o.AckTimeout = 1000, 500*time.Millisecond
		o.ReconnectionDelay, o.ReconnectionDelayMax = 5*time.Millisecond, 50*time.Millisecond
		o.Timeout = time.Second
		c, err := client.New(p.url(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Connect()
		const n = 40
		for i := range n {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			got, err := c.Call[int](ctx, "n", i)
			cancel()
			if err != nil || got != i {
				t.Fatalf("event %d: %d, %v", i, got, err)
			}
		}
		order := firsts(entries())
		if len(order) != n || !slices.IsSorted(order) {
			t.Errorf("the server got %v", order)
		}
	})
}

// The same on a server that brings clients back: each event is handled once, and has the answer of that time. A session
// that the server could not give back is another one: it may see the event again that was under way.
func TestTortureHandlesEachOnce(t *testing.T) {
	eachTransport(t, func(t *testing.T, o *client.Options) {
		io, url := serve(t, &socketio.Options{
			Recovery: &socketio.Recovery{},
			Engine:   engineio.Options{PingInterval: time.Second, PingTimeout: time.Second},
		})
		var mu sync.Mutex
		handled := map[int]int{}
		pad := strings.Repeat("x", 200)
		type receipt struct {
			N, Times int
			Pad      string
		}
		io.OnCall("n", func(_ context.Context, _ *socketio.Socket, r receipt) (receipt, error) {
			mu.Lock()
			defer mu.Unlock()
			handled[r.N]++
			return receipt{r.N, handled[r.N], pad}, nil
		})
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 2))
		p := newProxy(t, url, func(n int) fault {
			f := fault{cut: 700 + random.IntN(2000), reset: random.IntN(2) == 0}
			if random.IntN(2) == 0 {
				f.cut = -f.cut
			}
			return f
		})
		o.Retries, o.AckTimeout = 1000, time.Second
		o.ReconnectionDelay, o.ReconnectionDelayMax = time.Millisecond, 10*time.Millisecond
		c, err := client.New(p.url(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var losses atomic.Int32
		c.OnDisconnect(func(client.DisconnectReason, error) { losses.Add(1) })
		c.Connect()
		again := 0
		for i := range 100 {
			got, err := c.Call[receipt](t.Context(), "n", receipt{N: i, Pad: pad})
			if err != nil || got.N != i {
				t.Fatalf("event %d: %d, %v", i, got.N, err)
			}
			mu.Lock()
			times := handled[i]
			mu.Unlock()
			again += times - 1
			if got.Times != times && io.Stats().NotRecovered == 0 {
				t.Errorf("event %d was handled %d times, the answer is of the %dth", i, times, got.Times)
			}
		}
		stats := io.Stats()
		if losses.Load() == 0 || stats.Recovered == 0 || uint64(again) > stats.NotRecovered {
			t.Errorf("%d losses, %d events were handled again", losses.Load(), again)
		}
		t.Logf("%d losses, %d events handled again, %+v", losses.Load(), again, stats)
	})
}

// With retries and recovery an event is handled once, whatever is cut, as long as the session is recovered: the server
// remembers what it has answered. One whose session is lost may be handled once more, and only one is under way.
func TestTortureHandlesOnce(t *testing.T) {
	eachTransport(t, func(t *testing.T, o *client.Options) {
		url, entries := ledgerWith(t, new(socketio.Recovery))
		random := rand.New(rand.NewPCG(11, 11))
		p := newProxy(t, url, func(int) fault {
			f := fault{cut: 600 + random.IntN(3000), reset: random.IntN(2) == 0}
			if random.IntN(2) == 0 {
				f.cut = -f.cut
			}
			return f
		})
		o.Retries, o.AckTimeout = 1000, 2*time.Second
		o.ReconnectionDelay, o.ReconnectionDelayMax = 20*time.Millisecond, 100*time.Millisecond
		c, err := client.New(p.url(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var lost, recovered atomic.Int32
		c.OnConnect(func() {
			if c.Recovered() {
				recovered.Add(1)
			} else {
				lost.Add(1)
			}
		})
		c.Connect()
		n := 0
		for ; recovered.Load()+lost.Load() <= 4; n++ {
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			got, err := c.Call[int](ctx, "n", n)
			cancel()
			if err != nil || got != n {
				t.Fatalf("event %d: %d, %v", n, got, err)
			}
		}
		list := entries()
		if order := firsts(list); len(order) != n || !slices.IsSorted(order) {
			t.Errorf("the server got %v", list)
		}
		if again := len(list) - n; again > int(lost.Load())-1 {
			t.Errorf("%d events were handled twice, with %d sessions lost", again, lost.Load()-1)
		}
		t.Logf("%d sessions lost, %d times recovered, %d events handled", lost.Load()-1, recovered.Load(), len(list))
	})
}

// Without retries an event may be lost, and is never repeated.
func TestTortureRepeatsNothing(t *testing.T) {
	eachTransport(t, func(t *testing.T, o *client.Options) {
		url, entries := ledger(t)
		random := rand.New(rand.NewPCG(7, 7))
		p := newProxy(t, url, func(n int) fault {
			return fault{cut: 500 + random.IntN(4000), reset: random.IntN(2) == 0}
		})
		o.ReconnectionDelay, o.ReconnectionDelayMax = 5*time.Millisecond, 50*time.Millisecond
		o.Timeout = 2 * time.Second
		c, err := client.New(p.url(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Connect()
		for i := range 300 {
			c.Emit("n", i)
			time.Sleep(time.Millisecond)
		}
		list := entries()
		if len(list) == 0 || !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("the server got %v", list)
		}
	})
}

// The first connections are cut at every single byte; the next one stands.
func TestTortureCutAtEveryByte(t *testing.T) {
	url, _ := ledger(t)
	for _, transport := range []string{"polling", "websocket"} {
		t.Run(transport, func(t *testing.T) {
			const last = 400
			p := newProxy(t, url, func(n int) fault {
				cut := n/2 + 1
				switch {
				case cut > last:
					return fault{}
				case n%2 == 0:
					return fault{cut: cut}
				}
				return fault{cut: -cut}
			})
			for p.count() < 2*last {
				c, err := client.New(p.url(), &client.Options{
					NoReconnection: true, Timeout: 5 * time.Second,
					Engine: engineio.DialOptions{Transports: []string{transport}},
				})
				if err != nil {
					t.Fatal(err)
				}
				outcome := make(chan struct{}, 2)
				c.OnConnect(func() { outcome <- struct{}{} })
				c.OnConnectError(func(error) { outcome <- struct{}{} })
				c.Connect()
				<-outcome
				c.Close()
			}
		})
	}
}
