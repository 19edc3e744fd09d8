package interop

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/chromium"
)

// The cases that the official client passes, with our own client in a real browser: against our server, and against the
// reference.
func TestBrowserClient(t *testing.T) {
	cases := list(t)
	browser := chromium.Start(t)
	browserMatrix(t, browser)
	for _, s := range []struct {
		name string
		make func(*testing.T) server
	}{
		{"ours", func(t *testing.T) server { return &ours{t: t} }},
		{"compressed", func(t *testing.T) server { // browsers always offer it
			return &ours{t: t, deflate: &engineio.PerMessageDeflate{Threshold: -1}}
		}},
		{"reference", func(t *testing.T) server { return &reference{t: t} }},
	} {
		for name, transport := range transports {
			if s.name == "compressed" && name == "polling" {
				continue // as with ours
			}
			t.Run(s.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				page := browser.Page(t, site(t, s.make(t))+"/page/")
				for file, names := range cases {
					for _, name := range names {
						t.Run(file+"/"+name, func(t *testing.T) {
							script := fmt.Sprintf(`run(%q, %q, %q.split(","))`, file, name, transport)
							if wrong := chromium.Eval[string](page, script); wrong != "" {
								t.Error(wrong)
							}
						})
					}
				}
			})
		}
	}
}

// site serves the page, our client and the cases, and passes what is for the Socket.IO server on to s: to a browser all
// of it is one origin. It returns its URL.
func site(t *testing.T, s server) string {
	t.Helper()
	to, control := serve(t, s)
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", chromium.PassOn(t, to))
	mux.Handle("POST /control", chromium.PassOn(t, control))
	for _, folder := range []string{"/page/", "/cases/", "/lab.mjs"} {
		mux.Handle(folder, http.FileServer(http.Dir(".")))
	}
	mux.HandleFunc("/msgpack.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/javascript")
		http.ServeFile(w, r, "../../browser/dist/msgpack.mjs")
	})
	mux.HandleFunc("/client.js", chromium.Client)
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	return front.URL
}
