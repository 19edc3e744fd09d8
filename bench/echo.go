//go:build linux

package main

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// echo is the load of acknowledgements: every connection asks for echoes, and each answer must be the one that is due.
type echo struct {
	tally
	crowd    []*drive.Conn
	talks    []talk // by connection
	inFlight int    // of each connection, in a closed loop
	pace     pace
	turn     int // whose turn it is in an open loop
	size     int
	checker  *check.Checker
	out      []byte
}

// talk is what one connection has asked. A client's questions that are under way are no more than the ring holds.
type talk struct {
	sent, next uint64
	at         []time.Duration // a ring: when each was sent, or due
}

func newTalks(n, ring int) []talk {
	talks := make([]talk, n)
	for i := range talks {
		talks[i].at = make([]time.Duration, ring)
	}
	return talks
}

// ask notes a question and gives its number.
func (t *talk) ask(at time.Duration) (uint64, error) {
	if t.sent-t.next == uint64(len(t.at)) {
		return 0, errBehind
	}
	t.at[t.sent%uint64(len(t.at))] = at
	t.sent++
	return t.sent - 1, nil
}

// answered takes the oldest question off, and gives when it was asked.
func (t *talk) answered() time.Duration {
	at := t.at[t.next%uint64(len(t.at))]
	t.next++
	return at
}

// echoPlan describes an echo.
type echoPlan struct {
	clients, inFlight, size int
	rate                    float64 // questions a second, of all clients together, in an open loop
}

func (p echoPlan) start(s *stage) (load, error) {
	crowd, err := s.loop.Crowd(s.addr, p.clients)
	if err != nil {
		return nil, err
	}
	ring := p.inFlight
	if p.rate > 0 {
		ring = 1024
	}
	return &echo{
		tally: tally{loop: s.loop}, crowd: crowd, talks: newTalks(p.clients, ring), inFlight: p.inFlight,
		pace: newPace(p.rate), size: p.size, checker: check.NewChecker(letters, p.size),
	}, nil
}

func (e *echo) begin() {
	if e.pace.begin(e.loop.Now()) {
		return
	}
	for _, c := range e.crowd {
		for range e.inFlight {
			_ = e.ask(c, e.loop.Now()) // the ring is empty
		}
	}
}

// Due asks what is due in an open loop, one client after the other.
func (e *echo) Due(now time.Duration) (time.Duration, error) {
	for at, due := e.pace.next(now); due && !e.ended; at, due = e.pace.next(now) {
		if err := e.ask(e.crowd[e.turn], at); err != nil {
			return 0, err
		}
		e.turn = (e.turn + 1) % len(e.crowd)
	}
	return e.pace.at(), nil
}

func (e *echo) ask(c *drive.Conn, at time.Duration) error {
	k, err := e.talks[c.Index].ask(at)
	if err != nil {
		return err
	}
	e.out = strconv.AppendUint(append(e.out[:0], "42"...), k, 10)
	e.out = append(e.out, `["echo","`...)
	e.out = letters.Append(e.out, uint64(c.Index), k, e.size)
	c.SendText(append(e.out, `"]`...))
	e.underWay++
	return nil
}

// Message judges an answer.
func (e *echo) Message(c *drive.Conn, binary bool, m []byte) error {
	t := &e.talks[c.Index]
	if err := answer(e.checker, m, binary, c.Index, t); err != nil {
		return err
	}
	e.landed(t.answered())
	if e.inFlight > 0 && !e.ended {
		return e.ask(c, e.loop.Now())
	}
	return nil
}

// answer checks 43ID["text"] against the next question of t.
func answer(checker *check.Checker, m []byte, binary bool, who int, t *talk) error {
	rest, ok := bytes.CutPrefix(m, []byte("43"))
	id, rest, found := bytes.Cut(rest, []byte(`["`))
	text, complete := bytes.CutSuffix(rest, []byte(`"]`))
	k, err := strconv.ParseUint(string(id), 10, 64)
	switch {
	case !ok || !found || !complete || binary || err != nil:
		return fmt.Errorf("%w: %.40q is no acknowledgement", check.ErrAltered, m)
	case t.next == t.sent:
		return fmt.Errorf("%w: %.40q was not asked", check.ErrRepeated, m)
	case k != t.next:
		return fmt.Errorf("acknowledgement %d where %d is due", k, t.next)
	}
	return checker.Check(text, uint64(who), k)
}
