//go:build linux

package main

import (
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// load is a [drive.Load] that can be started and ended. Whatever comes back is judged in Message.
type load interface {
	drive.Load
	begin()        // sends the first messages
	marks() *tally // what it counts
}

// tally counts what came back.
type tally struct {
	loop     *drive.Loop
	count    uint64 // deliveries or acknowledgements
	underWay int    // those not there yet
	delays   check.Delays
	ended    bool // nothing more is sent
}

func (t *tally) marks() *tally { return t }

// landed counts one that was sent, or due, at a time.
func (t *tally) landed(at time.Duration) {
	t.count++
	t.underWay--
	t.delays.Add(t.loop.Now() - at)
}

// pace says when messages are due in an open loop. It does not wait for answers, and a delay counts from when the
// message was due, however late it could be sent.
type pace struct {
	every time.Duration // 0: a closed loop
	due   time.Duration
}

func newPace(rate float64) pace {
	if rate == 0 {
		return pace{}
	}
	return pace{every: time.Duration(float64(time.Second) / rate)}
}

// begin sets the first time, and reports whether there is a pace.
func (p *pace) begin(now time.Duration) bool {
	p.due = now + p.every
	return p.every > 0
}

// never is later than any run.
const never = time.Duration(1<<63 - 1)

// next takes the next time if it has come.
func (p *pace) next(now time.Duration) (at time.Duration, due bool) {
	if p.every == 0 || p.due > now {
		return 0, false
	}
	at = p.due
	p.due += p.every
	return at, true
}

// at is when the next message is due.
func (p *pace) at() time.Duration {
	if p.every == 0 {
		return never
	}
	return p.due
}
