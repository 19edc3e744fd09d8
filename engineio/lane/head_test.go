package lane_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/engineio/lane"
)

// plainOnes are requests as clients write them; %s is for more lines.
var plainOnes = []string{
	"GET /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\nHost: a.example:3000\r\n%s\r\n",
	"GET /socket.io/?EIO=4&transport=polling&t=x%%20y&sid=abc HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: x\r\nAccept: */*\r\nConnection: keep-alive\r\n%s\r\n",
	"POST /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\nhost:a\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n%s\r\n",
	"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nPragma: no-cache\r\nX-Mine:\t v\xc3\xa4lue \t\r\nx-mine: two\r\n%s\r\n",
}

// oddOnes are requests that some server somewhere reads in another way than some other.
var oddOnes = []string{
	"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
	"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
	"GET /\tHTTP/1.1\r\nHost: a\r\n\r\n",
	"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET //a/ HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /%2e HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /?\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /# HTTP/1.1\r\nHost: a\r\n\r\n",
	"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
	"get / HTTP/1.1\r\nHost: a\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\n\r\n",
	"GET / HTTP/1.1\r\nHost:\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
	"GET / HTTP/1.1\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: a\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ntransfer-encoding: identity\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTrailer: X\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket, h2c\r\nConnection: Upgrade\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Key: a\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nOrigin: http://b\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 65) + "\r\n",
	"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}

func TestPlainHeads(t *testing.T) {
	for _, head := range plainOnes {
		head = fmt.Sprintf(head, "")
		same(t, []byte(head+"and more"), true)
		for cut := range len(head) {
			if whole, maybe := lane.Parse([]byte(head[:cut]), new(lane.Head)); whole || !maybe {
				t.Errorf("%q: whole %v, may become plain %v", head[:cut], whole, maybe)
			}
		}
	}
}

func TestOddHeads(t *testing.T) {
	for _, head := range oddOnes {
		if whole, maybe := lane.Parse([]byte(head), new(lane.Head)); whole || maybe {
			t.Errorf("%q: whole %v, may become plain %v", head, whole, maybe)
		}
	}
}

// Whatever the lane takes for a plain request, net/http takes for one that says the same.
func FuzzHead(f *testing.F) {
	for _, head := range plainOnes {
		f.Add([]byte(fmt.Sprintf(head, "X-More: yes\r\n")))
	}
	for _, head := range oddOnes {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, b []byte) { same(t, b, false) })
}

// same fails if net/http finds something else in b than the lane, or if the lane finds nothing where it must.
func same(t *testing.T, b []byte, must bool) {
	var h lane.Head
	if whole, _ := lane.Parse(b, &h); !whole {
		if must {
			t.Errorf("%q is not plain", b)
		}
		return
	}
	in := bufio.NewReaderSize(bytes.NewReader(b), len(b)+16)
	r, err := http.ReadRequest(in)
	if err != nil {
		t.Fatalf("%q: net/http: %v", b, err)
	}
	method := "GET"
	if h.Post {
		method = "POST"
	}
	host, userAgent := r.Host, r.UserAgent()
	r.Header.Del("Host")
	switch {
	case r.Method != method, r.ProtoMajor != 1, r.ProtoMinor != 1, r.Close, r.TransferEncoding != nil, r.Trailer != nil:
		t.Errorf("%q: %+v", b, r)
	case r.URL.Path != string(h.Path), r.URL.RawQuery != string(h.Query), r.URL.Host != "", r.URL.Fragment != "":
		t.Errorf("%q: %q %q, %+v", b, h.Path, h.Query, r.URL)
	case r.ContentLength != int64(h.Length):
		t.Errorf("%q: length %d, net/http has %d", b, h.Length, r.ContentLength)
	case host != string(h.Host), userAgent != string(h.UserAgent), r.Header.Get("Origin") != string(h.Origin),
		r.Header.Get("Content-Type") != string(h.ContentType), r.Header.Get("Accept-Encoding") != string(h.AcceptEncoding):
		t.Errorf("%q: %+v, net/http has %+v", b, h, r.Header)
	case r.Header.Get("Sec-WebSocket-Key") != string(h.Key), h.Upgrade() != (r.Header.Get("Upgrade") != ""):
		t.Errorf("%q: %+v, net/http has %+v", b, h, r.Header)
	case len(b)-in.Buffered() != h.Size:
		t.Errorf("%q: %d bytes, net/http takes %d", b, h.Size, len(b)-in.Buffered())
	case !reflect.DeepEqual(h.Header(), r.Header):
		t.Errorf("%q: header %q, net/http has %q", b, h.Header(), r.Header)
	}
}

// A connection remembers the header, and what is different about the next is seen.
func TestHeaderAgain(t *testing.T) {
	var c lane.Conn
	for _, lines := range []string{
		"Content-Length: 1\r\nX: y\r\n", "Content-Length: 1\r\nX: y\r\n", "Content-Length: 22\r\nX: y\r\n",
		"content-length:22\r\nX: y\r\n", "X: y\r\nContent-Length: 22\r\n", "X: z\r\nContent-Length: 22\r\n",
		"X: z\r\nX: y\r\nContent-Length: 3\r\nX: z\r\n", "Content-Length: 3\r\n",
	} {
		var h lane.Head
		b := []byte("POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n")
		if whole, _ := lane.Parse(b, &h); !whole {
			t.Fatalf("%q is not plain", b)
		}
		got, want := h.HeaderAgain(&c), h.Header()
		clear(b)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", lines, got, want)
		}
	}
}
