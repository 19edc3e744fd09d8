package soak

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// A client may ask many times without waiting. The answers come in the order of the questions, each once, on every one
// of many connections.
func TestPipelinedEvents(t *testing.T) {
	for _, transport := range []string{"websocket", "polling"} {
		t.Run(transport, func(t *testing.T) {
			clients, events, start := size(8, 100), size(1_000, 5_000), time.Now()
			_, addr := serve(t, nil)
			parallel(t, clients, clients, func(int) error { return pipeline(addr, transport, events) })
			if !t.Failed() {
				result(t, start, "%d connections with %d acknowledged events each, sent at once: all answered, in order", clients, events)
			}
		})
	}
}

// withAttachment says which events carry a binary argument.
func withAttachment(i int) bool { return i%50 == 49 }

func pipeline(addr, transport string, events int) error {
	p, err := raw.Connect(addr, transport)
	if err != nil {
		return err
	}
	defer p.Close()
	sent := make(chan error, 1)
	go func() { sent <- ask(p, events) }()
	for i := range events {
		got, err := p.Next()
		if err != nil {
			return fmt.Errorf("answer %d: %w", i, err)
		}
		want := fmt.Sprintf("3%d[%d]", i, i)
		if withAttachment(i) {
			want = fmt.Sprintf(`61-%d[%d,{"_placeholder":true,"num":0}]`, i, i)
			if len(got.Attachments) != 1 || !bytes.Equal(got.Attachments[0], attachment(i)) {
				return fmt.Errorf("answer %d has the attachments % x", i, got.Attachments)
			}
		}
		if got.Text != want {
			return fmt.Errorf("answer %d is %.200q; want %s", i, got.Text, want)
		}
	}
	return <-sent
}

func attachment(i int) []byte { return fmt.Appendf(nil, "attachment %d", i) }

// ask sends all events: runs of plain ones together, the others with their attachments.
func ask(p *raw.Peer, events int) error {
	var run []string
	for i := range events {
		if !withAttachment(i) {
			run = append(run, fmt.Sprintf(`42%d["echo",%d]`, i, i))
			continue
		}
		if err := p.SayAll(run...); err != nil {
			return err
		}
		run = run[:0]
		if err := p.Say(fmt.Sprintf(`451-%d["echo",%d,{"_placeholder":true,"num":0}]`, i, i), attachment(i)); err != nil {
			return err
		}
	}
	if len(run) == 0 {
		return nil
	}
	return p.SayAll(run...)
}
