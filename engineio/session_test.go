package engineio_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// What comes in the body of a WebSocket handshake is taken for frames, which it is not. Only its sender notices.
func TestWebSocketHandshakeWithABody(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		for _, query := range []string{"EIO=4&transport=websocket", asWebSocket(q)} {
			w, res := s.request(query, "Content-Length: 4\r\n", "test")
			if res.StatusCode != http.StatusSwitchingProtocols {
				t.Fatal(res.Status)
			}
			for {
				first, payload, err := w.frame()
				if err != nil {
					t.Fatalf("no close frame: %v", err)
				}
				if first == 0x88 {
					if string(payload) != "\x03\xea" {
						t.Errorf("close frame %q", payload)
					}
					break
				}
			}
		}
		s.want(s.post(q, "4hello"), 200, "ok")
		s.want(s.get(q), 200, "4hello")
	})
}

// A body may come in any number of pieces, its length known or not.
func TestPostInPieces(t *testing.T) {
	bubble(t, &engineio.Options{MaxPayload: 2_000_000}, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		body, pipe := io.Pipe()
		go func() {
			for _, piece := range []string{"41", "2", "3"} {
				io.WriteString(pipe, piece)
			}
			pipe.Close()
		}()
		res, err := s.client.Post("http://example.test/engine.io/?"+q, "text/plain", body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if m := <-p.messages; data(m) != "123" {
			t.Errorf("%q", data(m))
		}
		long := strings.Repeat("a", 1_000_000)
		s.want(s.post(q, "4"+long), 200, "ok")
		if m := <-p.messages; data(m) != long {
			t.Errorf("%d bytes", len(m.Data))
		}
	})
}

// A client, or a proxy, that uses a connection for one request only is no worse off.
func TestRequestsThatCloseTheirConnection(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		for range 3 {
			s.want(s.do("POST", q, "4test", "Connection", "close"), 200, "ok")
			s.want(s.do("GET", q, "", "Connection", "close"), 200, "4test")
		}
		if len(p.closed) != 0 {
			t.Errorf("closed: %v", <-p.closed)
		}
	})
}

// The sessions are the engine's: they outlive the HTTP server that brought them, and the next one brings more.
func TestEngineOutlivesItsHTTPServer(t *testing.T) {
	s := loopback(t, nil, echo)
	w, _, _ := s.openWebSocket()
	s.http.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	next := &http.Server{Handler: s.engine}
	var served sync.WaitGroup
	served.Go(func() { next.Serve(l) })
	defer served.Wait()
	defer next.Close()
	s.dial = func(context.Context) (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }
	w2, _, _ := s.openWebSocket()
	for _, w := range []*wsClient{w, w2} {
		w.send("4hello")
		w.wantText("4hello")
	}
}

// Many long messages on their way out hold up no heartbeat.
func TestHeartbeatBetweenManyMessages(t *testing.T) {
	const count = 100
	o := &engineio.Options{PingInterval: 200 * time.Millisecond, PingTimeout: 100 * time.Millisecond, OutboxBytes: count << 16}
	bubble(t, o, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		long := bytes.Repeat([]byte("a"), 1<<16)
		for range count {
			if err := p.Send(message(false, long)); err != nil {
				t.Fatal(err)
			}
		}
		for received, pings := 0, 0; received < count || pings < 10; {
			switch got := w.text(); got {
			case "2":
				pings++
				w.send("3")
			case "4" + string(long):
				received++
			default:
				t.Fatalf("%.20q", got)
			}
		}
		if len(p.closed) != 0 {
			t.Errorf("closed: %v", <-p.closed)
		}
	})
}

// Server.Close sends nothing that is still queued, also where the session was closing already.
func TestServerCloseDiscards(t *testing.T) {
	for _, closing := range []bool{false, true} {
		bubble(t, nil, nil, func(t *testing.T, s *site) {
			q, p := s.openPolling()
			p.Send(text("hello"))
			if closing {
				p.Close()
			}
			if err := s.engine.Close(); err != nil {
				t.Error(err)
			}
			s.want(s.get(q), 400, unknown)
			want := ending{engineio.ServerShutdown, nil}
			if e := <-p.closed; e != want {
				t.Errorf("closed: %v, want %v", e, want)
			}
		})
	}
}

// A server that is shut down leaves nothing running, wherever its sessions are on their way to another transport.
func TestShutdownOfUpgrades(t *testing.T) {
	for _, tt := range []struct {
		name string
		sent []string // by the client over the new transport
	}{{"connected", nil}, {"upgrading", []string{"2probe"}}, {"upgraded", []string{"2probe", "5"}}} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, nil, func(t *testing.T, s *site) {
				q, p := s.openPolling()
				poll := later(func() answer { return s.get(q) })
				w := s.websocket(asWebSocket(q))
				for _, packet := range tt.sent {
					w.send(packet)
					if packet == "2probe" {
						w.wantText("3probe")
						s.want(<-poll, 200, "6")
						poll = later(func() answer { return s.get(q) })
					}
					synctest.Wait()
				}
				done := later(func() error { return s.engine.Shutdown(context.Background()) })
				w.wantClose(noCode)
				if err := <-done; err != nil { // every goroutine has ended
					t.Error(err)
				}
				if e := <-p.closed; e != (ending{engineio.ServerShutdown, nil}) {
					t.Errorf("closed: %v", e)
				}
				<-poll
			})
		})
	}
}

// A polling client that misses a whole heartbeat after Close has gone.
func TestCloseWithoutPollWithinAHeartbeat(t *testing.T) {
	bubble(t, suite(), nil, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		start := time.Now()
		p.Close()
		e := <-p.closed
		if d := time.Since(start); e != (ending{engineio.ForcedClose, nil}) || d != 500*time.Millisecond {
			t.Errorf("closed: %v after %v", e, d)
		}
	})
}

// A server works with the options as they were when it was made.
func TestOptionsAreCopied(t *testing.T) {
	o := suite()
	bubble(t, o, nil, func(t *testing.T, s *site) {
		o.PingInterval, o.AllowEIO3, o.MaxPayload = time.Hour, true, 1
		if h := parseOpen(t, s.get("EIO=4&transport=polling").body); h.PingInterval != 300 || h.MaxPayload != 1_000_000 {
			t.Errorf("%+v", h)
		}
		s.want(s.get("EIO=3&transport=polling"), 400, `{"code":5,"message":"Unsupported protocol version"}`)
	})
}

// All scripts of the world arrive as they left, both ways and on both transports.
func TestScripts(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		w, _, _ := s.openWebSocket()
		for _, script := range []string{"石室詩士施氏，嗜獅，誓食十獅。", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "てすと", "مرحبا", "😀👩‍👩‍👧"} {
			s.want(s.post(q, "4"+script), 200, "ok")
			s.want(s.get(q), 200, "4"+script)
			w.send("4" + script)
			w.wantText("4" + script)
		}
	})
}
