package handover_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/socketio-go/socketio/examples/routers/handover"
	"github.com/socketio-go/socketio/test/raw"
)

// serve runs a fasthttp server whose requests below /ours/ go to h. The application tells what it was asked.
func serve(t *testing.T, fast *fasthttp.Server, h http.HandlerFunc, wrap func(net.Listener) net.Listener) (addr string) {
	t.Helper()
	fast.Handler = func(ctx *fasthttp.RequestCtx) {
		fmt.Fprintf(ctx, "app %s %s %s", ctx.Method(), ctx.RequestURI(), ctx.PostBody())
	}
	bridge := handover.Mount(fast, h, func(path string) bool { return strings.HasPrefix(path, "/ours/") }, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	if wrap != nil {
		l = wrap(l)
	}
	ended := make(chan error, 1)
	go func() { ended <- fast.Serve(l) }()
	t.Cleanup(func() {
		if err := bridge.Close(); err != nil {
			t.Error(err)
		}
		if err := fast.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return addr
}

// tell answers with what the handler was asked.
func tell(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(w, "ours %s %s %v %q %s", r.Method, r.RequestURI, r.Header.Values("X-Twice"), r.Header.Get("Cookie"), body)
}

// dial connects to a server, until the end of the test.
func dial(t *testing.T, addr string) *raw.Conn {
	t.Helper()
	c, err := raw.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func want(t *testing.T, c *raw.Conn, status int, body string) (closes bool) {
	t.Helper()
	r, err := c.Response()
	if err != nil {
		t.Fatalf("%v; want %q", err, body)
	}
	if r.Status != status || string(r.Body) != body {
		t.Errorf("answered by %d %q; want %d %q", r.Status, r.Body, status, body)
	}
	return r.Closes
}

// A request arrives as it was sent.
func TestARequestIsHandedOverWhole(t *testing.T) {
	addr := serve(t, &fasthttp.Server{}, tell, nil)
	large := strings.Repeat("x", 300_000)
	for _, c := range []struct {
		request []byte
		want    string
	}{
		{raw.Request("GET", "/ours/?a=%20b", nil), `ours GET /ours/?a=%20b [] "" `},
		{raw.Request("POST", "/ours/", []byte("body")), `ours POST /ours/ [] "" body`},
		{raw.Request("POST", "/ours/", nil), `ours POST /ours/ [] "" `},
		{raw.Request("POST", "/ours/", []byte(large)), `ours POST /ours/ [] "" ` + large},
		{raw.Request("POST", "/ours/", []byte("4\r\nbody\r\n0\r\n\r\n"), "Transfer-Encoding: chunked"), `ours POST /ours/ [] "" body`},
		{raw.Request("OPTIONS", "/ours/", nil, "X-Twice: a", "X-Twice: b", "Cookie: c=d; e=f"), `ours OPTIONS /ours/ [a b] "c=d; e=f" `},
	} {
		conn := dial(t, addr)
		for range 2 { // once handed over, and once where it is
			if err := conn.Send(c.request); err != nil {
				t.Fatal(err)
			}
			if want(t, conn, 200, c.want) {
				t.Errorf("%.40q ended the connection", c.request)
			}
		}
	}
}

// What comes behind a request, in its segment, is not lost: neither the next request of ours nor one of the application's,
// nor what is no HTTP at all.
func TestNothingIsLostBehindARequest(t *testing.T) {
	addr := serve(t, &fasthttp.Server{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			tell(w, r)
			return
		}
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		line, err := rw.ReadString('\n')
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n%s", strings.ToUpper(line))
	}, nil)

	c := dial(t, addr)
	c.Send(bytes.Join([][]byte{
		raw.Request("GET", "/first", nil),
		raw.Request("GET", "/ours/", nil),
		raw.Request("POST", "/ours/", []byte("two")),
		raw.Request("POST", "/last", []byte("three")),
	}, nil))
	want(t, c, 200, "app GET /first ")
	want(t, c, 200, `ours GET /ours/ [] "" `)
	want(t, c, 200, `ours POST /ours/ [] "" two`)
	if !want(t, c, 200, "app POST /last three") {
		t.Error("a connection that came back goes on")
	}

	c = dial(t, addr)
	c.Send(append(raw.Request("GET", "/ours/", nil, "Connection: Upgrade", "Upgrade: shouting"), "hello\n"...))
	if got, err := c.Drain(); err != nil || !strings.HasSuffix(string(got), "\r\n\r\nHELLO\n") {
		t.Errorf("got %q, %v", got, err)
	}
}

// The way back: the application gets bodies of each kind from a connection that was handed over.
func TestTheApplicationIsReachedAfterwards(t *testing.T) {
	addr := serve(t, &fasthttp.Server{MaxConnsPerIP: 100}, tell, nil)
	for _, request := range []struct {
		bytes []byte
		want  string
	}{
		{raw.Request("GET", "/page?a=b", nil), "app GET /page?a=b "},
		{raw.Request("POST", "/form", []byte("body")), "app POST /form body"},
		{raw.Request("POST", "/form", []byte("4\r\nbody\r\n0\r\n\r\n"), "Transfer-Encoding: chunked"), "app POST /form body"},
		{raw.Request("GET", "/ours/../page", nil), `ours GET /ours/../page [] "" `}, // the path is what was written
		{raw.Request("GET", "/else/../ours/", nil), "app GET /else/../ours/ "},
	} {
		c := dial(t, addr)
		c.Send(raw.Request("GET", "/ours/", nil))
		want(t, c, 200, `ours GET /ours/ [] "" `)
		c.Send(request.bytes)
		want(t, c, 200, request.want)
	}
}

// An upgrade of the application's belongs on a connection of its own: it would keep this one going to and fro.
func TestAnUpgradeOfTheApplicationComesFirst(t *testing.T) {
	addr := serve(t, &fasthttp.Server{}, tell, nil)
	upgrade := raw.Request("GET", "/live", nil, "Connection: Upgrade", "Upgrade: shouting")
	c := dial(t, addr)
	c.Send(upgrade)
	want(t, c, 200, "app GET /live ") // it did not want to
	c.Send(raw.Request("GET", "/ours/", nil))
	want(t, c, 200, `ours GET /ours/ [] "" `)
	c.Send(upgrade)
	if !want(t, c, 421, "Misdirected Request\n") {
		t.Error("the connection goes on")
	}
}

// A body whose end fasthttp does not know of could hide a request.
func TestABodyThatIsNotReadIsRefused(t *testing.T) {
	for name, fast := range map[string]*fasthttp.Server{"plain": {}, "streaming": {StreamRequestBody: true, MaxRequestBodySize: 10}} {
		t.Run(name, func(t *testing.T) {
			addr := serve(t, fast, tell, nil)
			requests := [][]byte{raw.Request("GET", "/ours/", []byte("GET /ours/hidden HTTP/1.1\r\nHost: a\r\n\r\n"))}
			if name == "streaming" {
				requests = append(requests, raw.Request("POST", "/ours/", []byte("5\r\nhello\r\n"), "Transfer-Encoding: chunked"))
			}
			for _, request := range requests {
				c := dial(t, addr)
				c.Send(request)
				got, err := c.Drain()
				if err != nil || !bytes.HasPrefix(got, []byte("HTTP/1.1 400 ")) || bytes.Count(got, []byte("HTTP/1.1 ")) != 1 {
					t.Errorf("%.40q: got %q, %v", request, got, err)
				}
			}
		})
	}
}

// The handler sees who asks, that it came over TLS, and when the client goes.
func TestTheHandlerSeesTheClient(t *testing.T) {
	gone := make(chan struct{})
	h := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ours/wait" {
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
			close(gone)
			return
		}
		fmt.Fprintf(w, "%s %v", r.RemoteAddr, r.TLS != nil)
	}
	plain := serve(t, &fasthttp.Server{}, h, nil)
	c := dial(t, plain)
	c.Send(raw.Request("GET", "/ours/", nil))
	want(t, c, 200, c.TCP.LocalAddr().String()+" false")
	c.Send(raw.Request("GET", "/ours/wait", nil))
	if line, err := c.In.ReadString('\n'); err != nil || line != "HTTP/1.1 200 OK\r\n" {
		t.Errorf("got %q, %v", line, err)
	}
	c.Close()
	<-gone

	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	for name, fast := range map[string]*fasthttp.Server{"TLS": {}, "TLS, counted by address": {MaxConnsPerIP: 100}} {
		secure := serve(t, fast, h, func(l net.Listener) net.Listener {
			return tls.NewListener(l, &tls.Config{Certificates: certified.TLS.Certificates})
		})
		web := certified.Client()
		res, err := web.Get("https://" + secure + "/ours/")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		web.CloseIdleConnections()
		if err != nil || !strings.HasSuffix(string(body), " true") {
			t.Errorf("%s: got %q, %v", name, body, err)
		}
	}
}
