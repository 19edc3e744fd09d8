package main

import (
	"context"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// serveTarget is the server that is attacked. It has every limit at its default, permessage-deflate on, for there is more
// to attack then, and one event to show that it lives.
// SIGUSR2 collects garbage, as in the role bench: what is left then is what an attack left behind.
func serveTarget() error {
	collectOnSignal()
	io := socketio.NewServer(&socketio.Options{Engine: engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}}})
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args()...)
	})
	return serveIO(io)
}
