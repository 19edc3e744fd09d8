package client_test

import (
	"context"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

func TestRecoveryMissesNothingAndShowsNoOffsets(t *testing.T) {
	io, url := serve(t, &socketio.Options{Recovery: &socketio.Recovery{}})
	eachTransport(t, func(t *testing.T, o *client.Options) {
		o.ReconnectionDelay = 100 * time.Millisecond
		o.RandomizationFactor = -1
		c, _ := client.New(url, o)
		t.Cleanup(c.Close)
		d := newDiary()
		d.follow(c)
		c.OnAny(func(_ context.Context, e *client.Event) error {
			d.note("%s %s", e.Name(), e.Args())
			return nil
		})
		c.Connect()
		d.until(t, "connect")
		id := c.ID()
		for round := range 3 { // again and again, also before anything was received
			s := io.Sockets()[0]
			d.forget()
			s.Conn().CloseWith(engineio.TransportClose, nil)
			d.until(t, "disconnect:")
			io.To(id).Emit("missed", round)
			d.until(t, "connect")
			if !c.Recovered() || c.ID() != id {
				t.Fatalf("round %d: recovered %t, id %q, want %q; %q", round, c.Recovered(), c.ID(), id, d.lines)
			}
			want := []string{"missed [0]", "missed [1]", "missed [2]"}[round]
			d.until(t, want)
			d.forget()
		}
	})
}
