package browser

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/chromium"
)

// way is a way to connect: the list of transports, and the one that is in use in the end.
type way struct{ name, transports, last string }

var ways = []way{
	{"polling", `["polling"]`, "polling"},
	{"websocket", `["websocket"]`, "websocket"},
	{"upgrade", `["polling", "websocket"]`, "websocket"},
}

// tools are what the scripts of these tests use: a socket whose life is written down, and ways to wait.
const tools = `
	globalThis.story = [];
	globalThis.happens = (emitter, event) => new Promise((done) => emitter.once(event, (...args) => done(args)));
	globalThis.make = (options, url) => {
		globalThis.s = io(url, { reconnectionDelay: 50, reconnectionDelayMax: 200, forceNew: true, ...options });
		for (const e of ["connecting", "connect", "connect_error", "connect_failed", "disconnect", "reconnecting", "reconnect", "reconnect_failed"])
			s.on(e, (...args) => story.push(e + (e === "disconnect" ? " " + args[0] : "")));
		return s;
	};
	globalThis.connected = async (s, last) => {
		if (!s.connected) await happens(s, "connect");
		if (last && s.io.engine.transport.name !== last) await happens(s.io.engine, "upgrade");
	};
`

// open opens the site's page with the tools.
func open(t *testing.T, b *chromium.Browser, s *site) *chromium.Page {
	t.Helper()
	p := b.Page(t, s.url())
	p.Run(tools)
	return p
}

// connect makes a socket in the page and waits until it is connected in that way. options is JavaScript, the inside of an
// object; url is that of another site, or empty.
func connect(p *chromium.Page, w way, options, url string) {
	p.Run(fmt.Sprintf(`connected(make({ transports: %s, %s }, %q), %q)`, w.transports, options, url, w.last))
}

// numbers gives 0 to n-1.
func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestPages(t *testing.T) {
	b := chromium.Start(t)
	for name, test := range map[string]func(*testing.T, *chromium.Browser){
		"every bundle works under a strict policy": everyBundle,
		"in a worker":                               inWorker,
		"life in its order":                         lifeInOrder,
		"a restart loses nothing that was kept":     restart,
		"a phone without a network":                 phone,
		"bytes of every kind":                       everyKindOfBytes,
		"a page that is left":                       pageIsLeft,
		"another origin":                            otherOrigin,
		"another origin without permission":         otherOriginRefused,
		"two pages on one server, many connections": manyConnections,
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) { test(t, b) })
	}
}

// Each form of the client works as the server serves it, in a page that allows nothing else, and complains of nothing.
func everyBundle(t *testing.T, b *chromium.Browser) {
	s := newSite(t, nil)
	for _, load := range []string{
		`io`,
		`new Promise((done, failed) => {
			const script = document.createElement("script");
			Object.assign(script, { src: "/socket.io/socket.io.min.js", onload: () => done(io), onerror: failed });
			document.head.append(script);
		})`,
		`import("/socket.io/socket.io.esm.min.js").then((m) => m.io)`,
		`import("/socket.io/socket.io.full.min.js").then(() => io)`,
	} {
		p := b.Page(t, s.url())
		got := chromium.Eval[string](p, fmt.Sprintf(`(async () => {
			const client = await %s;
			const s = client();
			const c = await s.emitWithAck("content", { name: "x", data: new Uint8Array([1, 2, 3]) });
			return c.name + " " + new Uint8Array(c.data) + " " + client.protocol + (new client.Manager("", { autoConnect: false }).socket("/a") instanceof client.Socket);
		})()`, load))
		if want := "reversed x 3,2,1 5true"; got != want {
			t.Errorf("%s: got %q, want %q", load, got, want)
		}
		if complaints := p.Complaints(); len(complaints) > 0 {
			t.Errorf("%s: the page complained: %q", load, complaints)
		}
	}
}

const worker = `
	importScripts("/socket.io/socket.io.min.js");
	onmessage = async ({ data: transports }) => {
		const s = io({ transports, forceNew: true });
		const c = await s.emitWithAck("content", { name: "x", data: new Uint8Array([1, 2]) });
		s.disconnect();
		postMessage(c.name + " " + new Uint8Array(c.data));
	};
`

// The client needs no window.
func inWorker(t *testing.T, b *chromium.Browser) {
	p := open(t, b, newSite(t, nil))
	for _, w := range ways {
		got := chromium.Eval[string](p, fmt.Sprintf(`new Promise((done, failed) => {
			const worker = new Worker("/worker.js");
			worker.onmessage = (e) => done(e.data);
			worker.onerror = (e) => failed(new Error(e.message));
			worker.postMessage(%s);
		})`, w.transports))
		if want := "reversed x 2,1"; got != want {
			t.Errorf("%s: got %q, want %q", w.name, got, want)
		}
	}
}

// connecting, connect; after a loss, with the server away for some attempts: disconnect, reconnecting for each attempt,
// connecting, reconnect, connect.
func lifeInOrder(t *testing.T, b *chromium.Browser) {
	for _, w := range ways {
		s := newSite(t, nil)
		p := open(t, b, s)
		connect(p, w, "", "")
		s.stop()
		p.Run(`(async () => { while (story.filter((e) => e === "reconnecting").length < 3) await happens(s, "reconnecting"); })()`)
		s.start()
		p.Run(`connected(s)`)
		got := chromium.Eval[[]string](p, `story`)
		want := []string{"connecting", "connect", "disconnect transport close"}
		if len(got) > 2 && got[2] == "disconnect transport error" { // what a cut poll is
			want[2] = got[2]
		}
		for range slices.Collect(count(got, "reconnecting"))[1:] {
			want = append(want, "reconnecting", "connect_error")
		}
		want = append(want, "reconnecting", "connecting", "reconnect", "connect")
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", w.name, got, want)
		}
	}
}

// count yields once for each element that is v.
func count(list []string, v string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i, e := range list {
			if e == v && !yield(i) {
				return
			}
		}
	}
}

// What is emitted while the server is away arrives when it is back: all of it, once, in order, and before what is
// emitted by a listener of connect. Volatile events are not kept.
func restart(t *testing.T, b *chromium.Browser) {
	for _, w := range ways {
		s := newSite(t, nil)
		p := open(t, b, s)
		connect(p, w, "", "")
		p.Run(`for (let i = 0; i < 10; i++) s.emit("note", "a", i); s.emitWithAck("notes", "a")`)
		s.stop()
		p.Run(`(async () => {
			if (s.connected) await happens(s, "disconnect");
			for (let i = 10; i < 500; i++) { s.emit("note", "a", i); s.volatile.emit("note", "a", -1); }
			s.once("connect", () => s.emit("note", "a", 500));
		})()`)
		s.start()
		got := chromium.Eval[[]int](p, `connected(s).then(() => s.emitWithAck("notes", "a"))`)
		if !slices.Equal(got, numbers(501)) {
			t.Errorf("%s: got %v, want 0 to 500", w.name, got)
		}
	}
}

// A phone that loses its network is told at once; what is written meanwhile arrives when the network is back, in order.
func phone(t *testing.T, b *chromium.Browser) {
	for _, w := range ways {
		p := open(t, b, newSite(t, nil))
		p.Run(`import("/socket.io/socket.io.full.min.js")`) // the smallest bundle waits as the reference does
		connect(p, w, "reconnectOnline: true, reconnectionDelay: 600000, reconnectionDelayMax: 600000", "")
		p.Run(`s.emitWithAck("notes", "phone")`)
		p.Offline(true)
		p.Run(`(async () => {
			if (s.connected) await happens(s, "disconnect");
			for (let i = 0; i < 20; i++) s.emit("note", "phone", i);
		})()`)
		p.Offline(false)
		got := chromium.Eval[[]int](p, `connected(s).then(() => s.emitWithAck("notes", "phone"))`)
		if !slices.Equal(got, numbers(20)) {
			t.Errorf("%s: got %v, want 0 to 19", w.name, got)
		}
		story := chromium.Eval[[]string](p, `story`)
		// The poll that waits may fail before the page is told that there is no network.
		if i := slices.Index(story, "disconnect transport error"); i >= 0 {
			story[i] = "disconnect transport close"
		}
		want := []string{"connecting", "connect", "disconnect transport close", "reconnecting", "connecting", "reconnect", "connect"}
		if !slices.Equal(story, want) {
			t.Errorf("%s:\n got %q\nwant %q", w.name, story, want)
		}
	}
}

// Whatever a page has as bytes is sent as they are, and comes back as an ArrayBuffer.
func everyKindOfBytes(t *testing.T, b *chromium.Browser) {
	p := open(t, b, newSite(t, nil))
	for _, w := range ways {
		connect(p, w, "", "")
		got := chromium.Eval[[]string](p, `(async () => {
			const bytes = new Uint8Array([0, 1, 2, 3, 254, 255]);
			const kinds = {
				array: bytes,
				buffer: bytes.buffer,
				window: bytes.subarray(1, 3),
				view: new DataView(bytes.buffer, 4),
				words: new Uint16Array([0x0201]),
				blob: new Blob([bytes, "text"]),
				file: new File(["€"], "euro.txt"),
				empty: new ArrayBuffer(0),
				"empty blob": new Blob([]),
				large: new Uint8Array(200_000).fill(7),
			};
			const answers = Object.entries(kinds).map(async ([name, data]) => {
				const c = await s.emitWithAck("content", { name, data });
				const all = [...new Uint8Array(c.data)];
				return c.name + ":" + (c.data instanceof ArrayBuffer) + ":" + (all.length < 20 ? all : all.length + "×" + new Set(all).size);
			});
			return Promise.all(answers);
		})()`)
		want := []string{
			"reversed array:true:255,254,3,2,1,0",
			"reversed buffer:true:255,254,3,2,1,0",
			"reversed window:true:2,1",
			"reversed view:true:255,254",
			"reversed words:true:2,1",
			"reversed blob:true:116,120,101,116,255,254,3,2,1,0",
			"reversed file:true:172,130,226",
			"reversed empty:true:",
			"reversed empty blob:true:",
			"reversed large:true:200000×1",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", w.name, got, want)
		}
	}
}

// The server notices at once when the page is left: a WebSocket ends by itself, a polling session when it was asked to.
// The browser then also cuts the poll that waits, and the server may hear of that before it reads the close packet.
func pageIsLeft(t *testing.T, b *chromium.Browser) {
	s := newSite(t, nil)
	for _, w := range ways {
		p := open(t, b, s)
		connect(p, w, "closeOnBeforeunload: true", "")
		id := chromium.Eval[string](p, `s.id`)
		p.Run(`setTimeout(() => { location.href = "about:blank"; }); undefined`)
		reason := s.reason(id)
		cut := reason == "transport error" && w.last == "polling"
		if reason != "transport close" && !cut {
			t.Errorf("%s: %q, want transport close", w.name, reason)
		}
	}
}

// A page of another origin that the server lets in connects every way, with cookies when it asks for that.
func otherOrigin(t *testing.T, b *chromium.Browser) {
	host := newSite(t, nil)
	s := newSite(t, func() *socketio.Options { return crossOrigin(host.url()) })
	// The host's own policy would keep its page from connecting elsewhere; a blank page in its origin has none.
	p := b.Page(t, host.url()+"/socket.io/socket.io.js")
	p.Run(`import("/socket.io/socket.io.esm.min.js").then((m) => { globalThis.io = m.io; document.cookie = "visitor=42"; })`)
	p.Run(tools)
	for _, w := range ways {
		connect(p, w, "withCredentials: true", s.url())
		if got := chromium.Eval[string](p, `s.emitWithAck("cookies")`); !strings.Contains(got, "visitor=42") {
			t.Errorf("%s: cookies %q", w.name, got)
		}
	}
	connect(p, ways[0], "", s.url())
	if got := chromium.Eval[string](p, `s.emitWithAck("cookies")`); got != "" {
		t.Errorf("cookies %q were sent without having been asked for", got)
	}
}

// A page of another origin that the server does not know is refused every way, and told so.
func otherOriginRefused(t *testing.T, b *chromium.Browser) {
	host, s := newSite(t, nil), newSite(t, nil)
	p := b.Page(t, host.url()+"/socket.io/socket.io.js")
	p.Run(`import("/socket.io/socket.io.esm.min.js").then((m) => { globalThis.io = m.io; })`)
	p.Run(tools)
	for transports, want := range map[string]string{`["polling"]`: "xhr poll error", `["websocket"]`: "websocket error"} {
		got := chromium.Eval[string](p, fmt.Sprintf(`(async () => {
			const [err] = await happens(make({ transports: %s, reconnection: false }, %q), "connect_error");
			return err.message;
		})()`, transports, s.url()))
		if got != want {
			t.Errorf("%s: %q, want %q", transports, got, want)
		}
	}
}

// A browser opens few connections to one server over HTTP/1.1; polling sessions must not starve each other for ever.
func manyConnections(t *testing.T, b *chromium.Browser) {
	s := newSite(t, nil)
	pages := []*chromium.Page{open(t, b, s), open(t, b, s)}
	for i, p := range pages {
		var got []int
		raw := chromium.Eval[json.RawMessage](p, fmt.Sprintf(`(async () => {
			const sockets = Array.from({ length: 8 }, () => make({ transports: ["polling", "websocket"] }));
			await Promise.all(sockets.map((s) => connected(s, "websocket")));
			for (const [i, s] of sockets.entries()) { s.emit("note", "page %[1]d", i); await s.emitWithAck("notes", ""); }
			return sockets[0].emitWithAck("notes", "page %[1]d");
		})()`, i))
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, numbers(8)) {
			t.Errorf("page %d: %v, want 0 to 7", i, got)
		}
	}
}
