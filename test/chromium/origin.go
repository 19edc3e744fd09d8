package chromium

import (
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/socketio-go/socketio/browser"
)

// PassOn hands requests to the server at a URL, so that its paths are of one origin with the page that asks. The page's
// own Host is kept.
func PassOn(t testing.TB, to string) http.Handler {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			r.Out.Host = r.In.Host // the server compares it with the Origin header
		},
		ErrorLog: log.New(io.Discard, "", 0), // connections that the tests cut
	}
}

// Client is our browser client, as a module.
func Client(w http.ResponseWriter, _ *http.Request) {
	file, _ := browser.Asset("socket.io.esm.min.js")
	w.Header().Set("Content-Type", file.ContentType)
	w.Write(file.Body)
}
