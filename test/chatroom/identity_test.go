package chatroom

import (
	"context"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/test/chromium"
)

// Who reloads is the same person, and nobody hears of it.
func testReload(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("find", ".panel .entry", "Bo")
	for range 3 {
		bo.reload()
		bo.call("find", ".me .entry-name", "Bo")
		bo.call("find", ".panel .entry", "Ann")
	}
	bo.call("say", "back")
	ann.call("hears", "back")
	if got := chromium.Eval[[]string](ann.Page, `v.texts(".notice")`); len(got) != 1 || got[0] != "Bo joined the room" {
		t.Errorf("ann is told %q, want only that bo joined", got)
	}
}

// A name that is taken is refused where it was typed, and another one is let in.
func testNameTaken(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	h.enter(b, "Ann")
	v := h.visit(b, "Bo")
	v.call("find", ".join-here", "1 person is here now")
	for name, says := range map[string]string{"": "type a name", "ＡＮＮ": "taken", "a\u200bb": "can't be used"} {
		v.Run(`(async () => v.type(await v.find(".join input"), ` + js(name) + `))()`)
		v.call("click", ".join button[type=submit]")
		v.call("find", ".field-error", says)
	}
	v.signIn()
	v.call("find", ".me .entry-name", "Bo")
}

func testSignOut(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("find", ".panel .entry", "Bo")
	bo.call("click", ".me .icon-button")
	bo.call("click", "dialog.settings button", "Sign out")
	bo.call("click", "dialog.confirm .danger")
	bo.call("find", ".join h1", "Come in")
	ann.Run(`v.until(() => !v.texts(".panel .entry-name").includes("Bo"))`)
	bo.reload()
	bo.call("find", ".join h1", "Come in")
	bo.signIn()
	bo.call("find", ".me .entry-name", "Bo")
}

// What the server does not take stays where it was written, with the reason, until it is sent again or discarded.
func testNotSent(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	me := chromium.Eval[chat.UserID](ann.Page, `fetch("/session").then((r) => r.json()).then((s) => s.user.id)`)
	if _, err := h.store.Leave(context.Background(), 1, me); err != nil { // behind the back of the page
		t.Fatal(err)
	}
	ann.call("say", "can you hear me?")
	ann.call("say", "no?")
	ann.Run(`v.until(() => v.all(".row.failed .status").length === 2)`)
	ann.call("find", ".row.failed .status", "Not sent: This room is not there, or not for you.")
	ann.reload() // the room is gone, and comes back
	if _, err := h.store.Join(context.Background(), 1, me); err != nil {
		t.Fatal(err)
	}
	ann.reload()
	ann.Run(`v.until(() => v.all(".row.failed .status").length === 2)`)
	ann.Run(`v.all(".row.failed")[1].querySelector("button:last-of-type").click()`)
	ann.Run(`v.until(() => v.all(".row.failed").length === 1)`)
	ann.call("click", ".row.failed .status button", "Retry")
	ann.call("sent", "can you hear me?")
	bo.call("hears", "can you hear me?")
	if got := bo.messages(); len(got) != 1 {
		t.Errorf("bo sees %q", got)
	}
}

// Who is too fast is told so, and nothing of what was written is lost.
func testHaste(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.Run(`(async () => {
		for (let i = 1; i <= 13; i++) await v.say("message " + i);
	})()`)
	ann.call("find", ".row .status", "You are fast")
	bo.call("hears", "message 13")
	if got := bo.messages(); len(got) != 13 || got[0] != "message 1" || got[11] != "message 12" {
		t.Errorf("bo sees %q", got)
	}
}
