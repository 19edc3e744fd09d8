package web_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
)

type typing struct {
	Room, User int64
	On         bool
}

// Who types is seen by those in the room, at most once in three seconds, and by nobody else.
func TestTyping(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	cy, _ := h.guest("Cy")
	direct := ask[roomAnswer](ann, "room:direct", fmt.Sprintf(`{"user":%d}`, boHello.Me.ID)).Room
	for _, want := range []typing{{1, annHello.Me.ID, true}, {direct.ID, annHello.Me.ID, true}, {1, annHello.Me.ID, false}} {
		for {
			for range 3 {
				ann.say(fmt.Sprintf(`42["typing",{"room":%d,"on":%t}]`, want.Room, want.On))
			}
			barrier(ann, bo)
			if slices.Contains(heard[typing](bo, "typing"), want) {
				break
			}
			// A notice is volatile: it is dropped when bo can't take it at once. The next one comes after the pause.
			time.Sleep(chat.RateTyping.Every)
		}
	}
	cy.say(fmt.Sprintf(`42["typing",{"room":%d,"on":true}]`, direct.ID)) // not cy's room
	barrier(cy, ann, bo)
	for _, n := range heard[typing](cy, "typing") {
		if n.Room != 1 {
			t.Errorf("cy sees %+v", n)
		}
	}
	if got := heard[typing](ann, "typing"); len(got) != 0 {
		t.Errorf("ann sees %+v", got)
	}
	if got := heard[typing](bo, "typing"); len(got) != 3 {
		t.Errorf("bo sees %+v, want 3 notices", got)
	}
}
