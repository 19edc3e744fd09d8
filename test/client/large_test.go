package client_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// What one message may hold, an event may: text and attachments, by default and when the limit is raised, also while
// somebody waits for an answer.
func TestLargeEventsAreTaken(t *testing.T) {
	io, url := serve(t, nil)
	io.OnEvent("never", func(context.Context, *socketio.Socket, *socketio.Event) error { return nil })
	for _, c := range []struct{ limit, size int }{{0, 6 << 20}, {40 << 20, 20 << 20}} {
		s := connect(t, url, &client.Options{Engine: engineio.DialOptions{Transports: []string{"websocket"}, MaxMessage: c.limit}})
		got := make(chan int, 2)
		s.On("text", func(_ context.Context, v string) error { got <- len(v); return nil })
		s.On("bytes", func(_ context.Context, v []byte) error { got <- len(v); return nil })
		waiting, stop := context.WithCancel(t.Context())
		defer stop()
		go s.EmitWithAck(waiting, "never")
		big := bytes.Repeat([]byte{'x'}, c.size)
		io.To(s.ID()).Emit("text", string(big))
		for _, name := range []string{"text", "bytes"} {
			select {
			case n := <-got:
				if n != c.size {
					t.Errorf("%s of %d bytes, want %d", name, n, c.size)
				}
			case <-time.After(patience):
				t.Fatalf("%s of %d bytes did not come; connected %t", name, c.size, s.Connected())
			}
			if name == "text" {
				io.To(s.ID()).Emit("bytes", big)
			}
		}
	}
}
