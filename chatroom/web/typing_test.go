package web_test

import (
	"fmt"
	"testing"
)

type typing struct {
	Room, User int64
	On         bool
}

func TestTyping(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	cy, _ := h.guest("Cy")
	direct := ask[roomAnswer](ann, "room:direct", fmt.Sprintf(`{"user":%d}`, boHello.Me.ID)).Room
	for range 3 { // once in 3 s, however often it is said
		ann.say(`42["typing",{"room":1,"on":true}]`)
	}
	ann.say(fmt.Sprintf(`42["typing",{"room":%d,"on":true}]`, direct.ID))
	ann.say(`42["typing",{"room":1,"on":false}]`)
	for i, want := range []typing{{1, annHello.Me.ID, true}, {direct.ID, annHello.Me.ID, true}, {1, annHello.Me.ID, false}} {
		if got := await[typing](bo, "typing"); got != want {
			t.Errorf("notice %d for bo: %+v, want %+v", i, got, want)
		}
	}
	cy.say(fmt.Sprintf(`42["typing",{"room":%d,"on":true}]`, direct.ID)) // not cy's room
	barrier(cy, ann, bo)
	barrier(ann, cy)
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
