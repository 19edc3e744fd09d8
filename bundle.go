package socketio

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/socketio-go/socketio/browser"
	"github.com/socketio-go/socketio/internal/deflate"
)

// serveBundle answers a request for a file of the browser client, and reports whether it was one. Names are exact: there
// is no path to escape from.
func (io *Server) serveBundle(w http.ResponseWriter, r *http.Request) bool {
	if io.options.NoClient || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	name, ok := strings.CutPrefix(r.URL.Path, strings.TrimSuffix(io.options.Path, "/")+"/")
	if !ok {
		return false
	}
	file, ok := browser.Asset(name)
	if !ok {
		return false
	}
	io.engine.CrossOrigin(w, r) // a preflight is not a GET, so it is the engine's
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("ETag", file.ETag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	if etagMatches(r.Header.Get("If-None-Match"), file.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	h.Set("Content-Type", file.ContentType)
	body := file.Body
	offered := []deflate.Coding{deflate.Brotli, deflate.Gzip, deflate.Deflate}
	if file.Brotli == nil {
		offered = offered[1:]
	}
	if coding := deflate.Pick(r.Header["Accept-Encoding"], offered...); coding != deflate.Identity {
		h.Set("Content-Encoding", string(coding))
		body = compressed(file, coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // an error is that of a peer which has gone
	}
	return true
}

// etagMatches compares weakly, as RFC 9110 section 13.1.2 asks for.
func etagMatches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}

// bundles keeps the compressed forms: there are few, and they never change.
var bundles sync.Map // of [2]string{name, coding} to []byte

func compressed(file browser.File, coding deflate.Coding) []byte {
	if coding == deflate.Brotli {
		return file.Brotli
	}
	key := [2]string{file.Name, string(coding)}
	if body, ok := bundles.Load(key); ok {
		return body.([]byte)
	}
	body, _ := bundles.LoadOrStore(key, deflate.NewCompressor(0).Body(file.Body, coding))
	return body.([]byte)
}
