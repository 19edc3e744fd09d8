package engineio_test

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio/engineio"
)

// countedConn counts the bytes of both directions.
type countedConn struct {
	net.Conn
	in, out *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.in.Add(int64(n))
	return n, err
}

func (c countedConn) Write(p []byte) (int, error) {
	c.out.Add(int64(len(p))) // before the answer to it can come
	return c.Conn.Write(p)
}

// A client that offers compression, and a server that agrees, compress both ways, but not a message that is to go as it
// is; without either of them nothing is compressed.
func TestDialCompresses(t *testing.T) {
	on := &engineio.PerMessageDeflate{}
	for _, tt := range []struct {
		name           string
		server, client *engineio.PerMessageDeflate
		base64         bool
		small          bool
	}{
		{"both", on, on, false, true},
		{"both, in base64", on, on, true, false}, // the server has no compressed form of that
		{"only the server", on, nil, false, false},
		{"only the client", nil, on, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serveEcho(t, &engineio.Options{PerMessageDeflate: tt.server}, nil)
			var in, out atomic.Int64
			transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				nc, err := new(net.Dialer).DialContext(ctx, network, addr)
				return countedConn{nc, &in, &out}, err
			}}
			t.Cleanup(transport.CloseIdleConnections)
			c, m := dial(t, url, &engineio.DialOptions{
				Transports: []string{"websocket"}, PerMessageDeflate: tt.client, ForceBase64: tt.base64, HTTP: &http.Client{Transport: transport},
			})
			const n = 100_000
			long := strings.Repeat("abcdefgh", n/8)
			for _, binary := range []bool{false, true} {
				in.Store(0)
				out.Store(0)
				c.Send(message(binary, []byte(long)))
				if got := m.next(t); string(got.Data) != long || got.Binary != binary {
					t.Fatalf("%d bytes came back", len(got.Data))
				}
				if small := in.Load() < n/10 && out.Load() < n/10; small != (tt.small || tt.base64 && !binary) {
					t.Errorf("binary %v: %d bytes out, %d in", binary, out.Load(), in.Load())
				}
				out.Store(0)
				c.Send(uncompressed(message(binary, []byte(long))))
				if got := m.next(t); string(got.Data) != long || got.Binary != binary {
					t.Fatalf("%d bytes came back", len(got.Data))
				}
				if out.Load() < n {
					t.Errorf("binary %v: %d bytes out of a message that is to go as it is", binary, out.Load())
				}
			}
		})
	}
}

// What a hostile server answers to the offer, or compresses, ends the client's session, and takes no memory.
func TestDialAgainstAHostileServer(t *testing.T) {
	mib := squeeze(strings.Repeat("\x00", 1<<20)) + "\x00\x00\xff\xff"
	head := func(first byte, n int) string {
		return string([]byte{first, 127, 0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	bomb := strings.Repeat(mib, 256)
	for _, tt := range []struct{ name, answer, frame string }{
		{"a bomb", agreed, head(0xc2, len(bomb)) + bomb},
		{"noise", agreed, "\xc1\x03\xff\xff\xff"},
		{"a compressed ping", agreed, "\xc9\x00"},
		{"an extension that was not offered", "x-other", ""},
		{"a context that is kept", "permessage-deflate", ""},
		{"a window that was not offered", agreed + "; client_max_window_bits=9", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				nc, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer nc.Close()
				sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
				fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
					"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]), tt.answer)
				const open = `0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`
				fmt.Fprintf(nc, "\x81%c%s%s", len(open), open, tt.frame)
				nc.Read(make([]byte, 1000)) // until the client has had enough
			}))
			defer h.Close()
			m := newMailbox()
			c, err := engineio.Dial(t.Context(), h.URL, m.open, &engineio.DialOptions{
				Transports: []string{"websocket"}, PerMessageDeflate: &engineio.PerMessageDeflate{}, MaxMessage: 1 << 20,
			})
			if tt.frame == "" {
				if err == nil {
					c.Close()
					t.Error("the client takes the answer")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if reason := m.reason(t); reason != engineio.TransportError {
				t.Errorf("ended by %q", reason)
			}
			c.Wait()
		})
	}
}
