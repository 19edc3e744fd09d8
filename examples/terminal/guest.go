package main

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/socketio-go/socketio/chatroom/wire"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/contract"
)

// guest is somebody in the chat, in one room at a time.
type guest struct {
	name   string
	socket *client.Socket

	mu    sync.Mutex
	token string // of the session: with it one is oneself again after a loss
	names names
	room  wire.Room // its Rev is up to where everything was shown
}

// auth is asked each time before the server is: at first there is a name, and then a token.
func (g *guest) auth(context.Context) (any, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return map[string]string{"name": g.name, "token": g.token}, nil
}

// listen says what to do when the server says something. A handler may ask the server and wait for the answer.
func (g *guest) listen() {
	wire.Welcome.On(g.socket, g.welcome)
	wire.MessageNew.On(g.socket, func(_ context.Context, m wire.NewMessage) error { g.show(m.Message, m.User); return nil })
	wire.MemberJoin.On(g.socket, func(_ context.Context, a wire.Arrival) error { tell("%s is here", a.User.Name); return nil })
	wire.RoomJoin.On(g.socket, func(_ context.Context, m wire.RoomMember) error { g.know(m.User); return nil })
	wire.Drain.On(g.socket, func(context.Context, struct{}) error { tell("the server restarts"); return nil })
	g.socket.OnDisconnect(func(reason client.DisconnectReason, _ error) {
		if reason != client.ClientDisconnect {
			tell("connection lost; trying again")
		}
	})
}

// welcome is called with each connection. What was said meanwhile is shown.
func (g *guest) welcome(_ context.Context, h wire.Hello) error {
	g.mu.Lock()
	again := g.token != ""
	if h.Token != "" {
		g.token = h.Token
	}
	room := g.room
	g.mu.Unlock()
	g.know(append(h.Here.People, h.Me)...)
	if !again {
		tell("hello %s! %d here; /help tells more", h.Me.Name, h.Here.Count)
		g.enter(h.Rooms[0]) // every newcomer is in one
		return nil
	}
	tell("connected again")
	missed, err := ask(g, wire.Sync, wire.Known{Rooms: map[roomID]int64{room.ID: room.Rev}})
	if err == nil && len(missed.Rooms) == 1 {
		g.know(missed.Users...)
		g.showAll(missed.Rooms[0].Messages)
	}
	return nil
}

// say sends a message. The same CID makes sending it again harmless.
func (g *guest) say(text string) {
	room := g.current()
	sent, err := ask(g, wire.SendMessage, wire.Draft{Room: room.ID, CID: rand.Text(), Body: text})
	if err == nil {
		g.seen(room.ID, sent.Rev)
	}
}

// patience is how long an answer is waited for. While there is no connection the question waits for one.
const patience = 30 * time.Second

// ask asks the server, and tells when that fails.
func ask[T, R any](g *guest, call contract.Call[T, R], question T) (R, error) {
	answer, err := wire.Ask(context.Background(), g.socket.Timeout(patience), call, question)
	if err != nil {
		tell("%s: %v", call.Name(), err)
	}
	return answer, err
}
