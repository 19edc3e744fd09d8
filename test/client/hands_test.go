package client_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// Many goroutines do everything at once to the sockets of one manager, and listeners and handlers join in. Whatever comes
// of it: nothing hangs, nobody waits for ever, and a socket that is connected in the end works.
func TestManyHands(t *testing.T) {
	eachTransport(t, func(t *testing.T, o *client.Options) {
		for _, retries := range []int{0, 2} {
			manyHands(t, o, retries)
		}
	})
}

func manyHands(t *testing.T, o *client.Options, retries int) {
	io, url := serve(t, nil)
	names := []string{"/", "/a", "/b"}
	for _, name := range names {
		io.Of(name).OnCall("inc", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n + 1, nil })
		io.Of(name).OnEvent("leave", func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
			s.Disconnect(false)
			return nil
		})
		io.Of(name).OnEvent("cut", func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
			s.Conn().CloseWith(engineio.TransportClose, nil)
			return nil
		})
	}
	f := *o
	f.ReconnectionDelay, f.Retries, f.AckTimeout = time.Millisecond, retries, 5*time.Second
	m, err := client.NewManager(url, &f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	var calm atomic.Bool
	var sockets []*client.Socket
	for _, name := range names {
		s := m.Socket(name, &f)
		s.OnDisconnect(func(client.DisconnectReason, error) {
			if calm.Load() || rand.IntN(2) == 0 {
				s.Connect()
			}
		})
		s.OnConnect(func() {
			if !calm.Load() && rand.IntN(8) == 0 {
				s.Disconnect()
			}
		})
		sockets = append(sockets, s)
	}
	var hands sync.WaitGroup
	for range 8 {
		hands.Go(func() {
			for range 60 {
				s := sockets[rand.IntN(len(sockets))]
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(20))*time.Millisecond)
				switch rand.IntN(9) {
				case 0, 1:
					s.Connect()
				case 2:
					s.Disconnect()
				case 3:
					s.Wait(ctx)
				case 4:
					s.Emit("leave")
				case 5:
					s.Volatile().Emit("cut")
				default:
					s.Call[int](ctx, "inc", 1)
				}
				cancel()
			}
		})
	}
	within(t, "a hand", hands.Wait)
	calm.Store(true)
	for _, s := range sockets {
		within(t, "a socket that wants to be connected", func() {
			for {
				s.Connect() // an event of before may yet send it away
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				n, err := s.Call[int](ctx, "inc", 1)
				cancel()
				if err == nil && n == 2 || t.Context().Err() != nil {
					return
				}
			}
		})
	}
	within(t, "Close", m.Close)
}
