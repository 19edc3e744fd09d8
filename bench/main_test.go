//go:build linux

package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
)

// TestMain is a server to put load on, where start started the test's own program.
func TestMain(m *testing.M) {
	if port := os.Getenv("PORT"); len(os.Args) == 2 && os.Args[1] == asServer {
		if err := serveAt("127.0.0.1:" + port); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// asServer is the argument that makes a server of the test's program.
const asServer = "serve"

func serveAt(addr string) error {
	collect := make(chan os.Signal, 1)
	signal.Notify(collect, syscall.SIGUSR2)
	io := socketio.NewServer(nil)
	if err := io.Listen(addr); err != nil {
		return err
	}
	fmt.Println("listening")
	for range collect {
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("{\"heap\":%d,\"goroutines\":%d}\n", m.HeapAlloc, runtime.NumGoroutine())
	}
	return nil
}
