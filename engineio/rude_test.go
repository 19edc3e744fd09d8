package engineio_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// A handler that ends the goroutine it is called on, as a failing test does, ends its own session.
func TestHandlerEndsItsGoroutine(t *testing.T) {
	bubble(t, nil, func(*engineio.Conn, engineio.Message) { runtime.Goexit() }, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.send("4hello")
		if e := <-p.closed; e.reason != engineio.TransportError || e.err == nil {
			t.Errorf("closed: %v", e)
		}
		if _, _, err := w.frame(); err == nil {
			t.Error("the connection is open")
		}
		q, p := s.openPolling()
		if a, err := s.try("POST", q, "4hello"); err == nil {
			t.Errorf("%d %q", a.status, a.body)
		}
		if e := <-p.closed; e.reason != engineio.TransportError || e.err == nil {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestOpenEndsItsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Second) })
		l := newPipes()
		s := start(t, l, l.dial, engineio.NewServer(func(*engineio.Conn) engineio.Handler {
			runtime.Goexit()
			return nil
		}, &engineio.Options{Logger: slog.New(slog.DiscardHandler)}), &http.Server{})
		if a, err := s.try("GET", "EIO=4&transport=polling", ""); err == nil {
			t.Errorf("%d %q", a.status, a.body)
		}
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(nc, strings.Replace(goodHandshake, "%s", "EIO=4&transport=websocket", 1)+"\r\n")
		if n, err := nc.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes", n)
		}
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

// A hook that panics leaves no session behind.
func TestPanicInHeaderHooks(t *testing.T) {
	var calm atomic.Bool
	o := &engineio.Options{Headers: func(http.Header, *http.Request) {
		if !calm.Load() {
			panic("at the disco")
		}
	}}
	bubble(t, o, nil, func(t *testing.T, s *site) {
		calm.Store(false)
		if a, err := s.try("GET", "EIO=4&transport=polling", ""); err == nil {
			t.Errorf("%d %q", a.status, a.body)
		}
		if e := <-(<-s.opened).closed; e.reason != engineio.TransportError {
			t.Errorf("closed: %v", e)
		}
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(nc, strings.Replace(goodHandshake, "%s", "EIO=4&transport=websocket", 1)+"\r\n")
		if n, err := nc.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes", n)
		}
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}

		calm.Store(true)
		q, p := s.openPolling()
		calm.Store(false)
		if a, err := s.try("POST", q, "4hello"); err == nil {
			t.Errorf("%d %q", a.status, a.body)
		}
		calm.Store(true)
		s.want(s.post(q, "4hello"), 200, "ok") // the session does not mind
		if m := <-p.messages; data(m) != "hello" {
			t.Errorf("%q", data(m))
		}
	})
}

// A body that arrives when its session has moved on, or has ended, is not delivered.
func TestLatePost(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		late := func(q string) (finish func() answer) {
			body, pipe := io.Pipe()
			done := later(func() answer {
				res, err := s.client.Post("http://example.test/engine.io/?"+q, "text/plain", body)
				if err != nil {
					t.Error(err)
					return answer{}
				}
				defer res.Body.Close()
				b, _ := io.ReadAll(res.Body)
				return answer{res.StatusCode, res.Header, string(b)}
			})
			io.WriteString(pipe, "4la")
			synctest.Wait()
			return func() answer {
				io.WriteString(pipe, "te")
				pipe.Close()
				return <-done
			}
		}
		q, p := s.openPolling()
		finish := late(q)
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		w.send("5")
		synctest.Wait()
		s.want(finish(), 400, `{"code":3,"message":"Bad request"}`)
		w.send("4next")
		if m := <-p.messages; data(m) != "next" {
			t.Errorf("delivered %q", data(m))
		}

		q, p = s.openPolling()
		finish = late(q)
		p.CloseWith(engineio.ForcedClose, nil)
		s.want(finish(), 400, unknown)
		if len(p.messages) != 0 {
			t.Errorf("delivered %q", data(<-p.messages))
		}
	})
}

// A handshake that is being answered when the server is shut down ends with a close frame, and Shutdown waits for it.
func TestShutdownDuringHandshake(t *testing.T) {
	for _, tt := range []struct {
		name    string
		upgrade bool
		cut     bool
	}{{"a new session", false, false}, {"an upgrade", true, false}, {"a new session, cut", false, true}, {"an upgrade, cut", true, true}} {
		t.Run(tt.name, func(t *testing.T) {
			var s *site
			done := make(chan error, 1)
			stop := func(_ http.Header, r *http.Request) {
				if r.URL.Query().Get("transport") != "websocket" {
					return
				}
				go func() {
					if tt.cut {
						done <- s.engine.Close()
					} else {
						done <- s.engine.Shutdown(context.Background())
					}
				}()
				time.Sleep(2 * time.Second) // until every session has ended and the handshake alone is waited for
				if len(done) != 0 {
					t.Error("the handshake was not waited for")
				}
			}
			bubble(t, &engineio.Options{Headers: stop}, nil, func(t *testing.T, site *site) {
				s = site
				q := "EIO=4&transport=polling"
				if tt.upgrade {
					q, _ = s.openPolling()
				}
				w, res := s.rawTry(strings.Replace(goodHandshake, "%s", asWebSocket(q), 1) + "\r\n")
				switch {
				case tt.cut:
					if res != nil {
						t.Errorf("%s", res.Status)
					}
				case res == nil || res.StatusCode != 101:
					t.Fatalf("%v", res)
				default:
					w.wantClose(noCode)
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
				s.wantRefused(503, `{"code":3,"message":"Server is shutting down"}`, "EIO=4&transport=websocket", "")
			})
		})
	}
}
