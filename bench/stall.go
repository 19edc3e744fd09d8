//go:build linux

package main

import "time"

// Stall is what readers that stop reading cost, besides the delays of the others.
type Stall struct {
	P50, P99 float64 // of the others before, in ms
	Cut      int     // how many of those that don't read the server let go
}

// stalled is how many connections of the scenario do not read.
const stalled = 20

// stallPlan sends 1.6 MB a second to each connection.
var stallPlan = castPlan{receivers: 100, size: 16 << 10, rate: 100}

// stall broadcasts to readers, first alone, then beside connections that stand and do not read. The others must get all,
// and the server's memory must not grow for long.
func stall(s *stage) (Result, error) {
	l, err := stallPlan.start(s)
	if err != nil {
		return Result{}, err
	}
	alone, err := play(s, l)
	if err != nil {
		return Result{}, err
	}
	slow, err := s.loop.Crowd(s.addr, stalled)
	if err != nil {
		return Result{}, err
	}
	for _, c := range slow {
		if err := c.Ignore(); err != nil {
			return Result{}, err
		}
	}
	before, err := s.server.collected()
	if err != nil {
		return Result{}, err
	}
	l.marks().ended = false
	s.time = max(s.time, 5*time.Second) // until the kernel's buffers are full, and the server's
	r, err := play(s, l)
	if err != nil {
		return Result{}, err
	}
	peak, err := s.server.memory("VmHWM:")
	if err != nil {
		return Result{}, err
	}
	after, err := s.server.collected()
	r.KiB = max(peak-before.rss, 0) / stalled
	r.Stall = &Stall{alone.P50, alone.P99, before.descriptors - after.descriptors}
	return r, err
}
