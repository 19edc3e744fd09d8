package chatroom

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/test/chromium"
)

// fill puts numbered messages of a person who is not there into the lobby, at once.
func (h *house) fill(name string, from, to int) {
	h.t.Helper()
	ctx, token := context.Background(), store.HashToken(name)
	u, err := h.store.Session(ctx, token)
	if err != nil {
		u, err = h.store.SignIn(ctx, name, token)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	done := make(chan error, to-from+1)
	for n := from; n <= to; n++ {
		d := chat.Draft{Room: 1, Author: u.ID, CID: fmt.Sprintf("fill-%d", n), Body: fmt.Sprintf("message %d", n)}
		if err := h.store.Append(ctx, d, func(_ store.Receipt, err error) { done <- err }); err != nil {
			h.t.Fatal(err)
		}
	}
	for n := from; n <= to; n++ {
		if err := <-done; err != nil {
			h.t.Fatal(err)
		}
	}
}

// Scrolling up loads page after page to the very first message, and what the reader looks at does not move.
func testHistory(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	h.fill("Old", 1, 180)
	ann := h.enter(b, "Ann")
	ann.call("hears", "message 180")
	if got := len(ann.messages()); got != 50 && got != 100 {
		t.Errorf("%d messages at first, want one page or, where the screen is high, two", got)
	}
	ann.Run(`(async () => {
		const list = document.querySelector(".timeline-scroll");
		globalThis.moved = [];
		for (let i = 0; i < 40 && !document.querySelector(".start"); i++) {
			const first = v.messages()[0];
			list.scrollTop = 0;
			const top = () => v.all(".row .body").find((el) => el.textContent === first).getBoundingClientRect().top;
			await v.settled();
			const before = top();
			await v.until(() => v.messages()[0] !== first || document.querySelector(".start"));
			await v.settled();
			moved.push(Math.round(Math.abs(top() - before)));
		}
	})()`)
	ann.call("find", ".start", "This is the start of #general")
	got := ann.messages()
	if len(got) != 180 || got[0] != "message 1" || got[179] != "message 180" {
		t.Errorf("%d messages, from %q", len(got), got[0])
	}
	moved := chromium.Eval[[]int](ann.Page, "moved")
	if len(moved) < 2 || slices.Max(moved) > 2 {
		t.Errorf("while pages were loaded the message at the top moved by %v pixels, want at most 2", moved)
	}
	// Somebody says something: the reader stays, is told, and gets there with one click.
	where := func() float64 {
		return chromium.Eval[float64](ann.Page, `document.querySelector(".timeline-scroll").scrollTop`)
	}
	before := where()
	bo := h.enter(b, "Bo")
	bo.call("say", "news")
	ann.call("find", ".pill", "1 new message")
	if after := where(); after != before {
		t.Errorf("a new message moved the reader from %v to %v", before, after)
	}
	ann.call("click", ".pill")
	ann.Run(`v.until(() => v.all(".pill").length === 0)`)
	ann.call("hears", "news")
}

// What is unread is counted, marked, and read by looking at it.
func testUnread(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("say", "before")
	bo.call("hears", "before")
	bo.call("click", ".panel button.entry", "Ann")
	bo.call("find", ".start", "Only you and Ann")
	ann.call("say", "one")
	ann.call("say", "two")
	bo.call("find", ".side a.entry .badge", "2 unread messages")
	bo.Run(`v.until(() => document.title === "(2) Chatroom")`)
	bo.reload() // the count is kept by the server
	bo.call("find", ".side a.entry .badge", "2 unread messages")
	bo.call("click", ".side a.entry", "general")
	bo.call("hears", "two")
	bo.Run(`v.until(() => document.title === "Chatroom" && v.all(".badge").length === 0)`)
	if got := chromium.Eval[string](bo.Page, `document.querySelector(".line.new").nextElementSibling.querySelector(".body").textContent`); got != "one" {
		t.Errorf("the line is before %q, want it before the first new message", got)
	}
}
