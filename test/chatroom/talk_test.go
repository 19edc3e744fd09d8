package chatroom

import (
	"slices"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
)

// Two people in two browsers hear each other, each message once and in one order.
func testTalk(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("say", "Hello Bo!")
	bo.call("hears", "Hello Bo!")
	bo.call("say", "Hello Ann!")
	bo.call("say", "How are you?")
	ann.call("hears", "How are you?")
	ann.call("say", "Fine 🙂")
	bo.call("hears", "Fine 🙂")
	want := []string{"Hello Bo!", "Hello Ann!", "How are you?", "Fine 🙂"}
	for _, v := range []*visitor{ann, bo} {
		if got := v.messages(); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
		v.silent()
	}
	if got := chromium.Eval[[]string](bo.Page, `v.texts(".row .author, .row .by strong")`); !slices.Equal(got, []string{"Ann", "Bo", "Ann"}) {
		t.Errorf("bo sees the messages of %q", got)
	}
	if got := chromium.Eval[[]string](ann.Page, `v.texts(".panel .entry-name")`); !slices.Equal(got, []string{"Ann", "Bo"}) {
		t.Errorf("ann sees the members %q", got)
	}
}

// A private message is seen by its addressee, and by nobody else.
func testPrivateMessage(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo, cy := h.enter(b, "Ann"), h.enter(b, "Bo"), h.enter(b, "Cy")
	ann.call("click", ".panel button.entry", "Bo")
	ann.call("find", ".start", "Only you and Bo")
	ann.call("say", "Just between us")
	ann.call("sent", "Just between us")
	bo.call("find", ".side a.entry .badge", "1 unread")
	bo.call("click", ".side a.entry", "Ann")
	bo.call("hears", "Just between us")
	bo.call("say", "Of course")
	ann.call("hears", "Of course")

	ann.call("click", ".side a.entry", "general")
	ann.call("say", "Hello all")
	cy.call("hears", "Hello all")
	if got := cy.messages(); !slices.Equal(got, []string{"Hello all"}) {
		t.Errorf("cy sees %q", got)
	}
	if got := chromium.Eval[[]string](cy.Page, `v.texts(".side a.entry .entry-name")`); !slices.Equal(got, []string{"general"}) {
		t.Errorf("cy has the rooms %q", got)
	}
}

// A room's messages are seen by its members, and by nobody else, until they join.
func testRoomMessage(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo, cy := h.enter(b, "Ann"), h.enter(b, "Bo"), h.enter(b, "Cy")
	ann.call("click", ".side-head .icon-button")
	ann.call("click", "dialog button.primary", "Create a room")
	ann.Run(`(async () => v.type(await v.find(".create input"), "tea kitchen"))()`)
	ann.call("click", ".create button[type=submit]")
	ann.call("find", ".room-title h1", "tea-kitchen")

	bo.call("click", ".side-head .icon-button")
	bo.call("click", ".room-row button", "Join #tea-kitchen")
	bo.call("find", ".room-title h1", "tea-kitchen")
	ann.call("find", ".notice", "Bo joined the room")
	ann.call("say", "The kettle is on")
	bo.call("hears", "The kettle is on")

	ann.call("click", ".side a.entry", "general")
	ann.call("say", "Hello all")
	cy.call("hears", "Hello all")
	if got := cy.messages(); !slices.Equal(got, []string{"Hello all"}) {
		t.Errorf("cy sees %q", got)
	}
	cy.call("click", ".side-head .icon-button")
	cy.call("click", ".room-row button", "Join #tea-kitchen")
	cy.call("hears", "The kettle is on")

	bo.call("click", ".panel-foot button")
	bo.call("click", "dialog .danger")
	bo.call("find", ".room-title h1", "general")
	ann.call("click", ".side a.entry", "tea-kitchen")
	ann.call("find", ".notice", "Bo left the room")
}
