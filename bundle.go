package socketio

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/socketio-go/socketio/browser"
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
	if coding := acceptedCoding(r.Header.Values("Accept-Encoding")); coding != "" {
		h.Set("Content-Encoding", coding)
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

// acceptedCoding picks gzip or deflate, whichever the client has a liking for, in that order.
func acceptedCoding(headers []string) string {
	best, bestQ := "", 0.0
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, params, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		coding = strings.TrimSpace(coding)
		if coding == "*" {
			coding = "gzip"
		}
		if coding != "gzip" && coding != "deflate" {
			continue
		}
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64) // what is no number is no liking
		}
		if q > bestQ || q == bestQ && q > 0 && coding == "gzip" {
			best, bestQ = coding, q
		}
	}
	return best
}

// bundles keeps the compressed forms: there are few, and they never change.
var bundles sync.Map // of [2]string{name, coding} to []byte

func compressed(file browser.File, coding string) []byte {
	key := [2]string{file.Name, coding}
	if body, ok := bundles.Load(key); ok {
		return body.([]byte)
	}
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if coding == "deflate" {
		w = zlib.NewWriter(&b) // what HTTP calls deflate has zlib's header (RFC 9110 section 8.4.1.2)
	}
	w.Write(file.Body) // writing to memory does not fail
	w.Close()
	body, _ := bundles.LoadOrStore(key, b.Bytes())
	return body.([]byte)
}
