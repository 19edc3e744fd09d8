package socketio_test

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/socketio-go/socketio"
)

// A server with a listener of its own, that stops when it is told to.
func Example() {
	io := socketio.NewServer(nil)
	io.OnConnection(func(s *socketio.Socket) {
		s.Emit("hello", "can you hear me?", 1, 2, "abc")
		s.Broadcast().Emit("user joined", s.ID())
	})
	io.On("room:join", func(_ context.Context, s *socketio.Socket, room string) error { return s.Join(room) })
	if err := socketio.Listen(":3000", io); err != nil {
		log.Fatal(err)
	}
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	<-stop.Done()
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := io.Shutdown(patience); err != nil {
		log.Print(err)
	}
}

// A handler whose result is the acknowledgement.
func ExampleNamespace_OnCall() {
	type message struct{ Room, Text string }
	type saved struct{ ID int }

	io := socketio.NewServer(nil)
	io.OnCall("message", func(_ context.Context, s *socketio.Socket, m message) (saved, error) {
		if m.Text == "" {
			return saved{}, socketio.Errorf("an empty message")
		}
		return saved{ID: 1}, s.To(m.Room).Emit("message", m)
	})
	http.Handle("/socket.io/", io)
}

// A middleware that lets in who has a token, and keeps what it found out.
func ExampleNamespace_Use() {
	user := socketio.NewKey[string]("user")

	io := socketio.NewServer(nil)
	io.Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Token string }
		if err := s.Handshake().Auth(&auth); err != nil {
			return err
		}
		if auth.Token != "secret" {
			return &socketio.ConnectError{Message: "unauthorized"}
		}
		user.Set(s, "ada")
		return nil
	})
}

// Everybody in a room is asked; what came in time is there, whoever is missing.
func ExampleBroadcast_EmitWithAck() {
	io := socketio.NewServer(nil)
	replies, err := io.In("room").Timeout(2*time.Second).EmitWithAck(context.Background(), "poll", "tea or coffee?")
	if err != nil {
		log.Print(err)
	}
	for id, reply := range replies.All() {
		var choice string
		if reply.Err == nil && reply.Args.Decode(&choice) == nil {
			log.Print(id, " wants ", choice)
		}
	}
}
