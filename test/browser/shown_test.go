package browser

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/test/chromium"
)

// A page that is left and shown again, from the browser's cache of pages, goes on by itself: what it emits from the first
// moment on arrives, once. The browser has closed its WebSocket meanwhile, and the server may have forgotten it.
func TestPageIsShownAgain(t *testing.T) {
	b := chromium.Start(t)
	s := newSite(t, nil)
	for _, w := range append(ways, way{name: "shared"}) {
		t.Run(w.name, func(t *testing.T) {
			p := b.Page(t, s.url())
			p.Run(tools)
			if w.name == "shared" {
				p.Run(`new Promise((done, failed) => {
					const script = document.createElement("script");
					Object.assign(script, { src: "/socket.io/socket.io.shared.min.js", onload: done, onerror: failed });
					document.head.append(script);
				})`)
				p.Run(`connected(make({}))`)
			} else {
				connect(p, w, "", "")
			}
			p.Run(fmt.Sprintf(`(async () => {
				globalThis.client = %q;
				s.emit("note", client, 0);
				await s.emitWithAck("notes", client);
				addEventListener("pageshow", () => s.emit("note", client, 1));
			})()`, w.name))
			p.Do(chromedp.Navigate(s.url() + "/socket.io/socket.io.js"))
			p.Back()
			if !chromium.Eval[bool](p, `"client" in globalThis`) {
				t.Skip("the browser did not keep the page")
			}
			got := chromium.Eval[[]int](p, `(async () => {
				if (!s.connected) await happens(s, "connect");
				s.emit("note", client, 2);
				return s.emitWithAck("notes", client);
			})()`)
			if !slices.Equal(got, numbers(3)) {
				t.Errorf("the server heard %v, want %v", got, numbers(3))
			}
		})
	}
}
