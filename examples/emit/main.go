// Emit is the cheat sheet: each way to emit, set off by each client that connects. It says in its handshake which rooms
// to join and who its friend is: io(url, { auth: { rooms: ["game"], friend: id } }).
package main

import (
	"cmp"
	"log"
	"os"

	"github.com/socketio-go/socketio"
)

func main() {
	io := socketio.NewServer(nil)
	io.Of("myNamespace").OnConnection(func(s *socketio.Socket) { join(s) })
	io.OnConnection(func(s *socketio.Socket) { onConnect(io, s, join(s)) })
	if err := io.Listen(":" + cmp.Or(os.Getenv("PORT"), "3000")); err != nil {
		log.Fatal(err)
	}
	log.Fatal(io.Wait())
}

func onConnect(io *socketio.Server, s *socketio.Socket, friend string) {
	s.Emit("hello", "can you hear me?", 1, 2, "abc")              // to this client
	s.Send("for yourself")                                        // the same, named "message"
	s.Broadcast().Emit("broadcast", "hello friends!")             // to all but this client
	s.To("game").Emit("nice game", "let's play a game")           // to a room, but not to this client
	s.To("game1").To("game2").Emit("nice game", "let's play too") // to two rooms, each client once, but not to this one
	s.To("game").Except("muted").Emit("quiet game", "hush")       // to a room but not to another

	io.In("game").Emit("big-announcement", "the game will start soon") // to a room, with this client
	io.Of("myNamespace").Emit("bigger-announcement", "the tournament will start soon")
	io.Of("myNamespace").To("room").Emit("event", "message")
	io.To(friend).Emit("hey", "I just met you") // to one client: each is in the room of its id
	s.To(s.ID()).Emit("never", "heard")         // to nobody: this client is left out, and alone in the room of its id

	// With an acknowledgement. The client may be gone before it answers, which is the error.
	if answer, err := s.Call[string](s.Context(), "question", "do you think so?"); err == nil {
		s.Emit("you said", answer)
	}

	s.Compress(false).Emit("uncompressed", "that's rough")
	s.Volatile().Emit("maybe", "do you really need it?") // dropped when the client can't take it at once
	s.Binary(false).Emit("what", "I have no binaries!")  // not searched for binary data
	io.Local().Emit("hi", "my lovely babies")            // to the clients of this node
	io.Emit("an event sent to all connected clients")
}

// join lets the client into the rooms it asked for, and tells its friend.
func join(s *socketio.Socket) (friend string) {
	var hello struct {
		Rooms  []string
		Friend string
	}
	if err := s.Handshake().Auth(&hello); err != nil {
		log.Print(err)
	}
	if err := s.Join(hello.Rooms...); err != nil {
		log.Print(err)
	}
	return hello.Friend
}
