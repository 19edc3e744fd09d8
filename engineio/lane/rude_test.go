package lane_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Who says that nothing more comes may read the response that is under way.
func TestHalfClosedWhileAnswered(t *testing.T) {
	onLoopback(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		nc.(*net.TCPConn).SetReadBuffer(16 << 10)
		io.WriteString(nc, get("/deaf"))
		c := <-y.waiting
		nc.(*net.TCPConn).CloseWrite()
		<-y.gone
		body := strings.Repeat("x", 1<<20)
		c.Go(func() { c.Done(c.Drain(response(c, body), time.Minute)) })
		br := bufio.NewReader(nc)
		y.want(br, body)
		if _, err := br.ReadByte(); err != io.EOF {
			t.Errorf("still open: %v", err)
		}
	})
}

// A handler that takes the connection from net/http has all that comes behind its request.
func TestHijacked(t *testing.T) {
	for name, cut := range map[string]int{"with the request": 0, "while the handler runs": len(get("/hijack"))} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, y *yard) {
				nc := y.dial()
				stream := get("/hijack") + "and more"
				go func() {
					io.WriteString(nc, stream[:cut])
					synctest.Wait()
					io.WriteString(nc, stream[cut:])
				}()
				b := make([]byte, len("and more"))
				if _, err := io.ReadFull(nc, b); err != nil || string(b) != "and more" {
					t.Errorf("%q %v", b, err)
				}
			})
		})
	}
}

// Who writes still when the last response comes can read it.
func TestLastWordsAreHeard(t *testing.T) {
	onLoopback(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		head, body, _ := strings.Cut(post("/unread", strings.Repeat("x", 20_000)), "\r\n\r\n")
		io.WriteString(nc, head+"\r\n\r\n"+body[:10_000])
		b, err := io.ReadAll(nc)
		if !strings.HasSuffix(string(b), "enough") || err != nil {
			t.Errorf("%q %v", b, err)
		}
	})
}
