package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

func TestThePageMovesToWebTransport(t *testing.T) {
	client, err := os.ReadFile(filepath.Join(nodejs.Root(t), "test/interop/node_modules/socket.io-client/dist/socket.io.min.js"))
	if err != nil {
		nodejs.Missing(t, "the npm packages of test/interop")
	}
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}).AwaitPort(port)
	page := chromium.Start(t).Page(t, "http://localhost:"+port+"/")
	page.Run(string(client) + "\n;start();") // the test has no network to fetch it from
	got := chromium.Eval[string](page, `(async () => {
		const log = document.querySelector("#log");
		while (log.textContent.split("\n").length < 4) await new Promise((again) => setTimeout(again, 10));
		return log.textContent;
	})()`)
	if want := "connected over polling\nmoved to webtransport\nyou said: hello\n"; got != want {
		t.Errorf("the page says %q; want %q", got, want)
	}
}
