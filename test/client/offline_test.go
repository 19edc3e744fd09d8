package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// restartable is a server that can go and come back at its address.
type restartable struct {
	t    *testing.T
	addr string
	set  func(*socketio.Server)
	io   *socketio.Server
	http *http.Server
}

func newRestartable(t *testing.T, set func(*socketio.Server)) *restartable {
	r := &restartable{t: t, addr: "127.0.0.1:0", set: set}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *restartable) start() {
	r.t.Helper()
	var l net.Listener
	var err error
	for range 100 { // a process that is forked beside us may hold the port for a moment
		if l, err = net.Listen("tcp", r.addr); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.addr = l.Addr().String()
	r.io = socketio.NewServer(nil)
	r.set(r.io)
	r.http = &http.Server{Handler: r.io}
	go r.http.Serve(l)
}

func (r *restartable) stop() {
	if r.io == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r.http.Close()
	r.io.Shutdown(ctx)
	r.io = nil
}

func (r *restartable) url() string { return "http://" + r.addr }

func collect(got chan<- int) func(*socketio.Server) {
	return func(io *socketio.Server) {
		io.On("n", func(_ context.Context, _ *socketio.Socket, n int) error { got <- n; return nil })
	}
}

func take(t *testing.T, got <-chan int, n int) []int {
	t.Helper()
	var list []int
	for range n {
		select {
		case v := <-got:
			list = append(list, v)
		case <-time.After(patience):
			t.Fatalf("only %v came", list)
		}
	}
	return list
}

func TestWhatIsEmittedOfflineIsSentInOrderBeforeConnect(t *testing.T) {
	got := make(chan int, 100)
	r := newRestartable(t, collect(got))
	c, _ := client.New(r.url(), &client.Options{ReconnectionDelay: 10 * time.Millisecond})
	t.Cleanup(c.Close)
	d := newDiary()
	d.follow(c)
	c.OnConnect(func() { c.Emit("n", 99) })
	for i := range 3 {
		c.Emit("n", i)
	}
	c.Volatile().Emit("n", 50) // can't leave now
	c.Connect()
	if list := take(t, got, 4); !slices.Equal(list, []int{0, 1, 2, 99}) {
		t.Errorf("first: %v", list)
	}
	r.stop()
	d.until(t, "disconnect:")
	for i := range 3 {
		c.Emit("n", 10+i)
	}
	r.start()
	if list := take(t, got, 4); !slices.Equal(list, []int{10, 11, 12, 99}) {
		t.Errorf("after the restart: %v", list)
	}
}

func TestMoreWaitsOfflineThanAConnectionTakesAtOnce(t *testing.T) {
	const n = 200
	got := make(chan int, 2*n)
	r := newRestartable(t, func(io *socketio.Server) {
		io.On("n", func(_ context.Context, _ *socketio.Socket, v client.Args2[int, string]) error { got <- v.A; return nil })
	})
	for name, list := range transports {
		t.Run(name, func(t *testing.T) {
			c, _ := client.New(r.url(), &client.Options{Engine: engineio.DialOptions{Transports: list, OutboxBytes: 32 << 10}})
			t.Cleanup(c.Close)
			pad := strings.Repeat("x", 4<<10)
			for i := range n {
				c.Emit("n", i, pad)
			}
			c.OnConnect(func() { c.Emit("n", n, "") })
			c.Connect()
			for want, v := range take(t, got, n+1) {
				if v != want {
					t.Fatalf("%d came instead of %d", v, want)
				}
			}
		})
	}
}

func TestBufferIsBounded(t *testing.T) {
	got := make(chan int, 100)
	r := newRestartable(t, collect(got))
	for _, oldest := range []bool{false, true} {
		c, _ := client.New(r.url(), &client.Options{BufferPackets: 3, DropOldest: oldest})
		var errs []error
		for i := range 5 {
			errs = append(errs, c.Emit("n", i))
		}
		want, full := []int{0, 1, 2}, client.ErrBufferFull
		if oldest {
			want, full = []int{2, 3, 4}, nil
		}
		if errs[2] != nil || !errors.Is(errs[3], full) {
			t.Errorf("oldest=%t: errors %v", oldest, errs)
		}
		c.Connect()
		if list := take(t, got, 3); !slices.Equal(list, want) {
			t.Errorf("oldest=%t: %v, want %v", oldest, list, want)
		}
		c.Close()
	}
	c, _ := client.New(r.url(), &client.Options{BufferBytes: 1000})
	defer c.Close()
	if err := c.Emit("s", string(make([]byte, 5000))); err != nil {
		t.Errorf("a single large event: %v", err)
	}
	if err := c.Emit("s", "x"); !errors.Is(err, client.ErrBufferFull) {
		t.Errorf("behind it: %v", err)
	}
}

func TestEventsExpireInTheBuffer(t *testing.T) {
	t.Parallel() // most of it is a wait
	got := make(chan int, 100)
	r := newRestartable(t, collect(got))
	c, _ := client.New(r.url(), &client.Options{BufferTTL: 5 * time.Second})
	t.Cleanup(c.Close)
	answer := make(chan error, 1)
	go func() {
		_, err := c.EmitWithAck(t.Context(), "n", 1)
		answer <- err
	}()
	if err := <-answer; !errors.Is(err, client.ErrExpired) {
		t.Errorf("error %v", err)
	}
	c.Emit("n", 2)
	c.Connect()
	if list := take(t, got, 1); list[0] != 2 {
		t.Errorf("%d came", list[0])
	}
}

func TestAcknowledgementsEnd(t *testing.T) {
	r := newRestartable(t, func(io *socketio.Server) {
		io.OnEvent("never", func(context.Context, *socketio.Socket, *socketio.Event) error { return nil })
		io.OnEvent("drop", func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
			s.Conn().CloseWith(engineio.TransportClose, nil)
			return nil
		})
		io.OnCall("inc", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n + 1, nil })
	})
	c := connect(t, r.url(), &client.Options{ReconnectionDelay: 10 * time.Millisecond})
	if _, err := c.Timeout(30*time.Millisecond).EmitWithAck(t.Context(), "never"); !errors.Is(err, client.ErrTimeout) {
		t.Errorf("timeout: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	if _, err := c.EmitWithAck(ctx, "never"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	cancel()
	cause := errors.New("no patience")
	ctx2, cancel2 := context.WithCancelCause(t.Context())
	time.AfterFunc(30*time.Millisecond, func() { cancel2(cause) })
	if _, err := c.EmitWithAck(ctx2, "never"); !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
		t.Errorf("cause: %v", err)
	}
	if _, err := c.EmitWithAck(t.Context(), "drop"); !errors.Is(err, client.ErrDisconnected) {
		t.Errorf("loss: %v", err)
	}
	// Asked while away, answered after the return.
	if n, err := c.Call[int](t.Context(), "inc", 1); n != 2 || err != nil {
		t.Errorf("after the return: %d, %v", n, err)
	}
	// A question that nobody waits for any more is not asked.
	d, _ := client.New(r.url(), nil)
	t.Cleanup(d.Close)
	if _, err := d.Timeout(10*time.Millisecond).EmitWithAck(t.Context(), "never"); !errors.Is(err, client.ErrTimeout) {
		t.Errorf("offline: %v", err)
	}
}

// An event goes again when its time is over, and at once over the next connection, with the id that it had; the one behind it
// waits. The server that the client talks to is told that it does.
func TestRetriesRepeatUntilAcknowledged(t *testing.T) {
	said := make(chan string, 100)
	url := played(t, func(p peer) {
		next := func() {
			for {
				_, data, err := p.Read()
				if err != nil {
					return
				}
				if text := string(data); strings.HasPrefix(text, "42") || strings.HasPrefix(text, "40") {
					said <- text
					return
				}
			}
		}
		p.send(handshake)
		next()
		p.send(`40{"sid":"xyz"}`)
		next()
		if p.n == 0 {
			next()
			return // and the connection is lost
		}
		p.send(`430[]`)
		next()
		p.send(`431["ok"]`)
		p.wait()
	})
	c, err := client.New(url, overWebSocket(client.Options{
		Retries: 20, AckTimeout: time.Second, ReconnectionDelay: 10 * time.Millisecond, Auth: map[string]int{"token": 1},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Emit("n", 1)
	c.Connect()
	if a, err := c.Call[string](t.Context(), "n", 2); a != "ok" || err != nil {
		t.Errorf("answer %q, %v", a, err)
	}
	const hello = `40{"resends":true,"token":1}`
	for i, want := range []string{hello, `420["n",1]`, `420["n",1]`, hello, `420["n",1]`, `421["n",2]`} {
		if got := <-said; got != want {
			t.Errorf("packet %d is %s, want %s", i, got, want)
		}
	}
}

func TestRetriesEnd(t *testing.T) {
	var calls, tries atomic.Int32
	r := newRestartable(t, func(io *socketio.Server) {
		io.OnEvent("never", func(context.Context, *socketio.Socket, *socketio.Event) error { calls.Add(1); return nil })
		io.OnCall("inc", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n + 1, nil })
	})
	c := connect(t, r.url(), &client.Options{Retries: 2, AckTimeout: 20 * time.Millisecond})
	c.OnAnyOutgoing(func(name string, _ []any) {
		if name == "never" {
			tries.Add(1)
		}
	})
	if _, err := c.EmitWithAck(t.Context(), "never"); !errors.Is(err, client.ErrTimeout) {
		t.Errorf("error %v", err)
	}
	if n, err := c.Timeout(10 * time.Second).Call[int](t.Context(), "inc", 1); n != 2 || err != nil {
		t.Errorf("behind it: %d, %v", n, err)
	}
	c.Close()                                                 // every listener has run
	if n, m := tries.Load(), calls.Load(); n != 3 || m != 1 { // all came before that
		t.Errorf("%d tries, %d calls; want 3 and one", n, m)
	}
}

func TestAnAnswerEndsWithTheConnectionThatAsked(t *testing.T) {
	r := newRestartable(t, func(io *socketio.Server) {
		io.OnConnection(func(s *socketio.Socket) {
			go s.EmitWithAck(s.Context(), "question") // the answer is not what is tested
		})
	})
	c, _ := client.New(r.url(), &client.Options{ReconnectionDelay: 10 * time.Millisecond})
	t.Cleanup(c.Close)
	questions := make(chan *client.Event, 9)
	c.OnEvent("question", func(_ context.Context, e *client.Event) error { questions <- e; return nil })
	c.Connect()
	old := <-questions
	c.Manager().Conn().CloseWith(engineio.TransportClose, nil)
	current := <-questions // of the next connection
	if err := old.Ack("late"); !errors.Is(err, client.ErrDisconnected) {
		t.Errorf("late: %v", err)
	}
	if err := current.Ack("in time"); err != nil {
		t.Errorf("in time: %v", err)
	}
	if err := current.Ack("again"); !errors.Is(err, client.ErrAcknowledged) || current.WantsAck() {
		t.Errorf("again: %v, wants another: %t", err, current.WantsAck())
	}
}
