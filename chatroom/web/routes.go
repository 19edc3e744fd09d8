package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/socketio-go/socketio/chatroom/ui"
	"github.com/socketio-go/socketio/engineio"
)

// policy is the Content-Security-Policy: the page's own files and nothing else. Trusted Types make the browser refuse
// text that is used as HTML or script, should the page ever try.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// routes returns the handler of everything.
func (w *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", servePage)
	mux.HandleFunc("GET /r/{room}", servePage)
	mux.HandleFunc("GET /assets/{name}", serveAsset)
	mux.HandleFunc("GET /healthz", serveHealth)
	mux.HandleFunc("GET /session", w.getSession)
	mux.HandleFunc("POST /session", w.postSession)
	mux.HandleFunc("DELETE /session", w.deleteSession)
	// Requests that change something are refused when another site's page makes them.
	pages := http.NewCrossOriginProtection().Handler(headers(mux))
	return w.crowd(w.io.Handler(pages))
}

// headers adds the headers of the page and of what belongs to it.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(rw, r)
	})
}

// cors lets the pages of other origins in, without cookies: they sign in with a token. Nil lets none in.
func cors(origins []string) *engineio.CORS {
	if len(origins) == 0 {
		return nil
	}
	return &engineio.CORS{Origins: origins}
}

func serveHealth(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Cache-Control", "no-store")
	rw.Write([]byte("ok\n"))
}

// build names the state of the page's files.
func (w *Server) build() string { return ui.Build() }

// servePage serves the one page of the app. What it shows is up to its script.
func servePage(rw http.ResponseWriter, r *http.Request) { serve(rw, r, ui.Page(), "no-cache") }

// serveAsset serves a file whose name changes with its content, so that it can be kept for ever.
func serveAsset(rw http.ResponseWriter, r *http.Request) {
	f, found := ui.Asset(r.PathValue("name"))
	if !found {
		http.NotFound(rw, r)
		return
	}
	serve(rw, r, f, "public, max-age=31536000, immutable")
}

func serve(rw http.ResponseWriter, r *http.Request, f *ui.File, cache string) {
	h := rw.Header()
	h.Set("Cache-Control", cache)
	h.Set("ETag", f.ETag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == f.ETag {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.ContentType)
	body := f.Body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.Gzip()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rw.Write(body) // an error is that of a peer which has gone
}
