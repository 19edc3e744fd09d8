//go:build linux

package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// rooms is the load of many small rooms: in each, one member talks to all, itself included, and all must hear it in
// order. In a closed loop it says the next thing when all have heard the last.
type rooms struct {
	tally
	crowd   []*drive.Conn
	rooms   []sender
	next    []uint64 // by connection
	members int
	closed  bool
	pace    pace
	turn    int // of the rooms, in an open loop
	size    int
	checker *check.Checker
	out     []byte
}

// roomsPlan describes rooms.
type roomsPlan struct {
	rooms, members, size int
	rate                 float64 // deliveries a second, in an open loop
}

func (p roomsPlan) start(s *stage) (load, error) {
	crowd, err := s.loop.Crowd(s.addr, p.rooms*p.members)
	if err != nil {
		return nil, err
	}
	door := &door{}
	for i, c := range crowd {
		c.SendText(fmt.Appendf(nil, `420["join","%d"]`, i/p.members))
	}
	if done, err := s.loop.Run(door, drainTime, func() bool { return door.inside == len(crowd) }); err != nil || !done {
		return nil, fmt.Errorf("%d of %d joined their room: %w", door.inside, len(crowd), err)
	}
	return &rooms{
		tally: tally{loop: s.loop}, crowd: crowd, rooms: newSenders(p.rooms, 64), next: make([]uint64, len(crowd)),
		members: p.members, closed: p.rate == 0, pace: newPace(p.rate / float64(p.members)), size: p.size,
		checker: check.NewChecker(letters, p.size),
	}, nil
}

// door counts who is inside.
type door struct{ inside int }

func (d *door) Message(_ *drive.Conn, _ bool, m []byte) error {
	if len(m) < 3 || string(m[:3]) != "430" {
		return fmt.Errorf("%w: %.40q for a join", check.ErrAltered, m)
	}
	d.inside++
	return nil
}

func (r *rooms) begin() {
	if r.pace.begin(r.loop.Now()) {
		return
	}
	for room := range r.rooms {
		_ = r.say(room, r.loop.Now()) // the ring is empty
	}
}

// Due lets one room after the other talk, in an open loop.
func (r *rooms) Due(now time.Duration) (time.Duration, error) {
	for at, due := r.pace.next(now); due && !r.ended; at, due = r.pace.next(now) {
		if err := r.say(r.turn, at); err != nil {
			return 0, err
		}
		r.turn = (r.turn + 1) % len(r.rooms)
	}
	return r.pace.at(), nil
}

func (r *rooms) say(room int, at time.Duration) error {
	k, err := r.rooms[room].say(at, r.members)
	if err != nil {
		return err
	}
	r.out = strconv.AppendUint(append(r.out[:0], `42["room","`...), uint64(room), 10)
	r.out = append(r.out, `","`...)
	r.out = letters.Append(r.out, uint64(room), k, r.size)
	r.crowd[room*r.members].SendText(append(r.out, `"]`...))
	r.underWay += r.members
	return nil
}

// Message judges what a member hears.
func (r *rooms) Message(c *drive.Conn, binary bool, m []byte) error {
	text, err := event(m, binary)
	if err != nil {
		return err
	}
	room, next := c.Index/r.members, &r.next[c.Index]
	if err := r.checker.Check(text, uint64(room), *next); err != nil {
		return err
	}
	b, err := r.rooms[room].heard(*next)
	if err != nil {
		return err
	}
	*next++
	r.landed(b.at)
	if b.left == 0 && r.closed && !r.ended {
		return r.say(room, r.loop.Now())
	}
	return nil
}
