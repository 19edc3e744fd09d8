//go:build amd64 || arm64

package socketio_test

import (
	"bytes"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
)

// What a client that does nothing costs: no goroutine, and little memory, its own end of the connection included, which is
// here as well. docs/memory.md says what it is made of.
func TestIdleSocketIsSmall(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector has memory of its own")
	}
	io := socketio.NewServer(nil)
	if err := io.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	// A CONNECT packet behind the handshake, masked with zeros.
	script := "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x82\x00\x00\x00\x0040"
	buffer := make([]byte, 4096)
	var clients []net.Conn
	defer func() {
		for _, c := range clients {
			c.Close()
		}
		if err := io.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	join := func(n int) {
		t.Helper()
		for range n {
			c, err := net.Dial("tcp", io.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			clients = append(clients, c)
			if _, err := c.Write([]byte(script)); err != nil {
				t.Fatal(err)
			}
			for got := []byte(nil); !bytes.Contains(got, []byte(`40{"sid"`)); {
				k, err := c.Read(buffer)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, buffer[:k]...)
			}
		}
	}
	weight := func() (bytes uint64, goroutines int) {
		runtime.GC()
		runtime.GC() // the pools are emptied in two steps
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse, runtime.NumGoroutine()
	}
	join(20)
	before, _ := weight()
	const n = 400
	join(n)
	deadline := time.Now().Add(time.Minute)
	for {
		after, goroutines := weight()
		per := (int64(after) - int64(before)) / n
		if per <= 3<<10 && goroutines < n/4 {
			return
		}
		if time.Now().After(deadline) { // the last runners and readers may be at it still
			t.Fatalf("%d bytes for an idle client, and %d goroutines in all", per, goroutines)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
