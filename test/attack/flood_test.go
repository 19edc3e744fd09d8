package attack

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// floodAttacks are inputs that are harmless one by one.
func floodAttacks(n sizes) []attack {
	text := func(s string) []byte { return raw.AppendFrame(nil, raw.Text, []byte(s)) }
	all := []attack{
		{"pongs", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(bytes.Repeat(text("3"), n.of(30_000)))
			c.Send(text(`421["echo",1]`))
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte("431[1]")})
		}},
		{"pongs of WebSocket", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(bytes.Repeat(raw.AppendFrame(nil, raw.Pong, nil), n.of(100_000)))
			c.Send(text(`421["echo",1]`))
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte("431[1]")})
		}},
		{"noops and unknown acks", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(bytes.Repeat(append(text("6"), text("4377[]")...), n.of(15_000)))
			c.Send(text(`421["echo",1]`))
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte("431[1]")})
		}},
		{"pings of WebSocket, no pong read", func(t *testing.T, s *site) {
			deafen(t, s, bytes.Repeat(raw.AppendFrame(nil, raw.Ping, make([]byte, 125)), 1_000), n.of(200))
		}},
		{"events, no answer read", func(t *testing.T, s *site) {
			deafen(t, s, bytes.Repeat(text(`421["echo","`+strings.Repeat("a", 1_000)+`"]`), 100), n.of(500))
		}},
		{"large events, no answer read", func(t *testing.T, s *site) {
			deafen(t, s, text(`421["echo","`+strings.Repeat("a", 900_000)+`"]`), n.of(500))
		}},
		{"attachments that never come, on many sessions", func(t *testing.T, s *site) { pileUp(t, s, n.of(200)) }},
		{"half a message on many sessions", func(t *testing.T, s *site) { halves(t, s, n.of(200)) }},
		{"connections that say nothing and reset", func(t *testing.T, s *site) { resets(t, s, nil, n.of(500)) }},
		{"connections that reset in their request", func(t *testing.T, s *site) {
			resets(t, s, raw.Handshake(raw.WebSocketTarget)[:60], n.of(500))
		}},
		{"connections that reset in a WebSocket handshake", func(t *testing.T, s *site) {
			resets(t, s, raw.Handshake(raw.WebSocketTarget), n.of(500))
		}},
		{"connections that reset in a frame", func(t *testing.T, s *site) {
			resets(t, s, append(raw.Handshake(raw.WebSocketTarget), text("40")[:3]...), n.of(500))
		}},
		{"connections that reset behind CONNECT", func(t *testing.T, s *site) {
			resets(t, s, append(raw.Handshake(raw.WebSocketTarget), text("40")...), n.of(500))
		}},
		{"connections that reset in a poll", func(t *testing.T, s *site) {
			resets(t, s, raw.Request("GET", raw.PollingTarget, nil), n.of(500))
		}},
	}
	return append(all, onBoth("acknowledged events, very many at once", func(t *testing.T, _ *site, p *raw.Peer) {
		packets := make([]string, n.of(10_000))
		for i := range packets {
			packets[i] = fmt.Sprintf(`42%d["echo",%d]`, i, i)
		}
		sent := make(chan error, 1)
		go func() { sent <- p.SayAll(packets...) }()
		for i := range packets {
			if got, err := p.Next(); err != nil || got.Text != fmt.Sprintf("3%d[%d]", i, i) {
				t.Fatalf("answer %d is %q, %v", i, got.Text, err)
			}
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	})...)
}

// deafen writes what a server must answer and reads none of it, until all is written, the server ends the connection,
// or nothing moves any more because the server has stopped reading. Then the peer dies.
func deafen(t *testing.T, s *site, hostile []byte, times int) {
	c := joined(t, s)
	defer c.Reset()
	for range times {
		c.TCP.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := c.TCP.Write(hostile); err != nil {
			return
		}
	}
}

// pileUp leaves sessions in the middle of a binary packet, then resets them.
func pileUp(t *testing.T, s *site, sessions int) {
	var all []*raw.Conn
	for range sessions {
		c := joined(t, s)
		all = append(all, c)
		c.Send(raw.AppendFrame(nil, raw.Text, []byte(`4510-["echo",`+placeholders(10)+`]`)))
		for range 9 {
			c.Send(raw.AppendFrame(nil, raw.Binary, make([]byte, 10_000)))
		}
	}
	for _, c := range all {
		c.Reset()
	}
}

// halves leaves sessions in the middle of a WebSocket message, then resets them.
func halves(t *testing.T, s *site, sessions int) {
	var all []*raw.Conn
	for range sessions {
		c := joined(t, s)
		all = append(all, c)
		c.Send(raw.AppendFrame(nil, firstText, make([]byte, 50_000)))
	}
	for _, c := range all {
		c.Reset()
	}
}

// resets opens n connections, eight at a time, sends the same bytes on each and kills it.
func resets(t *testing.T, s *site, request []byte, n int) {
	var group sync.WaitGroup
	defer group.Wait()
	for range 8 {
		group.Go(func() {
			for range n / 8 {
				c, err := raw.Dial(s.addr)
				if err != nil {
					t.Error(err)
					return
				}
				c.Send(request)
				c.Reset()
			}
		})
	}
}
