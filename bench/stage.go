//go:build linux

package main

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// letters and octets fill the messages.
var (
	letters = check.NewFilling(check.Letters)
	octets  = check.NewFilling(check.Octets)
)

// drainTime is how long what is under way at the end may take.
const drainTime = 30 * time.Second

// stage is where a load meets a server.
type stage struct {
	loop   *drive.Loop
	addr   netip.AddrPort
	server *process
	warmUp time.Duration // before it is measured
	time   time.Duration // how long it is measured
	spread bool          // several senders where the load can
	conns  int           // of the scenarios that only connect
	perf   string        // the file for a recording of the server; "": none
}

// plan is a load that is not started yet.
type plan interface {
	// start connects, and does what comes before the load.
	start(*stage) (load, error)
}

// play runs a load: warm-up, measured time, and then nothing is sent until all that is under way has come.
func play(s *stage, l load) (Result, error) {
	t := l.marks()
	l.begin()
	if _, err := s.loop.Run(l, s.warmUp, nil); err != nil {
		return Result{}, err
	}
	t.delays.Reset()
	r, err := s.window(func() error {
		_, err := s.loop.Run(l, s.time, nil)
		return err
	}, t)
	if err != nil {
		return Result{}, err
	}
	r.delays(&t.delays)
	t.ended = true
	done, err := s.loop.Run(l, drainTime, func() bool { return t.underWay == 0 })
	if err == nil && !done {
		err = fmt.Errorf("%w: %d never came", check.ErrSkipped, t.underWay)
	}
	return r, err
}

// window measures the server while work goes on.
func (s *stage) window(work func() error, t *tally) (Result, error) {
	recording, err := record(s.server.cmd.Process.Pid, s.perf)
	if err != nil {
		return Result{}, err
	}
	before, err := take(s, t)
	if err == nil {
		err = work()
	}
	after, err2 := take(s, t)
	r := after.since(before)
	var err3 error
	r.Profile, err3 = recording.stop()
	return r, errors.Join(err, err2, err3)
}

// sample is what the clocks say at one time.
type sample struct {
	server, self time.Duration // CPU time; of this program, what it worked
	at           time.Time
	count        uint64
}

func take(s *stage, t *tally) (sample, error) {
	server, err := s.server.cpu()
	return sample{server, ownCPU() - s.loop.Spent(), time.Now(), t.count}, err
}

func (s sample) since(from sample) Result {
	took := s.at.Sub(from.at).Seconds()
	r := Result{Count: s.count - from.count, Seconds: took, CPU: (s.server - from.server).Seconds()}
	r.Busy, r.LoadBusy = r.CPU/took, max((s.self-from.self).Seconds()/took, 0)
	return r
}

// ownCPU is the time that this program has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
