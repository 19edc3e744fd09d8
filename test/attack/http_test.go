package attack

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// cut stands for a connection that ends without an answer.
const cut = 0

// httpAttacks aim at the HTTP layer: requests that are no requests, or too much of one.
func httpAttacks() []attack {
	handshake := raw.PollingTarget
	lines := func(n int, format string) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(format, i)
		}
		return all
	}
	chunked := func(body string) []byte {
		return raw.Request("POST", handshake+"&sid=unknown", []byte(body), "Transfer-Encoding: chunked")
	}
	return []attack{
		{"HTTP 2 without asking", requests([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), cut, 400, 404, 505)},
		{"HTTP 0.9", requests([]byte("GET "+handshake+"\r\n\r\n"), cut, 400, 505)},
		{"HTTP 9.9", requests([]byte("GET "+handshake+" HTTP/9.9\r\nHost: a\r\n\r\n"), cut, 400, 505)},
		{"no method", requests([]byte(" "+handshake+" HTTP/1.1\r\nHost: a\r\n\r\n"), cut, 400)},
		{"no Host", requests([]byte("GET "+handshake+" HTTP/1.1\r\n\r\n"), 400)},
		{"Host twice", requests(raw.Request("GET", handshake, nil, "Host: evil.example"), 400)},
		{"a NUL in a header", requests(raw.Request("GET", handshake, nil, "X-A: b\x00c"), 400)},
		{"a header without a colon", requests(raw.Request("GET", handshake, nil, "nonsense"), 400)},
		{"a header name with a blank", requests(raw.Request("GET", handshake, nil, "Content-Length : 5"), 400)},
		{"a folded header", requests(raw.Request("GET", handshake, nil, "X-A: b", " Transfer-Encoding: chunked"), 200, 400)},
		{"a header of 1 MB", requests(raw.Request("GET", handshake, nil, "X-A: "+strings.Repeat("a", 1<<20)), cut, 431)},
		{"a cookie of 200 kB", requests(raw.Request("GET", handshake, nil, "Cookie: io="+strings.Repeat("a", 200<<10)), cut, 431)},
		{"a header name of 100 kB", requests(raw.Request("GET", handshake, nil, strings.Repeat("a", 100<<10)+": b"), cut, 431)},
		{"a target of 1 MB", requests(raw.Request("GET", handshake+"&t="+strings.Repeat("a", 1<<20), nil), cut, 400, 414, 431)},
		{"20,000 headers", requests(raw.Request("GET", handshake, nil, lines(20_000, "X-%d: a")...), cut, 431)},
		{"2,000 headers", requests(raw.Request("GET", handshake, nil, lines(2_000, "X-%d: a")...), 200, 431)},

		{"Content-Length below zero", requests(raw.Request("POST", handshake, nil, "Content-Length: -1"), 400)},
		{"Content-Length with a sign", requests(raw.Request("POST", handshake, nil, "Content-Length: +5"), 400)},
		{"Content-Length beyond 64 bits", requests(raw.Request("POST", handshake, nil, "Content-Length: 99999999999999999999"), 400)},
		{"Content-Length twice", requests(raw.Request("POST", handshake, []byte("hello"), "Content-Length: 5", "Content-Length: 6"), 400)},
		{"Content-Length and chunked", requests(raw.Request("POST", handshake+"&sid=unknown", []byte("0\r\n\r\n"), "Content-Length: 5", "Transfer-Encoding: chunked"), 400)},
		{"an unknown transfer encoding", requests(raw.Request("POST", handshake, []byte("0\r\n\r\n"), "Transfer-Encoding: gzip, chunked"), 400, 501)},
		{"chunked in disguise", requests(raw.Request("POST", handshake, []byte("0\r\n\r\n"), "Transfer-Encoding: xchunked"), 400, 501)},
		{"a chunk size that is none", requests(chunked("zz\r\nhello\r\n0\r\n\r\n"), 400)},
		{"a chunk size below zero", requests(chunked("-1\r\nhello\r\n0\r\n\r\n"), 400)},
		{"a chunk size beyond 64 bits", requests(chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400)},
		{"a chunk extension of 1 MB", requests(chunked("1;"+strings.Repeat("a", 1<<20)+"\r\na\r\n0\r\n\r\n"), cut, 400)},
		{"trailers of 1 MB", requests(chunked("1\r\na\r\n0\r\n"+strings.Join(lines(50_000, "X-%d: aaaaaaaaaa"), "\r\n")+"\r\n\r\n"), cut, 400)},
		{"an expectation nobody knows", requests(raw.Request("POST", handshake, []byte("4a"), "Expect: a miracle"), 400, 417)},

		{"a path that climbs out", requests(raw.Request("GET", raw.Path+"../../etc/passwd", nil), 301, 307, 400, 404)},
		{"a bundle path that climbs out", requests(raw.Request("GET", raw.Path+"socket.io.js/../../../etc/passwd", nil), 301, 307, 400, 404)},
		{"an encoded path that climbs out", requests(raw.Request("GET", raw.Path+"%2e%2e/%2e%2e/etc/passwd", nil), 301, 307, 400, 404)},
		{"a bundle that is an object's property", requests(raw.Request("GET", raw.Path+"__proto__", nil), 400, 404)},
		{"a bundle with a NUL", requests(raw.Request("GET", raw.Path+"socket.io.js%00.html", nil), 400, 404)},
		{"a double slash", requests(raw.Request("GET", "//socket.io//?EIO=4&transport=polling", nil), 200, 301, 307, 400, 404)},
		{"a target that is a URL", requests(raw.Request("GET", "http://evil.example"+handshake, nil), 200, 400, 404)},
		{"CONNECT as a proxy", requests([]byte("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"), cut, 400, 404, 405)},
		{"OPTIONS of everything", requests([]byte("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 200, 204, 400, 404, 405)},

		{"many requests behind one that closes", pipelined},
		{"a body of a refused request is no request", smuggled},
	}
}

// pipelined puts a thousand handshakes behind one that says it is the last: none of them may be served.
func pipelined(t *testing.T, s *site) {
	request := raw.Request("GET", raw.PollingTarget, nil, "Connection: close")
	for range 1000 {
		request = append(request, raw.Request("GET", raw.PollingTarget, nil)...)
	}
	got := exchangeAll(t, s, request)
	if n := bytes.Count(got, []byte("HTTP/1.1 ")); n != 1 {
		t.Errorf("%d responses; want 1", n)
	}
}

// smuggled hides a request in the body of one that is refused before its body is read.
func smuggled(t *testing.T, s *site) {
	hidden := raw.Request("GET", raw.PollingTarget, nil)
	got := exchangeAll(t, s, raw.Request("POST", raw.PollingTarget+"&sid=unknown", hidden, "Connection: close"))
	if bytes.Contains(got, []byte(`"sid"`)) {
		t.Errorf("the body was taken for a request: %.300q", got)
	}
}

// exchangeAll sends request and gives everything that comes back until the server closes.
func exchangeAll(t *testing.T, s *site, request []byte) []byte {
	t.Helper()
	c, err := raw.Dial(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Send(request)
	got, err := c.Drain()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
