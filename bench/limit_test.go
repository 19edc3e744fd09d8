//go:build linux

package main

import (
	"testing"

	"github.com/socketio-go/socketio/bench/drive"
)

// The machine's limit counts only if what it does is right, like any other server.
func TestEveryLoadAgainstTheLimit(t *testing.T) {
	path, err := build(t.TempDir(), limit, "./limit")
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range plans {
		if _, polls := p.(pollPlan); polls {
			continue
		}
		t.Run(name, func(t *testing.T) {
			process, err := start(server{name: limit, command: []string{path}}, "")
			if err != nil {
				t.Fatal(err)
			}
			defer process.stop()
			loop, err := drive.NewLoop()
			if err != nil {
				t.Fatal(err)
			}
			defer loop.Close()
			s := &stage{loop: loop, addr: process.addr, server: process, warmUp: glimpse, time: glimpse}
			l, err := p.start(s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := play(s, l); err != nil {
				t.Error(err)
			}
			if m := l.marks(); m.count == 0 || m.underWay != 0 {
				t.Errorf("%d came, %d are under way", m.count, m.underWay)
			}
		})
	}
}
