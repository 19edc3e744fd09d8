package main

import (
	"context"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/contract"
)

type line struct{ Name, Text string }

// What both ends say, and with which types.
var (
	say   = contract.NewCall[string, struct{}]("say")
	heard = contract.NewEvent[line]("heard")
)

// name is what a client calls itself in its handshake.
var name = socketio.NewKey[string]("name")

func serve(addr string) error {
	io := socketio.NewServer(nil)
	io.Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Name string }
		if err := s.Handshake().Auth(&auth); err != nil || auth.Name == "" {
			return &socketio.ConnectError{Message: "a name is needed"}
		}
		name.Set(s, auth.Name)
		return nil
	})
	say.Handle(io, func(_ context.Context, s *socketio.Socket, text string) (struct{}, error) {
		if text == "" {
			return struct{}{}, socketio.Errorf("an empty line")
		}
		from, _ := name.Get(s)
		return struct{}{}, heard.Emit(s.Broadcast(), line{from, text})
	})
	if err := io.Listen(addr); err != nil {
		return err
	}
	return io.Wait()
}
