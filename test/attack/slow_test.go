package attack

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// slowness is the set of attacks that only wait: peers that say nothing, or too little for too long. Each must be cut
// by a timer of the server. They run beside the others and are looked at in the end.
type slowness struct {
	names   []string
	results []chan error
}

// cutWithin is a generous multiple of the longest limit (15 s for a body). It only turns a peer that is kept for ever
// into a failure.
const cutWithin = 90 * time.Second

// startSlow begins them. At full size a site gets all of them; otherwise those that an option of the server cuts go to
// the site that has them short, and the others, which no option changes, to the one whose every limit is the default.
func startSlow(s *site) *slowness {
	slow := &slowness{}
	start := func(name string, f func() error) {
		result := make(chan error, 1)
		slow.names, slow.results = append(slow.names, name), append(slow.results, result)
		go func() { result <- f() }()
	}
	begin := func(name string, f func() error) {
		if full || !s.hurried {
			start(name, f)
		}
	}
	beginTimed := func(name string, f func() error) {
		if full || s.hurried {
			start(name, f)
		}
	}
	for i := range 20 {
		begin(fmt.Sprintf("a connection that says nothing, %d", i), func() error { return drip(s, "", "", 0) })
		begin(fmt.Sprintf("a request that stops in a header, %d", i), func() error {
			return drip(s, "GET "+raw.PollingTarget+" HTTP/1.1\r\nHost: a\r\nX-A: ", "", 0)
		})
	}
	begin("a header a byte at a time", func() error {
		return drip(s, "GET "+raw.PollingTarget+" HTTP/1.1\r\nHost: a\r\n", "X-A: aaaaaaaaaa\r\n", 300*time.Millisecond)
	})
	onSession := func(name, body string, every time.Duration) {
		begin(name, func() error {
			p, err := raw.Connect(s.addr, "polling")
			if err != nil {
				return err
			}
			defer p.Close()
			return drip(s, string(raw.Request("POST", raw.Poll(p.SID), nil, "Content-Length: 900000")), body, every)
		})
	}
	begin("zeros", func() error { return drip(s, string(make([]byte, 8<<10)), "", 0) })
	begin("TLS on a plain port", func() error {
		return drip(s, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"+strings.Repeat("\x00", 507), "", 0)
	})
	onSession("a body that never comes", "", 0)
	onSession("a body a byte at a time", "4", 300*time.Millisecond)
	onSession("a body that takes a minute", strings.Repeat("4", 4500), 300*time.Millisecond)
	beginTimed("a WebSocket that never joins", func() error { return drip(s, string(raw.Handshake(raw.WebSocketTarget)), "", 0) })
	beginTimed("a WebSocket that joins and never pongs", func() error {
		return drip(s, string(raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))), "", 0)
	})
	begin("a WebSocket that does not answer a close frame", func() error {
		return drip(s, string(raw.Handshake(raw.WebSocketTarget))+"\xf0\x00", "", 0)
	})
	beginTimed("an upgrade that is never begun", func() error { return stalledUpgrade(s, "") })
	beginTimed("an upgrade that is never completed", func() error { return stalledUpgrade(s, "2probe") })
	begin("a WebSocket that asks and never reads", func() error { return deaf(s) })
	begin("a poller that asks and never polls", func() error { return mute(s) })
	return slow
}

// stalledUpgrade opens a WebSocket for a polling session that goes on, and stops in the middle.
func stalledUpgrade(s *site, packet string) error {
	p, err := raw.Connect(s.addr, "polling")
	if err != nil {
		return err
	}
	defer p.Close()
	start := raw.Handshake(raw.Upgrade(p.SID))
	if packet != "" {
		start = raw.AppendFrame(start, raw.Text, []byte(packet))
	}
	if err := drip(s, string(start), "", 0); err != nil {
		return err
	}
	// The session may have pinged meanwhile, and not been answered: with short timers it may be over as well.
	if err := p.Ask(`421["echo"]`, "31[]"); err != nil && !ended(err) {
		return err
	}
	return nil
}

// deaf asks for much and reads nothing; the server must end the connection though its buffers are full.
func deaf(s *site) error {
	c, err := raw.Dial(s.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	c.TCP.SetReadBuffer(4 << 10)
	if err := c.Send(raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))); err != nil {
		return err
	}
	event := raw.AppendFrame(nil, raw.Text, []byte(`421["echo","`+strings.Repeat("a", 100_000)+`"]`))
	for deadline := time.Now().Add(cutWithin); time.Now().Before(deadline); {
		c.TCP.SetWriteDeadline(deadline)
		if _, err := c.TCP.Write(event); errors.Is(err, os.ErrDeadlineExceeded) {
			break
		} else if err != nil {
			return nil
		}
	}
	return fmt.Errorf("still open after %v", cutWithin)
}

// mute posts events that must be answered and never fetches an answer.
func mute(s *site) error {
	p, err := raw.Connect(s.addr, "polling")
	if err != nil {
		return err
	}
	defer p.Reset()
	body := []byte(`421["echo","` + strings.Repeat("a", 100_000) + `"]`)
	c, err := raw.Dial(s.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	for deadline := time.Now().Add(cutWithin); time.Now().Before(deadline); {
		c.TCP.SetReadDeadline(deadline)
		if err := c.Send(raw.Request("POST", raw.Poll(p.SID), body)); err != nil {
			return nil
		}
		if r, err := c.Response(); err != nil || r.Status != 200 {
			if err != nil && !ended(err) {
				continue // the answer takes its time: the server makes the poster wait
			}
			return nil
		}
	}
	return fmt.Errorf("still served after %v", cutWithin)
}

// drip sends start, then more again and again, a pause before each, and expects the server to end the connection.
func drip(s *site, start, more string, every time.Duration) error {
	c, err := raw.Dial(s.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Send([]byte(start)); err != nil {
		return err
	}
	over := make(chan struct{})
	defer close(over)
	if more != "" {
		go func() {
			for {
				select {
				case <-over:
					return
				case <-time.After(every):
					if c.Send([]byte(more)) != nil {
						return
					}
				}
			}
		}()
	}
	c.TCP.SetReadDeadline(time.Now().Add(cutWithin))
	for {
		if _, err := c.In.ReadByte(); errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("still open after %v", cutWithin)
		} else if err != nil {
			return nil
		}
	}
}

// collect waits for all of them.
func (slow *slowness) collect(t *testing.T) {
	for i, result := range slow.results {
		if err := <-result; err != nil {
			t.Errorf("%s: %v", slow.names[i], err)
		}
	}
}
