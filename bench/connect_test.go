//go:build linux

package main

import (
	"os"
	"testing"

	"github.com/socketio-go/socketio/bench/drive"
)

// TestWhatConnectionsCostAndLeave runs the server as a process of its own, as the command does.
func TestWhatConnectionsCostAndLeave(t *testing.T) {
	p, err := start(server{name: "ours", command: []string{os.Args[0], asServer}}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	loop, err := drive.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	defer loop.Close()
	s := &stage{loop: loop, addr: p.addr, server: p, conns: 300}
	r, err := idle(s)
	if err != nil || r.KiB <= 0 || r.CPU <= 0 || r.Count != 300 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = churn(s); err != nil {
		t.Fatal(err)
	}
	if len(r.Left.Heap) != waves+1 || r.Left.Goroutines[0] == 0 || r.Left.Descriptors[0] == 0 || r.Count != waves*300 {
		t.Errorf("%+v", r.Left)
	}
}
