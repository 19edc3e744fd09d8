//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// cast is the load of broadcasts to all: each sender broadcasts numbered messages, and each connection must get those of
// each sender in order.
type cast struct {
	tally
	crowd    []*drive.Conn
	senders  []sender
	next     []uint64 // by receiver and sender
	inFlight int      // of each sender, in a closed loop
	pace     pace     // in an open loop
	size     int
	checker  *check.Checker
	out      []byte
}

// sender is a connection that broadcasts.
type sender struct {
	sent uint64
	open []broadcast // a ring, by number
}

func newSenders(n, ring int) []sender {
	senders := make([]sender, n)
	for i := range senders {
		senders[i].open = make([]broadcast, ring)
	}
	return senders
}

// say notes a message to so many receivers and gives its number.
func (s *sender) say(at time.Duration, receivers int) (uint64, error) {
	b := &s.open[s.sent%uint64(len(s.open))]
	if b.left > 0 {
		return 0, errBehind
	}
	*b = broadcast{at, receivers}
	s.sent++
	return s.sent - 1, nil
}

// heard is the broadcast of a number, which one receiver more has now.
func (s *sender) heard(k uint64) (*broadcast, error) {
	if k >= s.sent {
		return nil, fmt.Errorf("message %d, which was not sent yet", k)
	}
	b := &s.open[k%uint64(len(s.open))]
	b.left--
	return b, nil
}

// broadcast is one that is under way.
type broadcast struct {
	at   time.Duration // when it was sent, or due
	left int           // receivers that don't have it yet
}

var errBehind = errors.New("the server does not keep up with the pace")

// castPlan describes a cast.
type castPlan struct {
	receivers, inFlight, size int
	rate                      float64 // broadcasts a second in an open loop; 0 closes it
}

func (p castPlan) start(s *stage) (load, error) {
	crowd, err := s.loop.Crowd(s.addr, p.receivers)
	if err != nil {
		return nil, err
	}
	c := &cast{
		tally: tally{loop: s.loop}, crowd: crowd, inFlight: p.inFlight, size: p.size, pace: newPace(p.rate),
		checker: check.NewChecker(letters, p.size), senders: newSenders(1, 1024),
	}
	if s.spread && p.rate == 0 { // so many senders with one broadcast each
		c.senders, c.inFlight = newSenders(p.inFlight, 1), 1
	}
	c.next = make([]uint64, p.receivers*len(c.senders))
	return c, nil
}

func (c *cast) begin() {
	if c.pace.begin(c.loop.Now()) {
		return
	}
	for who := range c.senders {
		for range c.inFlight {
			_ = c.send(who, c.loop.Now()) // the ring is empty
		}
	}
}

// Due sends what is due in an open loop.
func (c *cast) Due(now time.Duration) (time.Duration, error) {
	for at, due := c.pace.next(now); due && !c.ended; at, due = c.pace.next(now) {
		if err := c.send(0, at); err != nil {
			return 0, err
		}
	}
	return c.pace.at(), nil
}

func (c *cast) send(who int, at time.Duration) error {
	k, err := c.senders[who].say(at, len(c.crowd))
	if err != nil {
		return err
	}
	c.out = append(c.out[:0], `42["cast","`...)
	c.out = letters.Append(c.out, uint64(who), k, c.size)
	c.out = append(c.out, `"]`...)
	c.crowd[who].SendText(c.out)
	c.underWay += len(c.crowd)
	return nil
}

// Message judges a delivery.
func (c *cast) Message(conn *drive.Conn, binary bool, m []byte) error {
	text, err := event(m, binary)
	if err != nil {
		return err
	}
	who := 0
	if len(c.senders) > 1 {
		if who, err = senderOf(text); err != nil || who >= len(c.senders) {
			return fmt.Errorf("%w: %.40q", check.ErrAltered, m)
		}
	}
	next := &c.next[conn.Index*len(c.senders)+who]
	if err := c.checker.Check(text, uint64(who), *next); err != nil {
		return err
	}
	b, err := c.senders[who].heard(*next)
	if err != nil {
		return err
	}
	*next++
	c.landed(b.at)
	if b.left == 0 && c.inFlight > 0 && !c.ended {
		return c.send(who, c.loop.Now())
	}
	return nil
}

// event is the text of 42["m","text"].
func event(m []byte, binary bool) ([]byte, error) {
	rest, ok := bytes.CutPrefix(m, []byte(`42["m","`))
	text, complete := bytes.CutSuffix(rest, []byte(`"]`))
	if !ok || !complete || binary {
		return nil, fmt.Errorf("%w: %.40q is no event", check.ErrAltered, m)
	}
	return text, nil
}

// senderOf is the number that a text begins with.
func senderOf(text []byte) (int, error) {
	first, _, _ := bytes.Cut(text, []byte("."))
	return strconv.Atoi(string(first))
}
