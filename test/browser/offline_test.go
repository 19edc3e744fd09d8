package browser

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/chromium"
)

// visit loads an empty page of a site, which allows everything, with the whole client.
func visit(p *chromium.Page, host *site) {
	p.Do(chromedp.Navigate(host.url() + "/socket.io/socket.io.js"))
	p.Run(`import("/socket.io/socket.io.full.min.js")`)
	p.Run(tools)
}

// storing makes a socket, to a server elsewhere, that keeps in IndexedDB what can't be sent. The page need not be connected.
func storing(p *chromium.Page, url string) {
	p.Run(fmt.Sprintf(`globalThis.offline = new io.OfflineBuffer(undefined, (err) => console.error("storage: " + err)); make({ offline, transports: ["websocket"] }, %q); void 0`, url))
}

// note emits notes from one number to another, and waits until they are stored.
func note(p *chromium.Page, from, to int) {
	p.Run(fmt.Sprintf(`for (let i = %d; i < %d; i++) s.emit("note", "offline", i); offline.settled()`, from, to))
}

// noted is what the server heard of all pages so far. The page is connected then, and has sent what it had to send.
func noted(p *chromium.Page) []int {
	return chromium.Eval[[]int](p, `connected(s).then(() => offline.settled()).then(() => s.emitWithAck("notes", "offline"))`)
}

// What a page could not send before it was left, the next page sends: once, in order, whatever else is open.
func TestOfflineBufferInTabs(t *testing.T) {
	b := chromium.Start(t)
	host := newSite(t, nil) // the pages' site, which is always there
	s := newSite(t, func() *socketio.Options { return crossOrigin(host.url()) })
	s.stop()
	expect := func(step string, p *chromium.Page, want []int) {
		t.Helper()
		if got := noted(p); !slices.Equal(got, want) {
			t.Errorf("%s: the server heard %v, want %v", step, got, want)
		}
		if left := chromium.Eval[int](p, `new Promise((done) => {
			indexedDB.open("socketio-offline").onsuccess = ({ target: { result: db } }) => {
				db.transaction("events").objectStore("events").count().onsuccess = (e) => { db.close(); done(e.target.result); };
			};
		})`); left != 0 {
			t.Errorf("%s: %d events are still stored", step, left)
		}
		for _, complaint := range p.Complaints() {
			if len(complaint) > 8 && complaint[:8] == "storage:" {
				t.Error(complaint)
			}
		}
	}

	first := b.Page(t, host.url()+"/socket.io/socket.io.js")
	visit(first, host)
	storing(first, s.url())
	note(first, 0, 10)
	visit(first, host) // the page is loaded anew
	storing(first, s.url())
	s.start()
	expect("after a reload", first, numbers(10))
	visit(first, host)
	storing(first, s.url())
	expect("after another", first, numbers(10))

	// A page that lives keeps what is its own, also when others come.
	s.stop()
	first.Run(`(async () => { if (s.connected) await happens(s, "disconnect"); })()`)
	note(first, 10, 20)
	second := first.Beside(host.url() + "/socket.io/socket.io.js")
	visit(second, host)
	storing(second, s.url())
	second.Run(`(async () => { if (!story.includes("connect_error")) await happens(s, "connect_error"); await offline.settled(); })()`)
	if n := chromium.Eval[int](second, `s.sendBuffer.length`); n != 0 {
		t.Errorf("the second tab took %d events of the first, which lives", n)
	}
	s.start()
	noted(first)
	expect("two tabs", second, numbers(20))

	// A tab that was closed leaves its events to the next, to one of two that come at once.
	s.stop()
	second.Run(`(async () => { if (s.connected) await happens(s, "disconnect"); })()`)
	note(second, 20, 30)
	second.Close()
	third, fourth := first.Beside(host.url()+"/socket.io/socket.io.js"), first.Beside(host.url()+"/socket.io/socket.io.js")
	for _, p := range []*chromium.Page{third, fourth} {
		visit(p, host)
	}
	for _, p := range []*chromium.Page{third, fourth} {
		storing(p, s.url())
	}
	s.start()
	noted(third)
	expect("after a tab was closed", fourth, numbers(30))
}
