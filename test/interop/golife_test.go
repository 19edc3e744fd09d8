package interop

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
)

// life is what happens to a client in the ways in which a server that behaves can end things: the same events in the same
// order with every server. What a server does that misbehaves is told in test/client.
func (g goLab) life(t *testing.T) {
	back := []string{"reconnecting:1", "connecting", "reconnect:1", "connect", "disconnect:io client disconnect"}
	for _, c := range []struct {
		name, namespace string
		token           string
		do              func(*client.Socket) // once connected
		want            []string
	}{
		{"leaves", "/", "", (*client.Socket).Disconnect, []string{"connecting", "connect", "disconnect:io client disconnect"}},
		{"is sent away", "/", "", func(s *client.Socket) { s.Emit("kick", false) },
			[]string{"connecting", "connect", "disconnect:io server disconnect"}},
		{"is refused", "/auth", "bad", nil, []string{"connecting", `connect_error:not authorized{"code":401}`}},
		{"asks for what is not there", "/nowhere", "", nil, []string{"connecting", "connect_error:Invalid namespace"}},
		{"loses its connection", "/", "", func(s *client.Socket) { s.Manager().Conn().Close() },
			slices.Concat([]string{"connecting", "connect", "disconnect:forced close"}, back)},
		{"is dropped", "/", "", func(s *client.Socket) { s.Emit("drop") },
			slices.Concat([]string{"connecting", "connect", "disconnect:transport"}, back)},
	} {
		s := g.new(t, c.namespace, map[string]string{"token": c.token})
		if err := s.Manager().Reconfigure(&client.Options{ReconnectionDelay: time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var got []string
		full := make(chan struct{})
		note := func(format string, args ...any) {
			mu.Lock()
			defer mu.Unlock()
			if got = append(got, fmt.Sprintf(format, args...)); len(got) == len(c.want) {
				close(full)
			}
		}
		times := 0
		s.OnConnecting(func(string) { note("connecting") })
		s.OnConnect(func() {
			note("connect")
			switch times++; {
			case times > 1:
				s.Disconnect()
			case c.do != nil:
				c.do(s)
			}
		})
		s.OnConnectError(func(err error) {
			data := ""
			if refusal, ok := err.(*client.ConnectError); ok && refusal.Data.String() != "null" {
				data = refusal.Data.String()
			}
			note("connect_error:%v%s", err, data)
		})
		s.OnDisconnect(func(r client.DisconnectReason, _ error) {
			if r == client.TransportClose || r == client.TransportError { // a poll that comes late finds no session
				r = "transport"
			}
			note("disconnect:%s", r)
		})
		s.OnReconnecting(func(n int, _ time.Duration) { note("reconnecting:%d", n) })
		s.OnReconnect(func(n int) { note("reconnect:%d", n) })
		s.OnReconnectFailed(func() { note("reconnect_failed") })
		s.OnError(func(err error) { note("error:%v", err) })
		s.Connect()
		select {
		case <-full:
		case <-time.After(patience):
		}
		s.Close()
		mu.Lock()
		if !slices.Equal(got, c.want) {
			t.Errorf("a client that %s\ngot  %q\nwant %q", c.name, got, c.want)
		}
		mu.Unlock()
	}
}
