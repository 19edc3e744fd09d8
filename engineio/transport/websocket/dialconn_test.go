package websocket

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Both ends of a connection are ours: messages of all lengths go there and back, pings are answered, and the close of
// either is.
func TestDialConn(t *testing.T) {
	for name, o := range map[string]*Options{"plain": {}, "deflate": {Deflate: &Deflate{Threshold: -1}}} {
		t.Run(name, func(t *testing.T) {
			var running sync.WaitGroup
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := Accept(w, r, o)
				if err != nil {
					t.Error(err)
					return
				}
				running.Go(func() { echo(c) })
			}))
			defer running.Wait()
			defer h.Close()
			client := &http.Client{Transport: new(http.Transport)}
			c, err := DialConn(t.Context(), client, h.URL, nil, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{0, 1, 125, 126, 8 << 10, 65535, 65536, 500_000} {
				for _, binary := range []bool{false, true} {
					want := strings.Repeat("abcd", n/4+1)[:n]
					if err := c.Write(binary, []byte(want)); err != nil {
						t.Fatal(err)
					}
					if kind, got, err := c.Read(); err != nil || kind != binary || string(got) != want {
						t.Fatalf("%d bytes, binary %v: %d bytes, binary %v, %v", n, binary, len(got), kind, err)
					}
				}
			}
			if err := c.Close(CodeGoingAway, "bye"); err != nil {
				t.Fatal(err)
			}
			var ce *CloseError
			if _, _, err := c.Read(); !errors.As(err, &ce) || !ce.Peer || ce.Code != CodeGoingAway {
				t.Errorf("closed with %v", err)
			}
		})
	}
}

func TestDialConnFails(t *testing.T) {
	h := httptest.NewServer(http.NotFoundHandler())
	defer h.Close()
	if _, err := DialConn(t.Context(), &http.Client{Transport: new(http.Transport)}, h.URL, nil, nil); err == nil {
		t.Error("a 404 is a connection")
	}
}

// RFC 6455 section 4.1: what a server may choose is what was offered to it.
func TestDialChecksTheSubprotocol(t *testing.T) {
	for _, tt := range []struct {
		offered, chosen []string
		good            bool
	}{
		{nil, nil, true},
		{[]string{"chat"}, nil, true},
		{[]string{"chat"}, []string{"chat"}, true},
		{[]string{"chat, more", "last"}, []string{"last"}, true},
		{[]string{"chat, more"}, []string{"more"}, true},
		{nil, []string{"chat"}, false},
		{[]string{"chat"}, []string{"Chat"}, false},
		{[]string{"chat"}, []string{"cha"}, false},
		{[]string{"chat", "more"}, []string{"chat", "more"}, false},
	} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			nc, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer nc.Close()
			fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n",
				acceptKey(r.Header.Get("Sec-WebSocket-Key")))
			http.Header{"Sec-Websocket-Protocol": tt.chosen}.Write(nc)
			io.WriteString(nc, "\r\n")
			nc.Read(make([]byte, 1)) // until the client has gone
		}))
		c, err := DialConn(t.Context(), &http.Client{Transport: new(http.Transport)}, h.URL, http.Header{"Sec-Websocket-Protocol": tt.offered}, nil)
		if (err == nil) != tt.good {
			t.Errorf("offered %q, chosen %q: %v", tt.offered, tt.chosen, err)
		}
		if err == nil {
			c.CloseNow()
		}
		h.Close()
	}
}
