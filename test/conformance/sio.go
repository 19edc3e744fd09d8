package main

import (
	"context"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// serveSockets is the Socket.IO server of the socket.io-protocol suite: two namespaces that send back what they get.
func serveSockets() error {
	io := socketio.NewServer(&socketio.Options{
		ConnectTimeout: time.Second,
		Parser:         dialect(),
		Engine: engineio.Options{
			PingInterval: pingInterval,
			PingTimeout:  pingTimeout,
			AllowEIO3:    allowEIO3(),
			CORS:         &engineio.CORS{Origins: []string{"*"}},
		},
	})
	mirror(io.Of("/"))
	mirror(io.Of("/custom"))
	return serveIO(io)
}

// mirror sends back what a client sends, in each way the suites ask for.
func mirror(n *socketio.Namespace) {
	n.OnConnection(func(s *socketio.Socket) {
		_ = s.Emit("auth", s.Handshake().RawAuth()) // a client that has gone needs no greeting
	})
	n.OnEvent("message", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		return s.Emit("message-back", e.Args()...)
	})
	n.OnEvent("message-with-ack", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args()...)
	})
	n.OnEvent("emit-with-ack", func(ctx context.Context, s *socketio.Socket, e *socketio.Event) error {
		answer, err := s.EmitWithAck(ctx, "emit-with-ack", e.Args()...)
		if err != nil {
			return err
		}
		return s.Emit("emit-with-ack", answer...)
	})
}
