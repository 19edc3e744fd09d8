package engineio_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

func TestOtherMethods(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH"} {
			s.want(s.do(method, q, ""), 500, "")
		}
		s.want(s.post(q, "4hello"), 200, "ok") // the session does not mind
		s.want(s.get(q), 200, "4hello")
	})
}

// A POST of more than maxPayload bytes is refused; the session lives on.
func TestTooLargePost(t *testing.T) {
	bubble(t, &engineio.Options{MaxPayload: 100}, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		s.want(s.post(q, "4"+strings.Repeat("a", 99)), 200, "ok")
		s.want(s.get(q), 200, "4"+strings.Repeat("a", 99))
		s.want(s.post(q, "4"+strings.Repeat("a", 100)), 413, "")
		s.want(s.post(q, "4hello"), 200, "ok")
		s.want(s.get(q), 200, "4hello")
	})
}

// The same for a body that does not say how long it is: the count runs while it streams.
func TestEndlessPost(t *testing.T) {
	bubble(t, &engineio.Options{MaxPayload: 100}, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		body, w := io.Pipe()
		go func() {
			for {
				if _, err := io.WriteString(w, "4aaaaaaaaaaaaaa"); err != nil {
					return
				}
			}
		}()
		defer body.Close()
		res, err := s.client.Post("http://example.test/engine.io/?"+q, "text/plain", body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 413 {
			t.Errorf("status %d", res.StatusCode)
		}
		s.want(s.post(q, "4hello"), 200, "ok")
	})
}

func TestBinaryPost(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.do("POST", q, "\x00\x01\x02\xff", "Content-Type", "application/octet-stream"), 400, "")
		s.want(<-poll, 200, "1") // a request that waits is ended as well
		if e := <-p.closed; e != (ending{engineio.TransportError, polling.ErrContent}) {
			t.Errorf("closed: %v", e)
		}
		s.want(s.get(q), 400, unknown)
	})
}

func TestOverlappingPosts(t *testing.T) {
	bubble(t, nil, func(c *engineio.Conn, _ engineio.Message) { <-c.Done() }, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		first := later(func() answer { return s.post(q, "4a") })
		synctest.Wait()
		s.want(s.post(q, "4b"), 400, "")
		if e := <-p.closed; e != (ending{engineio.TransportError, polling.ErrDataOverlap}) {
			t.Errorf("closed: %v", e)
		}
		<-first
		s.want(s.get(q), 400, unknown)
	})
}

// What came before the bad packet of a payload is delivered.
func TestBadPacketInPayload(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		s.want(s.post(q, "4a\x1e4b\x1ex\x1e4c"), 400, "")
		if a, b := data(<-p.messages), data(<-p.messages); a != "a" || b != "b" {
			t.Errorf("%q %q", a, b)
		}
		if e := <-p.closed; e.reason != engineio.ParseError || len(p.messages) != 0 {
			t.Errorf("closed: %v, %d more", e, len(p.messages))
		}
	})
}

func TestPayloadOfTooManyPackets(t *testing.T) {
	for _, body := range []string{strings.Repeat("\x1e", 999_999), strings.Repeat("6\x1e", 499_999) + "6"} {
		bubble(t, nil, nil, func(t *testing.T, s *site) {
			q, p := s.openPolling()
			s.want(s.post(q, body), 400, "")
			if e := <-p.closed; e.reason != engineio.ParseError {
				t.Errorf("closed: %v", e)
			}
		})
	}
}

func TestEmptyPost(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		s.want(s.post(q, ""), 400, "")
		if e := <-p.closed; e.reason != engineio.ParseError {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestPollClosedPrematurely(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		ctx, cancel := context.WithCancel(t.Context())
		r, _ := http.NewRequestWithContext(ctx, "GET", "http://example.test/engine.io/?"+q, nil)
		gone := later(func() error { _, err := s.client.Do(r); return err })
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if e := <-p.closed; e != (ending{engineio.TransportError, polling.ErrPremature}) {
			t.Errorf("closed: %v", e)
		}
		s.want(s.get(q), 400, unknown)
	})
}

func TestPostClosedPrematurely(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(nc, "POST /engine.io/?"+q+" HTTP/1.1\r\nHost: example.test\r\nContent-Length: 100\r\n\r\n4abc")
		nc.Close()
		if e := <-p.closed; e != (ending{engineio.TransportError, polling.ErrDataBroken}) {
			t.Errorf("closed: %v", e)
		}
		if len(p.messages) != 0 {
			t.Error("half a body was delivered")
		}
	})
}

// A body must come at 1 KB/s on average, a few seconds aside, and take no more than 15 s.
func TestSlowPost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		chunk int
		pause time.Duration
		want  time.Duration
	}{
		{"silent", 0, time.Hour, 5 * time.Second},
		{"a byte a second", 1, time.Second, 5 * time.Second},
		{"fast enough, too long", 2 << 10, time.Second, 15 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, nil, func(t *testing.T, s *site) {
				q, p := s.openPolling()
				nc, err := s.dial(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				stop := make(chan struct{})
				defer close(stop)
				start := time.Now()
				io.WriteString(nc, "POST /engine.io/?"+q+" HTTP/1.1\r\nHost: example.test\r\nContent-Length: 900000\r\n\r\n")
				go func() {
					for {
						select {
						case <-time.After(tt.pause):
							nc.Write(make([]byte, tt.chunk))
						case <-stop:
							nc.Close()
							return
						}
					}
				}()
				e := <-p.closed
				if d := time.Since(start); e != (ending{engineio.TransportError, polling.ErrTooSlow}) || d < tt.want || d > tt.want+100*time.Millisecond {
					t.Errorf("closed: %v after %v, want %v", e, d, tt.want)
				}
			})
		})
	}
}

// A client that does not read its response is given up after the write timeout.
func TestPollNotRead(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		io.WriteString(nc, "GET /engine.io/?"+q+" HTTP/1.1\r\nHost: example.test\r\n\r\n")
		start := time.Now()
		p.Send(text(strings.Repeat("a", 100_000)))
		e := <-p.closed
		if d := time.Since(start); e.reason != engineio.TransportError || d != 10*time.Second {
			t.Errorf("closed: %v after %v", e, d)
		}
	})
}

// The client may send its next GET when it has the response, which may be before the server is done with writing it.
func TestNextPollWaitsForTheResponse(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		poll := func() net.Conn {
			nc, err := s.dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(nc, "GET /engine.io/?"+q+" HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n")
			synctest.Wait()
			return nc
		}
		first := poll()
		p.Send(text("one"))
		synctest.Wait() // the response is being written to a pipe that nobody reads
		second := poll()
		p.Send(text("two"))
		a, _ := io.ReadAll(first)
		b, _ := io.ReadAll(second)
		if !strings.HasSuffix(string(a), "\r\n\r\n4one") || !strings.HasSuffix(string(b), "\r\n\r\n4two") {
			t.Errorf("%q %q", a, b)
		}
	})
}

func TestMessageHeader(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		s.do("POST", q, "4x", "X-Mine", "post")
		if m := <-p.messages; m.Header.Get("X-Mine") != "post" {
			t.Errorf("%v", m.Header)
		}
		w, res := s.request("EIO=4&transport=websocket", "X-Mine: handshake\r\n", "")
		if res.StatusCode != 101 {
			t.Fatal(res.Status)
		}
		p = <-s.opened
		w.text()
		w.send("4x")
		if m := <-p.messages; m.Header.Get("X-Mine") != "handshake" {
			t.Errorf("%v", m.Header)
		}
	})
}

// The write timeout of the HTTP server began to run with the request; a poll that waits is not cut by it.
func TestPollOutlivesTheServersTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Second) })
		l := newPipes()
		opened := make(chan *engineio.Conn, 1)
		engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
			opened <- c
			return &peer{Conn: c, closed: make(chan ending, 1)}
		}, nil)
		s := start(t, l, l.dial, engine, &http.Server{WriteTimeout: time.Second, ReadTimeout: time.Second})
		h := parseOpen(t, s.get("EIO=4&transport=polling").body)
		poll := later(func() answer { return s.get("EIO=4&transport=polling&sid=" + h.SID) })
		time.Sleep(20 * time.Second)
		(<-opened).Send(text("late"))
		s.want(<-poll, 200, "4late")
	})
}
