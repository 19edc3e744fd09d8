package main

import (
	"context"

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
