package soak

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// returner is a client that loses its connection again and again, and comes back with what it knows, as a stock client
// does: the private id, and the last text at the end of an event.
type returner struct {
	addr   string
	host   *host
	random *rand.Rand

	peer      *raw.Peer
	id, pid   string
	offset    *string
	began     bool
	got       []int
	err       error
	checked   int // of got, in the sessions before
	lost      int
	recovered int
	renewed   int
	received  int
}

func (c *returner) run(budget <-chan struct{}) {
	for range budget {
		if c.err = c.live(); c.err != nil {
			return
		}
		c.lost++
		time.Sleep(time.Duration(c.random.IntN(30)) * time.Millisecond)
	}
	if c.err = c.connect(-1); c.err != nil {
		return
	}
	c.err = c.catchUp()
}

// live connects, reads for a while and breaks the connection.
func (c *returner) live() error {
	patience := -1
	if c.random.IntN(4) == 0 {
		patience = c.random.IntN(12) // and then it breaks before the answer
	}
	if err := c.connect(patience); err != nil || c.peer == nil {
		return err
	}
	for range c.random.IntN(40) {
		p, err := c.peer.Next()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if err := c.take(p); err != nil {
			return err
		}
	}
	c.cut()
	return nil
}

// cut breaks the connection: as a process that is killed, as one that ends, or as a page that is closed.
func (c *returner) cut() {
	if c.random.IntN(3) == 0 {
		c.peer.Close()
	} else {
		c.peer.Reset()
	}
	c.peer = nil
}

// connect opens a connection and asks for the session. It breaks it after so many packets if the answer has not come by
// then; -1 is never. What came before the answer counts if the answer comes.
func (c *returner) connect(patience int) error {
	p, err := raw.Open(c.addr, []string{"websocket", "polling"}[c.random.IntN(2)])
	if err != nil {
		return err
	}
	c.peer = p
	ticket, err := json.Marshal(struct {
		PID    string  `json:"pid,omitempty"`
		Offset *string `json:"offset,omitempty"`
	}{c.pid, c.offset})
	if err != nil {
		return err
	}
	if err := p.Say("40" + string(ticket)); err != nil {
		return fmt.Errorf("CONNECT: %w", err)
	}
	var early []raw.Packet
	for ; ; patience-- {
		if patience == 0 {
			c.cut()
			return nil
		}
		packet, err := p.Next()
		if err != nil {
			return fmt.Errorf("wait for the answer to CONNECT: %w", err)
		}
		if body, ok := strings.CutPrefix(packet.Text, "0"); ok {
			if err := c.welcomed(body); err != nil {
				return err
			}
			break
		}
		early = append(early, packet)
	}
	for _, packet := range early {
		if err := c.take(packet); err != nil {
			return err
		}
	}
	return nil
}

func (c *returner) welcomed(body string) error {
	var socket struct{ SID, PID string }
	if err := json.Unmarshal([]byte(body), &socket); err != nil {
		return err
	}
	switch {
	case c.pid == "":
	case socket.PID == c.pid:
		c.recovered++
	default:
		c.renewed++
		if err := c.check(false); err != nil {
			return err
		}
		c.began, c.got = false, nil
	}
	c.id, c.pid = socket.SID, socket.PID
	return nil
}

// take notes an event.
func (c *returner) take(p raw.Packet) error {
	_, body, _ := strings.Cut(p.Text, "[")
	var event []any
	if err := json.Unmarshal([]byte("["+body), &event); err != nil {
		return fmt.Errorf("%.200q: %w", p.Text, err)
	}
	if last, ok := event[len(event)-1].(string); ok {
		c.offset = &last
	}
	switch event[0] {
	case "begin":
		if c.began {
			return fmt.Errorf("a second beginning of session %s", c.id)
		}
		c.began = true
	case "m":
		if !c.began {
			return nil
		}
		n := int(event[1].(float64))
		if len(p.Attachments) > 0 && p.Attachments[0][0] != byte(n) {
			return fmt.Errorf("event %d with the attachment of another", n)
		}
		if len(c.got) > 0 && n <= c.got[len(c.got)-1] {
			return fmt.Errorf("session %s: event %d after %d: twice, or out of order", c.id, n, c.got[len(c.got)-1])
		}
		c.got = append(c.got, n)
		c.received++
	}
	return nil
}

// catchUp asks the server for an event that is the last for this session, and reads up to it.
func (c *returner) catchUp() error {
	c.host.finish <- c.id
	for {
		p, err := c.peer.Next()
		if err != nil {
			return err
		}
		if strings.HasPrefix(p.Text, `2["end"`) {
			return c.check(true)
		}
		if err := c.take(p); err != nil {
			return err
		}
	}
}

// check compares what came with what was for the session: all of it at the end, else the beginning of it.
func (c *returner) check(all bool) error {
	if !c.began && !all {
		return nil
	}
	want, certain := c.host.wanted(c.id)
	if !certain {
		return nil
	}
	if !all && len(c.got) < len(want) {
		want = want[:len(c.got)]
	}
	if !slices.Equal(c.got, want) {
		i := 0
		for i < len(c.got) && i < len(want) && c.got[i] == want[i] {
			i++
		}
		return fmt.Errorf("session %s: from place %d on it got %v; want %v", c.id, i, c.got[i:min(len(c.got), i+8)], want[i:min(len(want), i+8)])
	}
	c.checked++
	return nil
}

func (c *returner) leave() { c.peer.Close() }
