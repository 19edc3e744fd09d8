package client

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// echo is a server's end of a connection that answers each question with the number of the connection.
type echo struct{ n int32 }

func (e echo) Message(c *engineio.Conn, m engineio.Message) {
	answer := fmt.Sprintf(`0{"sid":"%d"}`, e.n)
	if id, ok := strings.CutPrefix(string(m.Data), "2"); ok {
		answer = fmt.Sprintf(`3%s[%d]`, id[:strings.IndexByte(id, '[')], e.n)
	}
	c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte(answer)}))
}

func (echo) Closed(*engineio.Conn, engineio.Reason, error) {}

// What is emitted after a sleep does not go into the connection from before it: it is kept for the next one, with whoever
// waits for its answer, in the queue of Retries too.
func TestAnEmitNoticesThatTheMachineSlept(t *testing.T) {
	var conns atomic.Int32
	server := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echo{conns.Add(1)} }, nil)
	h := httptest.NewServer(server)
	defer h.Close()
	defer server.Close()
	for _, retries := range []int{0, 3} {
		conns.Store(0)
		c, err := New(h.URL, &Options{Retries: retries, ReconnectionDelay: time.Millisecond, Path: "/engine.io"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		slept := time.Duration(0) // guarded by mu
		c.m.wall = func() time.Time { return wallClock().Add(slept) }
		reasons := make(chan DisconnectReason, 9)
		c.OnDisconnect(func(r DisconnectReason, _ error) { reasons <- r })
		c.Connect()
		if err := c.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, sleep := range []time.Duration{30 * time.Second, time.Hour} {
			c.m.mu.Lock()
			slept += sleep
			c.m.mu.Unlock()
			if n, err := c.Call[int](t.Context(), "which"); err != nil || n != i+1 {
				t.Errorf("retries %d, after %v: answered over connection %d, %v", retries, sleep, n, err)
			}
		}
		if r := <-reasons; r != PingTimeout || len(reasons) > 0 {
			t.Errorf("reason %q, and %d more", r, len(reasons))
		}
	}
}
