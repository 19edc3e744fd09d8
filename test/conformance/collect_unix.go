//go:build unix

package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

// collectOnSignal makes SIGUSR2 collect garbage and give free memory back to the system, and print what is left in a line
// of JSON.
func collectOnSignal() {
	collect := make(chan os.Signal, 1)
	signal.Notify(collect, syscall.SIGUSR2)
	go func() {
		for range collect {
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Printf("{\"heap\":%d,\"goroutines\":%d}\n", m.HeapAlloc, runtime.NumGoroutine())
		}
	}()
}
