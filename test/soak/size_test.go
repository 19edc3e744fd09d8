package soak

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	if code == 0 && full() {
		if err := writeReport(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// full says whether the tests run at full size.
func full() bool { return os.Getenv("SOAK") != "" }

// size picks the size of a test.
func size(small, large int) int {
	if full() {
		return large
	}
	return small
}

// newRand makes the source of what is random in a test.
func newRand(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if full() {
		seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("SOAK_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("SOAK_SEED: %v", err)
		}
	}
	t.Logf("SOAK_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// serve starts a server with the event echo, which acknowledges with its own arguments.
func serve(t *testing.T, o *socketio.Options) (io *socketio.Server, addr string) {
	t.Helper()
	io = socketio.NewServer(o)
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	if err := io.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's context is over by now.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := io.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if stats := io.Stats(); stats.Panics > 0 || stats.RepeatedAcks > 0 {
			t.Errorf("%+v", stats)
		}
	})
	return io, io.Addr().String()
}

// parallel runs f(0) to f(n-1) on some workers and stops at the first error.
func parallel(t *testing.T, workers, n int, f func(i int) error) {
	t.Helper()
	work := make(chan int)
	failed := make(chan struct{})
	var once sync.Once
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range work {
				if err := f(i); err != nil {
					t.Errorf("%d of %d: %v", i, n, err)
					once.Do(func() { close(failed) })
					return
				}
			}
		})
	}
feed:
	for i := range n {
		select {
		case work <- i:
		case <-failed:
			break feed
		}
	}
	close(work)
	group.Wait()
}

// quick are options under which the session of a peer that has vanished ends soon: but not so soon that it is that of
// one which waits for its turn on a busy machine.
func quick() *socketio.Options {
	timeout := time.Duration(size(10, 60)) * time.Second
	return &socketio.Options{Engine: engineio.Options{PingInterval: time.Second, PingTimeout: timeout}}
}
