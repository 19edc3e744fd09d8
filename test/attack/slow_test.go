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

func startSlow(s *site) *slowness {
	slow := &slowness{}
	begin := func(name string, f func() error) {
		result := make(chan error, 1)
		slow.names, slow.results = append(slow.names, name), append(slow.results, result)
		go func() { result <- f() }()
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
	onSession("a body that never comes", "", 0)
	onSession("a body a byte at a time", "4", 300*time.Millisecond)
	onSession("a body that takes a minute", strings.Repeat("4", 4500), 300*time.Millisecond)
	return slow
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
