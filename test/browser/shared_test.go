package browser

import (
	"fmt"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/chromium"
)

// sharing opens a page whose io shares a connection with all other pages, and makes a socket of it.
func sharing(beside *chromium.Page, s *site) *chromium.Page {
	p := beside.Beside(s.url())
	p.Run(tools)
	p.Run(`new Promise((done, failed) => {
		const script = document.createElement("script");
		Object.assign(script, { src: "/socket.io/socket.io.shared.min.js", onload: done, onerror: failed });
		document.head.append(script);
	})`)
	p.Run(`(async () => { make({}); s.on("news", (...args) => (globalThis.news ??= []).push(args)); await connected(s); })()`)
	return p
}

// Pages share one connection: each has its own listeners and gets its own answers, and pages come and go.
func TestSharedWorker(t *testing.T) {
	b := chromium.Start(t)
	s := newSite(t, nil)
	gone := make(chan string, 10)
	s.io.OnConnection(func(sock *socketio.Socket) {
		sock.OnDisconnect(func(reason socketio.DisconnectReason) { gone <- string(reason) })
	})
	user := b.Page(t, s.url())
	first, second := sharing(user, s), sharing(user, s)
	id := chromium.Eval[string](first, `s.id`)
	if other := chromium.Eval[string](second, `s.id`); other != id || id == "" {
		t.Fatalf("two sockets, %q and %q", id, other)
	}
	if n := len(s.io.Of("/").Sockets()); n != 1 {
		t.Errorf("the server has %d sockets", n)
	}

	// Answers go to who asked, with bytes both ways.
	for i, p := range []*chromium.Page{first, second} {
		got := chromium.Eval[string](p, fmt.Sprintf(`s.timeout(20000).emitWithAck("content", { name: "%d", data: new Uint8Array([1, 2, %d]) })
			.then((c) => c.name + " " + new Uint8Array(c.data))`, i, i))
		if want := fmt.Sprintf("reversed %d %d,2,1", i, i); got != want {
			t.Errorf("page %d: got %q, want %q", i, got, want)
		}
	}

	// An event is everybody's; of answers, the first counts.
	for _, p := range []*chromium.Page{first, second} {
		p.Run(`s.on("ask", (n, answer) => answer(n + 1)); s.onAny((name) => (globalThis.any ??= []).push(name)); void 0`)
	}
	s.io.Emit("news", 7, []byte{1, 2})
	answers, err := s.io.EmitWithAck(t.Context(), "ask", 41)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers.All() {
		var n int
		if err := a.Args.Decode(&n); err != nil || n != 42 {
			t.Errorf("answer %d, %v", n, err)
		}
	}
	for i, p := range []*chromium.Page{first, second} {
		got := chromium.Eval[string](p, `s.emitWithAck("notes", "x").then(() => news.map(([n, b]) => n + ":" + new Uint8Array(b)) + " " + any)`)
		if want := "7:1,2 news,ask"; got != want {
			t.Errorf("page %d: got %q, want %q", i, got, want)
		}
	}

	// A loss, and the return, in the order of every other page.
	first.Run(`s.emit("drop"); void 0`)
	for i, p := range []*chromium.Page{first, second} {
		got := chromium.Eval[string](p, `(async () => { while (story.length < 7) await new Promise((r) => setTimeout(r, 10)); return story.join(); })()`)
		if want := "connecting,connect,disconnect transport close,reconnecting,connecting,reconnect,connect"; got != want {
			t.Errorf("page %d: %s", i, got)
		}
	}
	<-gone

	// A page that leaves takes nothing along; the last one does.
	first.Close()
	if got := chromium.Eval[string](second, `s.emitWithAck("content", { name: "y", data: new Uint8Array([5]) }).then((c) => c.name)`); got != "reversed y" {
		t.Errorf("after the other page left: %q", got)
	}
	third := sharing(user, s)
	if a, b := chromium.Eval[string](second, `s.id`), chromium.Eval[string](third, `s.id`); a != b {
		t.Errorf("a page that comes later has the socket %q, not %q", b, a)
	}
	second.Run(`s.disconnect(); void 0`)
	if !chromium.Eval[bool](third, `s.emitWithAck("notes", "x").then(() => s.connected)`) {
		t.Error("the disconnect of one page is that of all")
	}
	third.Run(`setTimeout(() => { location.href = "about:blank"; }); undefined`)
	if reason := <-gone; reason != "client namespace disconnect" && reason != "transport close" {
		t.Errorf("the last page left: %s", reason)
	}
}
