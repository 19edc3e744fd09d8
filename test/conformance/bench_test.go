//go:build unix

package main

import (
	"syscall"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestBenchCollectsGarbageOnSignal(t *testing.T) {
	port := process.FreePort(t)
	p := process.Self(t, []string{"PORT=" + port}, "bench")
	p.Line()
	p.Signal(syscall.SIGUSR2) // it would end a program that does not know it
	nodejs.Run(t, nil, "testdata/role.js", "http://127.0.0.1:"+port, "bench")
}
