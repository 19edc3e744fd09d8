package node_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/socketio-go/socketio/chatroom/wire"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/test/house"
	"github.com/socketio-go/socketio/test/nodejs"
)

// The script rolls for a person who is in the chat by way of the Go client, with our client and with the official one.
func TestDiceAreRolled(t *testing.T) {
	for _, name := range []string{"", "socket.io-client"} {
		t.Run(name, func(t *testing.T) {
			addr, _ := house.Open(t, "127.0.0.1:0", filepath.Join(t.TempDir(), "chat.db"))
			dice := nodejs.Start(t, []string{"CLIENT=" + name}, "dice.js", "http://"+addr)
			if said := dice.Line(); said != "Dice is in #general" {
				t.Fatalf("the script says %q", said)
			}
			c, err := client.New("http://"+addr, &client.Options{Auth: map[string]string{"name": "Ann"}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			rooms, heard := make(chan wire.Room, 1), make(chan wire.NewMessage, 1)
			wire.Welcome.On(c, func(_ context.Context, h wire.Hello) error { rooms <- h.Rooms[0]; return nil })
			wire.MessageNew.On(c, func(_ context.Context, m wire.NewMessage) error { heard <- m; return nil })
			c.Connect()
			room := (<-rooms).ID
			for cid, text := range map[string]string{"1": "hello", "2": "!roll 3d1"} { // a die with one side has no luck
				if _, err := wire.Ask(t.Context(), c, wire.SendMessage, wire.Draft{Room: room, CID: cid, Body: text}); err != nil {
					t.Fatal(err)
				}
			}
			if m := <-heard; m.Message.Body != "Ann rolls 1 + 1 + 1 = 3" || m.User.Name != "Dice" {
				t.Errorf("%s said %q", m.User.Name, m.Message.Body)
			}
		})
	}
}
