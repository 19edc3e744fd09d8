//go:build linux

package main

import (
	"fmt"
	"os"
	"time"
)

// progress is a line on the terminal that says how far the run is. Elsewhere it says nothing.
type progress struct {
	all, done int
	from      time.Time
	terminal  bool
}

func newProgress(all int) *progress {
	info, err := os.Stderr.Stat()
	return &progress{all: all, from: time.Now(), terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// step begins one run more.
func (p *progress) step(scenario, server string, run int) {
	if p.terminal {
		left := "?"
		if p.done > 0 {
			each := time.Since(p.from) / time.Duration(p.done)
			left = (each * time.Duration(p.all-p.done)).Round(time.Second).String()
		}
		fmt.Fprintf(os.Stderr, "\r\x1b[K[%d of %d, %s left] %s: %s, run %d", p.done+1, p.all, left, scenario, server, run)
	}
	p.done++
}

// clear makes room for what is printed next.
func (p *progress) clear() {
	if p.terminal {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}
