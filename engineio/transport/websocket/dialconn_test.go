package websocket

import (
	"errors"
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
