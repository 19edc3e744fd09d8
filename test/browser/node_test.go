package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
)

// The client as Node.js programs get it, by the name of the package, with the WebSocket that Node.js has itself: behind a
// flag in version 20.
func TestNodesOwnWebSocket(t *testing.T) {
	t.Parallel()
	if err := exec.Command(nodejs.Tool(t, "node"), "--experimental-websocket", "--version").Run(); err != nil {
		t.Skip("this Node.js has no WebSocket: it is older than 20.10")
	}
	s := newSite(t, nil)
	dir := t.TempDir()
	scope := filepath.Join(dir, "node_modules", "@socketio-go")
	if err := os.MkdirAll(scope, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(nodejs.Root(t), "browser"), filepath.Join(scope, "client")); err != nil {
		t.Fatal(err)
	}
	const program = `
		async function main() {
			for (const transports of [["websocket"], ["polling", "websocket"]]) {
				const s = io(process.argv[2], { transports, forceNew: true, extraHeaders: { cookie: "visitor=42" } });
				await new Promise((done, failed) => s.on("connect", done).on("connect_error", failed));
				const { engine } = s.io;
				if (engine.transport.name !== "websocket") await new Promise((done) => engine.on("upgrade", done));
				if (!(engine.transport.ws instanceof WebSocket)) throw new Error("another WebSocket");
				const c = await s.emitWithAck("content", { name: "x", data: Buffer.from([1, 2, 3]) });
				const cookies = await s.emitWithAck("cookies");
				console.log(transports + ": " + c.name + " " + Buffer.isBuffer(c.data) + " " + [...c.data] + " " + cookies);
				s.disconnect();
			}
			const encoder = new parser.Encoder();
			console.log(encoder.encode({ type: 1, nsp: "/" })[0].length > 0);
		}
		main().catch((err) => { console.error(err); process.exitCode = 1; });`
	for name, head := range map[string]string{
		"program.cjs": `const { io } = require("@socketio-go/client"), parser = require("@socketio-go/client/msgpack");`,
		"program.mjs": `import io from "@socketio-go/client"; import * as parser from "@socketio-go/client/msgpack";`,
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(head+program), 0o644); err != nil {
			t.Fatal(err)
		}
		// The program ends by itself: a client that was disconnected keeps nothing running.
		got := nodejs.Run(t, []string{"NODE_OPTIONS=--experimental-websocket"}, file, s.url())
		want := "websocket: reversed x true 3,2,1 visitor=42\npolling,websocket: reversed x true 3,2,1 visitor=42\ntrue\n"
		if got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
	}
}
