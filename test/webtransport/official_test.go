package webtransport

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// The tests of the reference's server, packages/engine.io/test/webtransport.mjs, by their titles.
func TestOfficialTitles(t *testing.T) {
	quick := &engineio.Options{UpgradeTimeout: time.Second}
	ended := func(first string) func(*testing.T) {
		return func(t *testing.T) {
			s := newSite(t, nil, nil)
			s.openPolling()
			c := s.session()
			c.send(first)
			c.wantEnd()
		}
	}
	for title, run := range map[string]func(*testing.T){
		"should allow to connect with WebTransport directly": func(t *testing.T) {
			s := newSite(t, nil, nil)
			if _, _, p := s.connect(); p.Transport() != "webtransport" {
				t.Errorf("transport %q", p.Transport())
			}
		},
		"should allow to upgrade to WebTransport": func(t *testing.T) {
			s := newSite(t, nil, nil)
			_, h, p := s.openPolling()
			if fmt.Sprint(h.Upgrades) != "[websocket webtransport]" {
				t.Errorf("upgrades %q", h.Upgrades)
			}
			c := s.upgrade(h.SID)
			c.send("2probe")
			c.send("5")
			c.wantText("3probe")
			c.send("4moved")
			receive(t, p.messages)
			if p.Transport() != "webtransport" {
				t.Errorf("transport %q", p.Transport())
			}
		},
		"should close a connection that fails to open a bidirectional stream": func(t *testing.T) {
			c, _, err := newSite(t, quick, nil).dial(nil)
			if err != nil {
				t.Fatal(err)
			}
			c.wantEnd()
		},
		"should close a connection that sends an invalid handshake": func(t *testing.T) {
			c := newSite(t, quick, nil).session()
			c.write([]byte{1, 2, 3})
			c.wantEnd()
		},
		"should close a connection that sends an invalid upgrade":       ended(`0{"sid":"11111111111111111111"}`),
		"should close a connection that sends an invalid upgrade (bis)": ended(`0{"sid":"__proto__"}`),
		// The reference can't run middleware for such a session, and closes it. Here middleware runs, and is the one to say.
		"should refuse the connection when a middleware is registered": func(t *testing.T) {
			s := newSite(t, nil, nil, func(engine *engineio.Server) {
				engine.Use(func(http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						engine.Refuse(w, r, errors.New("nobody"))
					})
				})
			})
			if _, res, err := s.dial(nil); err == nil || res == nil || res.StatusCode != http.StatusBadRequest {
				t.Errorf("got %v %v", res, err)
			}
		},
		"should send ping/pong packets": func(t *testing.T) {
			s := newSite(t, &engineio.Options{PingInterval: 20 * time.Millisecond}, nil)
			c, _, _ := s.connect()
			for range 5 {
				c.wantText("2")
				c.send("3")
			}
		},
		"should close on ping timeout": func(t *testing.T) {
			s := newSite(t, &engineio.Options{PingInterval: 20 * time.Millisecond, PingTimeout: 30 * time.Millisecond}, nil)
			c, _, p := s.connect()
			if reason := receive(t, p.closed); reason != "ping timeout" {
				t.Errorf("closed: %v", reason)
			}
			c.wantEnd()
		},
		"should handle connections closed by the server": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			p.Close()
			c.wantEnd()
		},
		"should handle connections closed by the client": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			c.session.CloseWithError(0, "")
			if reason := receive(t, p.closed); reason != "transport close" {
				t.Errorf("closed: %v", reason)
			}
		},
		"should send some plaintext data (client to server)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			c.write([]byte("\x064hello"))
			if m := receive(t, p.messages); string(m.Data) != "hello" || m.Binary {
				t.Errorf("got %+v", m)
			}
		},
		"should send some plaintext data (server to client)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			p.Send(text("hello"))
			c.wantText("4hello")
		},
		// There are no callbacks here; what has been sent is what the outbox holds no more.
		"should invoke send callbacks (server to client)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			for range 4 {
				p.Send(text("hello"))
			}
			for range 4 {
				c.wantText("4hello")
			}
			for deadline := time.Now().Add(patience); p.BufferedAmount() != 0; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%d bytes wait still", p.BufferedAmount())
				}
			}
		},
		"should send some binary data (client to server)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			c.write([]byte{131, 1, 2, 3})
			if m := receive(t, p.messages); !bytes.Equal(m.Data, []byte{1, 2, 3}) || !m.Binary {
				t.Errorf("got %+v", m)
			}
		},
		"should send some binary data (server to client)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			p.Send(message(true, []byte{1, 2, 3}))
			if isBinary, data, err := c.next(); !isBinary || !bytes.Equal(data, []byte{1, 2, 3}) {
				t.Errorf("got %v %v %v", isBinary, data, err)
			}
		},
		"should send some big binary data (client to server)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			big := bytes.Repeat([]byte("0123456789"), 100_000)
			c.write(append([]byte{255, 0, 0, 0, 0, 0, 15, 66, 64}, big...))
			if m := receive(t, p.messages); !bytes.Equal(m.Data, big) || !m.Binary {
				t.Errorf("got %d bytes", len(m.Data))
			}
		},
		"should send some big binary data (server to client)": func(t *testing.T) {
			s := newSite(t, nil, nil)
			c, _, p := s.connect()
			big := bytes.Repeat([]byte("0123456789"), 100_000)
			p.Send(message(true, big))
			if isBinary, data, err := c.next(); !isBinary || !bytes.Equal(data, big) {
				t.Errorf("got %v, %d bytes, %v", isBinary, len(data), err)
			}
		},
	} {
		t.Run(title, run)
	}
}
