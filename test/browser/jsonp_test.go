package browser

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/test/chromium"
)

//go:embed jsonp.js
var jsonp string

// repeat sends every message back.
type repeat struct{}

func (repeat) Message(c *engineio.Conn, m engineio.Message) {
	_ = c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data}))
}

func (repeat) Closed(*engineio.Conn, engineio.Reason, error) {}

// A page of another origin polls by scripts and forms, as the clients of Engine.IO 3 do where they have nothing better.
// What the server answers is run by a browser of today, and every text comes back as it went; without leave the browser
// is told nothing but that the script failed.
func TestPollingByScript(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>page</title>")
	}))
	defer page.Close()
	serve := func(cors *engineio.CORS) string {
		engine := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return repeat{} },
			&engineio.Options{AllowEIO3: true, CORS: cors})
		s := httptest.NewServer(engine)
		t.Cleanup(func() { engine.Close(); s.Close() })
		return s.URL
	}
	p := chromium.Start(t).Page(t, page.URL)
	p.Run(jsonp)

	wrong := chromium.Eval[string](p, fmt.Sprintf("echoes(%q)", serve(&engineio.CORS{Origins: []string{page.URL}})))
	if wrong != "" {
		t.Error(wrong)
	}
	if got := chromium.Eval[string](p, fmt.Sprintf("refused(%q)", serve(nil))); got != "the script failed" {
		t.Errorf("without leave: %s", got)
	}
}
