package socketio_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/browser"
	"github.com/socketio-go/socketio/engineio"
)

// get returns the response and its body.
func get(t *testing.T, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	return request(t, http.MethodGet, url, header...)
}

func request(t *testing.T, method, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

func quiet() *socketio.Options { return &socketio.Options{Logger: slog.New(slog.DiscardHandler)} }

// Implicit binding: the server owns its listener.
func TestListen(t *testing.T) {
	server := socketio.NewServer(quiet())
	if server.Addr() != nil || !errors.Is(server.Wait(), socketio.ErrServerClosed) {
		t.Error("listens before it was told to")
	}
	if err := socketio.Listen("127.0.0.1:0", server); err != nil {
		t.Fatal(err)
	}
	url := "http://" + server.Addr().String()
	for path, status := range map[string]int{
		"/": 404, "/index.html": 404, "/socket.iox/": 404, "/socket.io": 404,
		"/socket.io/socket.io.js": 200, "/socket.io/?EIO=4&transport=polling": 200, "/socket.io/": 400,
	} {
		if res, body := get(t, url+path); res.StatusCode != status {
			t.Errorf("%s: %s %s", path, res.Status, body)
		}
	}
	if err := server.Listen("127.0.0.1:0"); err == nil {
		t.Error("listens twice")
	}
	waited := make(chan error)
	go func() { waited <- server.Wait() }()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("wait: %v", err)
	}
	if _, err := net.Dial("tcp", server.Addr().String()); err == nil {
		t.Error("still listens")
	}
	if err := server.Listen("127.0.0.1:0"); !errors.Is(err, socketio.ErrServerClosed) {
		t.Errorf("listen after the shutdown: %v", err)
	}
}

func TestListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	server := socketio.NewServer(quiet())
	for name, err := range map[string]error{
		"no server":     socketio.Listen(":0", nil),
		"taken address": server.Listen(taken.Addr().String()),
		"no address":    server.Listen("nonsense:nonsense:nonsense"),
		"nil target":    server.Attach(nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := server.Listen("127.0.0.1:0"); err != nil {
		t.Errorf("after a failure: %v", err)
	}
	server.Shutdown(t.Context())
}

// A peer that sends no headers, or too many, does not hold the listener's connections.
func TestListenDefendsItself(t *testing.T) {
	server := socketio.NewServer(quiet())
	if err := server.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer server.Shutdown(t.Context())
	if read, idle, max := server.ListenLimits(); read != 5*time.Second || idle != 2*time.Minute || max != 64<<10 {
		t.Errorf("limits %v, %v, %d", read, idle, max)
	}
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", strings.Repeat("x", 80<<10))
	answer, _ := io.ReadAll(conn) // may end with a reset
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 431 ")) && len(answer) > 0 {
		t.Errorf("answer %.100q", answer)
	}
}

// Explicit binding: everything that is not Socket.IO reaches the application.
func TestAttach(t *testing.T) {
	app := http.NewServeMux()
	app.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "app ", r.URL.Path) })
	for name, mount := range map[string]func(server *socketio.Server, web *http.Server){
		"Attach": func(server *socketio.Server, web *http.Server) {
			web.Handler = app
			if err := server.Attach(web); err != nil {
				t.Error(err)
			}
		},
		"Handler": func(server *socketio.Server, web *http.Server) { web.Handler = server.Handler(app) },
		"a router": func(server *socketio.Server, web *http.Server) {
			mux := http.NewServeMux()
			mux.Handle("/socket.io/", server)
			mux.Handle("/", app)
			web.Handler = mux
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := socketio.NewServer(quiet())
			web := httptest.NewUnstartedServer(nil)
			mount(server, web.Config)
			web.Start()
			defer web.Close()
			defer server.Shutdown(t.Context())
			for _, path := range []string{"/", "/page", "/socket.iox"} {
				if _, body := get(t, web.URL+path); string(body) != "app "+path {
					t.Errorf("%s: %s", path, body)
				}
			}
			a := connect(t, server.Namespace, web, 1)[0]
			p := dialPolling(t, web)
			p.join("/")
			server.Emit("hi")
			a.expect(`2["hi"]`)
			p.expect(`2["hi"]`)
		})
	}
}

// handleDefault puts a page where net/http looks when a server has no handler.
var handleDefault = sync.OnceFunc(func() {
	http.HandleFunc("/default-mux", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "default") })
})

func TestAttachToADefaultServer(t *testing.T) {
	server := socketio.NewServer(quiet())
	web := new(http.Server)
	if err := server.Attach(web); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handleDefault()
	web.Handler.ServeHTTP(w, httptest.NewRequest("GET", "/default-mux", nil))
	if w.Body.String() != "default" {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

// The path is an option.
func TestPath(t *testing.T) {
	o := quiet()
	o.Path = "/custom/"
	server, web := serve(t, o)
	p := start(t, openWebSocket(t, dialTCP(t, web), "/custom/?EIO=4&transport=websocket", nil))
	p.join("/")
	if res, _ := get(t, web.URL+"/custom/socket.io.js"); res.StatusCode != 200 {
		t.Errorf("client: %s", res.Status)
	}
	if res, _ := get(t, web.URL+"/socket.io/?EIO=4&transport=polling"); res.StatusCode != 404 {
		t.Errorf("old path: %s", res.Status)
	}
	p.nothingMore(server)
}

// Promise 14: zero values and nil options work.
func TestNilOptions(t *testing.T) {
	for _, o := range []*socketio.Options{nil, {}} {
		server := socketio.NewServer(o)
		web := httptest.NewServer(server)
		p := dialWebSocket(t, web)
		p.join("/")
		p.nothingMore(server)
		server.Shutdown(t.Context())
		web.Close()
	}
}

// The browser client, rows R01 to R07.
func TestTheClientBundle(t *testing.T) {
	_, web := serve(t, nil)
	for _, name := range []string{"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js", "socket.io.full.min.js", "socket.io.shared.min.js", "socket.io.worker.min.js"} {
		for _, name := range []string{name, name + ".map"} {
			file, ok := browser.Asset(name)
			if !ok {
				t.Fatalf("no %s", name)
			}
			contentType := "application/javascript; charset=utf-8"
			if strings.HasSuffix(name, ".map") {
				contentType = "application/json; charset=utf-8"
			}
			url := web.URL + "/socket.io/" + name
			res, body := get(t, url+"?query=ignored")
			if res.StatusCode != 200 || !bytes.Equal(body, file.Body) {
				t.Errorf("%s: %s, %d bytes", name, res.Status, len(body))
			}
			for header, want := range map[string]string{
				"Content-Type": contentType, "Cache-Control": "public, max-age=0", "Etag": file.ETag,
				"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": "",
				"Access-Control-Allow-Origin": "",
			} {
				if got := res.Header.Get(header); got != want {
					t.Errorf("%s: %s is %q", name, header, got)
				}
			}
			for _, etag := range []string{file.ETag, "W/" + file.ETag, `"other", ` + file.ETag, "*"} {
				if res, body := get(t, url, "If-None-Match", etag); res.StatusCode != 304 || len(body) != 0 || res.Header.Get("Etag") != file.ETag {
					t.Errorf("%s: If-None-Match %s: %s", name, etag, res.Status)
				}
			}
			if res, _ := get(t, url, "If-None-Match", `"other"`); res.StatusCode != 200 {
				t.Errorf("%s: other ETag: %s", name, res.Status)
			}
			for accept, coding := range map[string]string{
				"gzip": "gzip", "deflate": "deflate", "gzip, deflate, br": "br", "br": "br", "br;q=0.1, gzip": "gzip", "br;q=0": "", "identity": "", "*": "br",
				"gzip;q=0": "", "gzip;q=0.5, deflate;q=0.8": "deflate", "GZIP": "gzip", "gzip;q=x": "",
			} {
				if file.Brotli == nil && coding == "br" {
					continue // a map
				}
				res, body := get(t, url, "Accept-Encoding", accept)
				var r io.Reader = bytes.NewReader(body)
				switch coding {
				case "gzip":
					r, _ = gzip.NewReader(r)
				case "deflate":
					r, _ = zlib.NewReader(r)
				case "br":
					if bytes.Equal(body, file.Brotli) { // what that is, the bundles' own test knows
						r = bytes.NewReader(file.Body)
					}
				}
				if res.Header.Get("Content-Encoding") != coding || r == nil {
					t.Errorf("%s: Accept-Encoding %s: %q", name, accept, res.Header.Get("Content-Encoding"))
					continue
				}
				if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, file.Body) {
					t.Errorf("%s: Accept-Encoding %s: %d bytes, %v", name, accept, len(plain), err)
				}
			}
		}
	}
	if res, body := request(t, http.MethodHead, web.URL+"/socket.io/socket.io.js"); res.StatusCode != 200 || res.ContentLength <= 0 || len(body) > 0 {
		t.Errorf("HEAD: %v", res)
	}
	for _, name := range []string{"socket.io.ts", "../socket.io.js", "%2e%2e/bundle.go", "dist/socket.io.js", "socket.io.js/", "SOCKET.IO.JS", "index.html", "socket.io.esm.js"} {
		if res, body := get(t, web.URL+"/socket.io/"+name); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s %.100s", name, res.Status, body)
		}
	}
	if res, _ := request(t, http.MethodPost, web.URL+"/socket.io/socket.io.js"); res.StatusCode == 200 {
		t.Errorf("POST: %v", res)
	}
}

func TestTheClientBundleForOtherOrigins(t *testing.T) {
	o := quiet()
	o.Engine.CORS = &engineio.CORS{Origins: []string{"https://good.example"}, Credentials: true}
	_, web := serve(t, o)
	for origin, allowed := range map[string]string{"https://good.example": "https://good.example", "https://evil.example": ""} {
		res, _ := get(t, web.URL+"/socket.io/socket.io.min.js", "Origin", origin)
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != 200 || got != allowed {
			t.Errorf("%s: %s, %q", origin, res.Status, got)
		}
	}
}

func TestNoClientBundle(t *testing.T) {
	o := quiet()
	o.NoClient = true
	_, web := serve(t, o)
	if res, body := get(t, web.URL+"/socket.io/socket.io.js"); res.StatusCode != http.StatusBadRequest {
		t.Errorf("%s %.100s", res.Status, body)
	}
}
