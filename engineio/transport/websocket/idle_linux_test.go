//go:build amd64 || arm64

package websocket

import (
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"github.com/gobwas/ws"
)

// A connection that waits on plain TCP holds no read buffer, and nothing of net/http's, also after it was used.
func TestIdleConnectionHoldsNoBuffer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := Accept(w, r, nil); err == nil {
			running.Go(func() { echo(c) })
		}
	})}
	running.Go(func() { s.Serve(l) })
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
		s.Close()
		running.Wait()
	}()

	request := []byte("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	message := clientFrame(0x82, make([]byte, 10_000))
	answer := make([]byte, 64<<10)
	open := func(n int) {
		for range n {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, c)
			c.Write(request)
			for end := 0; end < 4; { // the blank line
				if _, err := c.Read(answer[:1]); err != nil {
					t.Fatal(err)
				}
				if answer[0] == "\r\n\r\n"[end] {
					end++
				} else {
					end = 0
				}
			}
			c.Write(message)
			if h, err := ws.ReadHeader(c); err != nil || h.Length != 10_000 {
				t.Fatal(h, err)
			}
			for got := 0; got < 10_000; {
				n, err := c.Read(answer)
				if err != nil {
					t.Fatal(err)
				}
				got += n
			}
		}
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC() // the pools are emptied in two steps
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	open(10)
	before := heap()
	const n = 200
	open(n)
	if per := (int64(heap()) - int64(before)) / n; per > 2<<10 {
		t.Errorf("%d bytes for an idle connection, both ends", per)
	}
}
