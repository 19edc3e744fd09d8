package wire_test

import (
	"errors"
	"testing"

	"github.com/socketio-go/socketio/bench/wire"
)

func TestResponses(t *testing.T) {
	for name, tt := range map[string]struct {
		in     string
		status int
		body   string
	}{
		"with a length":    {"HTTP/1.1 200 OK\r\ncontent-LENGTH:  5\r\nX: y\r\n\r\nhello", 200, "hello"},
		"with no body":     {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, ""},
		"in chunks":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\nA\r\nllo, world\r\n0\r\n\r\n", 200, "hello, world"},
		"another protocol": {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 101, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := []byte(tt.in + "next")
			status, body, size, err := wire.Response(in, nil)
			if err != nil || status != tt.status || string(body) != tt.body || string(in[size:]) != "next" {
				t.Errorf("status %d, body %q, %v, then %q", status, body, err, in[size:])
			}
			for cut := range size {
				if _, _, size, err := wire.Response(in[:cut], nil); size != 0 || err != nil {
					t.Fatalf("of which %d bytes are there: %d, %v", cut, size, err)
				}
			}
		})
	}
}

func TestResponsesThatNoLoadExpects(t *testing.T) {
	for _, in := range []string{
		"HTTP/1.0 200 OK\r\n\r\n",
		"HTTP/1.1 2\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
	} {
		if _, _, size, err := wire.Response([]byte(in), nil); !errors.Is(err, wire.ErrResponse) {
			t.Errorf("%q: %d, %v", in, size, err)
		}
	}
}
