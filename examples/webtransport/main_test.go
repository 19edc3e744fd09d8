package main

import (
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

func TestThePageMovesToWebTransport(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}).AwaitPort(port)
	page := chromium.Start(t).Page(t, "http://localhost:"+port+"/")
	got := chromium.Eval[string](page, `(async () => {
		const log = document.querySelector("#log");
		while (log.textContent.split("\n").length < 4) await new Promise((again) => setTimeout(again, 10));
		return log.textContent;
	})()`)
	if want := "connected over polling\nmoved to webtransport\nyou said: hello\n"; got != want {
		t.Errorf("the page says %q; want %q", got, want)
	}
}
