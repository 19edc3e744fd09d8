//go:build linux

package main

import (
	"fmt"
	"time"
)

// idle opens connections that do nothing, and asks what they cost once the server has collected its garbage.
func idle(s *stage) (Result, error) {
	before, err := s.server.collected()
	if err != nil {
		return Result{}, err
	}
	var t tally
	r, err := s.window(func() error {
		crowd, err := s.loop.Crowd(s.addr, s.conns)
		t.count = uint64(len(crowd))
		return err
	}, &t)
	if err != nil {
		return Result{}, err
	}
	after, err := s.server.collected()
	r.KiB = (after.rss - before.rss) / float64(s.conns)
	return r, err
}

// Left is what a server holds before the first connection and after each wave of connections that were reset.
type Left struct {
	Heap        []float64 `json:"heap"` // MiB after a garbage collection
	RSS         []float64 `json:"rss"`  // MiB
	Descriptors []int     `json:"descriptors"`
	Goroutines  []int     `json:"goroutines,omitempty"` // where the server tells
}

// waves is how many a churn has.
const waves = 3

// churn opens connections and resets them all, several times, and asks what is left of them.
func churn(s *stage) (Result, error) {
	left := &Left{}
	start, err := take(s, &tally{})
	if err != nil {
		return Result{}, err
	}
	for wave := range waves + 1 {
		if wave > 0 {
			crowd, err := s.loop.Crowd(s.addr, s.conns)
			if err != nil {
				return Result{}, err
			}
			for _, c := range crowd {
				c.Reset()
			}
		}
		if err := s.settle(left); err != nil {
			return Result{}, fmt.Errorf("after wave %d: %w", wave, err)
		}
	}
	end, err := take(s, &tally{count: waves * uint64(s.conns)})
	r := end.since(start)
	r.Left = left
	return r, err
}

// settle waits until the server holds no more than it did before the first wave, and notes what it holds. Descriptors and
// goroutines must come back to where they were.
func (s *stage) settle(left *Left) error {
	for end := time.Now().Add(drainTime); ; time.Sleep(50 * time.Millisecond) {
		h, err := s.server.collected()
		if err != nil {
			return err
		}
		first := len(left.Heap) == 0
		if first || h.descriptors <= left.Descriptors[0] && (h.goroutines == 0 || h.goroutines <= left.Goroutines[0]) {
			const mib = 1 << 20
			left.Heap = append(left.Heap, h.heap/mib)
			left.RSS = append(left.RSS, h.rss/1024)
			left.Descriptors = append(left.Descriptors, h.descriptors)
			left.Goroutines = append(left.Goroutines, h.goroutines)
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d descriptors and %d goroutines, where it began with %d and %d",
				h.descriptors, h.goroutines, left.Descriptors[0], left.Goroutines[0])
		}
	}
}
