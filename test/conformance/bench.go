package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/socketio-go/socketio"
)

// serveLoad is the server of the load generators: five events, with every option at its default.
func serveLoad() error {
	collectOnSignal()
	io := socketio.NewServer(nil)
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args()...)
	})
	io.OnEvent("bin", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Emit("bin", e.Args()...)
	})
	io.OnEvent("cast", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return io.Emit("m", e.Args()...)
	})
	io.OnCall("join", func(_ context.Context, s *socketio.Socket, room string) (struct{}, error) {
		return struct{}{}, s.Join(room)
	})
	io.On("room", func(_ context.Context, _ *socketio.Socket, m socketio.Args2[string, socketio.Value]) error {
		return io.To(m.A).Emit("m", m.B)
	})
	return serveIO(io)
}

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
