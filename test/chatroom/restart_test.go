package chatroom

import (
	"slices"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
)

// A restart of the server keeps everything, and nobody has to do or to hear anything.
func testRestart(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("say", "before")
	bo.call("hears", "before")
	h.stop()
	h.start()
	ann.call("say", "after")
	bo.call("hears", "after")
	want := []string{"before", "after"}
	for _, v := range []*visitor{ann, bo} {
		if got := v.messages(); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
	}
	if got := chromium.Eval[[]string](ann.Page, `v.texts(".notice").filter((text) => !text.includes("joined the room"))`); len(got) != 0 {
		t.Errorf("the restart makes noise: %q", got)
	}
	bo.reload()
	bo.call("hears", "after")
	if got := bo.messages(); !slices.Equal(got, want) {
		t.Errorf("after a reload bo sees %q, want %q", got, want)
	}
}

// What is written while the server is away arrives when it is back: once, and in the order in which it was written.
func testWrittenWhileAway(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	h.stop()
	for _, text := range []string{"one", "two", "three"} {
		ann.call("say", text)
	}
	ann.call("find", ".row .status", "connected")
	h.start()
	bo.call("hears", "three")
	ann.call("sent", "three")
	for _, v := range []*visitor{ann, bo} {
		if got, want := v.messages(), []string{"one", "two", "three"}; !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
	}
}

// The same for somebody whose own network is gone, and who misses what others write meanwhile.
func testWrittenOffline(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.Offline(true)
	ann.call("say", "from the tunnel")
	bo.call("say", "where is Ann?")
	bo.call("sent", "where is Ann?")
	ann.call("find", ".banner", "offline")
	ann.Offline(false)
	bo.call("hears", "from the tunnel")
	ann.call("sent", "from the tunnel")
	want := []string{"where is Ann?", "from the tunnel"}
	for _, v := range []*visitor{ann, bo} {
		if got := v.messages(); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
	}
	ann.Run(`v.until(() => v.all(".banner").length === 0)`)
}

// What was said and did not arrive, for whatever reason, is asked for with the next message: a little as the difference,
// and so much that it is easier to begin anew.
func testGap(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	bo.call("say", "first")
	ann.call("hears", "first")
	h.fill("Ghost", 1, 5) // straight into the store: nobody is told
	bo.call("say", "second")
	ann.call("hears", "second")
	want := []string{"first", "message 1", "message 2", "message 3", "message 4", "message 5", "second"}
	for _, v := range []*visitor{ann, bo} {
		v.call("hears", "message 1")
		if got := v.messages(); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
	}
	h.fill("Ghost", 6, 600)
	bo.call("say", "third")
	ann.call("hears", "third")
	for _, v := range []*visitor{ann, bo} {
		v.call("hears", "message 600")
		got := v.messages()
		if len(got) < 50 || !slices.Equal(got[len(got)-2:], []string{"message 600", "third"}) {
			t.Errorf("%s sees %d messages that end with %q", v.name, len(got), got[len(got)-2:])
		}
	}
}

// Not even closing the tab loses what was written.
func testTabClosedOffline(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	h.stop()
	ann.call("say", "I have to go")
	ann.call("find", ".row .status", "connected")
	h.start()
	ann.reload()
	bo.call("hears", "I have to go")
	ann.call("sent", "I have to go")
	for _, v := range []*visitor{ann, bo} {
		if got, want := v.messages(), []string{"I have to go"}; !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", v.name, got, want)
		}
	}
}
