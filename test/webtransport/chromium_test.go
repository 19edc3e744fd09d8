package webtransport

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
)

// tools are what the scripts use: a WebTransport session that trusts the certificate of the test, and frames.
const tools = `
	globalThis.bytes = (s) => new TextEncoder().encode(s);
	globalThis.connect = async (url, hash, first) => {
		const value = Uint8Array.from(atob(hash), (c) => c.charCodeAt(0));
		const session = new WebTransport(url, { serverCertificateHashes: [{ algorithm: "sha-256", value }] });
		await session.ready;
		const stream = await session.createBidirectionalStream();
		const writer = stream.writable.getWriter(), reader = stream.readable.getReader();
		let rest = new Uint8Array(0);
		const take = async (n) => {
			while (rest.length < n) {
				const { value, done } = await reader.read();
				if (done) throw new Error("the stream ended");
				const joined = new Uint8Array(rest.length + value.length);
				joined.set(rest); joined.set(value, rest.length);
				rest = joined;
			}
			const head = rest.slice(0, n);
			rest = rest.slice(n);
			return head;
		};
		const send = (data) => {
			const binary = typeof data !== "string";
			const b = binary ? data : bytes(data);
			const frame = new Uint8Array(9 + b.length);
			frame[0] = 127 | (binary ? 0x80 : 0);
			new DataView(frame.buffer).setBigUint64(1, BigInt(b.length));
			frame.set(b, 9);
			return writer.write(frame);
		};
		const next = async () => {
			const first = (await take(1))[0];
			let n = first & 0x7f;
			if (n === 126) n = new DataView((await take(2)).buffer).getUint16(0);
			else if (n === 127) n = Number(new DataView((await take(8)).buffer).getBigUint64(0));
			const data = await take(n);
			return first & 0x80 ? data : new TextDecoder().decode(data);
		};
		await send(first);
		return { session, send, next };
	};
`

// page opens a page of the origin that the server has, as seen by its clients.
func page(t *testing.T, browser *chromium.Browser, url string) *chromium.Page {
	t.Helper()
	p := browser.Page(t, url)
	p.Run(tools)
	return p
}

// A browser, with nothing but its own WebTransport: open, echo, move from polling, close.
func TestBrowser(t *testing.T) {
	browser := chromium.Start(t)
	s := newSite(t, nil, echo)
	front := frontPage(t, "")
	// The page is of another origin than the server, which must not let it in unless told.
	p := page(t, browser, front)
	hash := base64.StdEncoding.EncodeToString(s.hash[:])
	if got := chromium.Eval[string](p, fmt.Sprintf(`connect(%q, %q, "0").then(() => "open", (e) => e.name)`, s.target, hash)); got != "WebTransportError" {
		t.Errorf("from another origin: %s", got)
	}

	// One of its own.
	p = page(t, browser, s.http.URL+"/page")
	got := chromium.Eval[string](p, fmt.Sprintf(`(async () => {
		const c = await connect(%q, %q, "0");
		const open = await c.next();
		if (open[0] !== "0" || JSON.parse(open.slice(1)).upgrades.length !== 0) return "open: " + open;
		for (const n of [0, 5, 124, 125, 65534, 65535, 300000]) {
			const text = "4" + "é".repeat(n / 2);
			await c.send(text);
			if ((await c.next()) !== text) return "text of " + n;
		}
		for (const n of [1, 125, 126, 65535, 65536, 300000]) {
			const data = new Uint8Array(n).fill(7);
			data[n - 1] = 9;
			await c.send(data);
			const back = await c.next();
			if (back.length !== n || back.some((b, i) => b !== data[i])) return "binary of " + n;
		}
		c.session.close();
		return "";
	})()`, s.target, hash))
	if got != "" {
		t.Error(got)
	}
	if reason := receive(t, s.next().closed); reason != "transport close" {
		t.Errorf("closed: %v", reason)
	}

	got = chromium.Eval[string](p, fmt.Sprintf(`(async () => {
		const ask = async (query, body) => (await fetch("/engine.io/?EIO=4&transport=polling" + query, body && { method: "POST", body })).text();
		const open = JSON.parse((await ask("")).slice(1));
		if (open.upgrades.join() !== "websocket,webtransport") return "upgrades: " + open.upgrades;
		const sid = "&sid=" + open.sid;
		await ask(sid, "4first");
		if ((await ask(sid)) !== "4first") return "polling";
		const c = await connect(%q, %q, JSON.stringify(0) + JSON.stringify({ sid: open.sid }));
		await c.send("2probe");
		if ((await c.next()) !== "3probe") return "probe";
		if ((await ask(sid)) !== "6") return "noop";
		await c.send("5");
		await c.send("4second");
		const second = await c.next();
		globalThis.c = c;
		return second === "4second" ? "" : second;
	})()`, s.target, hash))
	if got != "" {
		t.Error(got)
	}
	peer := s.next()
	if peer.Transport() != "webtransport" {
		t.Errorf("transport %q", peer.Transport())
	}
	peer.Send(text("last"))
	peer.Close()
	if got := chromium.Eval[string](p, `(async () => { const last = await c.next(); await c.session.closed; return last })()`); got != "4last" {
		t.Errorf("got %q", got)
	}
}

// Clients in a browser, the official one as it comes and ours: over WebTransport alone, and moving there from polling
// although WebSocket is there too.
func TestBrowserClients(t *testing.T) {
	root := nodejs.Root(t)
	browser := chromium.Start(t)
	io := newSocketIO(t)
	for client, bundle := range map[string]string{
		"official": filepath.Join(root, "test", "interop", "node_modules", "socket.io-client", "dist", "socket.io.min.js"),
		"ours":     filepath.Join(root, "browser", "dist", "socket.io.full.min.js"),
	} {
		p := browser.Page(t, frontPage(t, bundle))
		for name, way := range map[string]string{"alone": `["webtransport"]`, "upgrade": `["polling", "websocket", "webtransport"]`} {
			t.Run(client+"/"+name, func(t *testing.T) {
				got := chromium.Eval[string](p, fmt.Sprintf(life, base64.StdEncoding.EncodeToString(io.hash[:]), io.url, way))
				if got != "ended: io client disconnect, closed, io server disconnect" {
					t.Error(got)
				}
			})
		}
	}
}

// life is a script in which two sockets connect over WebTransport; one asks, and each is ended from another side.
const life = `(async () => {
	const value = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
	const connect = async () => {
		const s = globalThis.io(%q, { transports: %s, forceNew: true, reconnection: false,
			transportOptions: { webtransport: { serverCertificateHashes: [{ algorithm: "sha-256", value }] } } });
		await new Promise((done, fail) => { s.on("connect", done); s.on("connect_error", fail) });
		return s;
	};
	let s = await connect();
	const other = await connect();
	let n = 0;
	while (s.io.engine.transport.name !== "webtransport" || n < 20) {
		if (s.io.engine.transport.name === "websocket") { // a busy machine took more than its head start of 200 ms: once more
			s.disconnect();
			s = await connect();
		}
		if (await s.emitWithAck("echo", n) !== n) return "lost count at " + n;
		n++;
	}
	const data = new Uint8Array(200000).fill(5);
	const [text, back] = await s.emitWithAck("pair", "für dich", data.buffer);
	if (text !== "für dich" || new Uint8Array(back).some((b) => b !== 5) || back.byteLength !== 200000) return "binary";
	const ends = [s, other].map((s) => new Promise((done) => s.on("disconnect", done)));
	const closed = new Promise((done) => other.io.engine.on("close", () => done("closed")));
	other.disconnect();
	s.emit("bye");
	return "ended: " + [await ends[1], await closed, await ends[0]].join(", ");
})()`

// frontPage serves an empty page, with a script if one is named.
func frontPage(t *testing.T, script string) (url string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if script != "" {
			w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><script src="/script.js"></script>`))
			return
		}
		w.Write([]byte(`<!doctype html><link rel="icon" href="data:,">`))
	})
	mux.HandleFunc("/script.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, script) })
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	return front.URL
}
