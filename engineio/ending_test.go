package engineio_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// The write side is on its way to a writer when the session ends, on any connection that can't be written without
// blocking: TLS, for one.
func TestGoodbyeFollowsASendThatWasHandedOver(t *testing.T) {
	t.Run("closed by this side", func(t *testing.T) {
		bubble(t, nil, ignore, func(t *testing.T, s *site) {
			w, _, p := s.openWebSocket()
			synctest.Wait()
			p.Send(text("bye"))
			p.CloseWith(engineio.ForcedClose, nil)
			w.wantGoodbye()
		})
	})
	t.Run("closed for a violation", func(t *testing.T) {
		bubble(t, nil, echo, func(t *testing.T, s *site) {
			w, _, _ := s.openWebSocket()
			synctest.Wait()
			go w.nc.Write(append(maskedFrame(0x81, "4hi"), maskedFrame(0xf1, "4x")...))
			w.wantGoodbye()
		})
	})
}

// wantGoodbye fails the test unless a close frame comes, whatever comes before it.
func (w *wsClient) wantGoodbye() {
	w.t.Helper()
	for {
		first, _, err := w.frame()
		if err != nil {
			w.t.Fatalf("no close frame: %v", err)
		}
		if first == 0x88 {
			return
		}
	}
}

// The heartbeat's timer fires at the moment of Close: what it was set for is over.
func TestTimerOfThePastEndsNothing(t *testing.T) {
	for range 20 {
		bubble(t, nil, ignore, func(t *testing.T, s *site) {
			q, p := s.openPolling()
			time.Sleep(25 * time.Second)
			p.Send(text("last words"))
			p.Close()
			synctest.Wait()
			if got := s.get(q).body; !strings.Contains(got, "4last words") {
				t.Errorf("polled %q, want the last words", got)
			}
		})
	}
}

func TestShutdownHasNoPatienceForASessionThatIsClosingAlready(t *testing.T) {
	bubble(t, nil, ignore, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		p.Close() // its client is not there, and would have 30 s
		begun := time.Now()
		if err := s.engine.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begun); d >= 30*time.Second { // fake time
			t.Errorf("shutdown took %v", d)
		}
	})
}

// A body that nobody reads must not hold a connection: net/http would wait for it.
func TestUnreadBodyIsNotWaitedFor(t *testing.T) {
	for name, request := range map[string]string{
		"refused POST":         "POST /engine.io/?EIO=4&transport=polling&sid=nope HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
		"refused chunked POST": "POST /engine.io/?EIO=4&transport=nope HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
		"binary POST":          "POST /engine.io/?EIO=4&transport=polling&sid=SID HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nContent-Type: application/octet-stream\r\n\r\n",
		"handshake":            "GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
		"poll":                 "GET /engine.io/?EIO=4&transport=polling&sid=SID HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, ignore, func(t *testing.T, s *site) {
				nc, err := s.dial(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer nc.Close()
				q, p := s.openPolling()
				p.Send(text("x"))
				_, sid, _ := strings.Cut(q, "sid=")
				if _, err := io.WriteString(nc, strings.Replace(request, "SID", sid, 1)); err != nil {
					t.Fatal(err)
				}
				nc.SetReadDeadline(time.Now().Add(time.Minute)) // fake time
				in := bufio.NewReader(nc)
				res, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatalf("no answer: %v", err)
				}
				res.Body.Close()
				if _, err := io.Copy(io.Discard, in); err != nil {
					t.Fatalf("the connection was kept: %v", err)
				}
			})
		})
	}
}

// What came over polling may be relayed to a WebSocket peer, which must not get a text frame that is not UTF-8.
func TestPostedTextIsUTF8(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		s.post(q, "4a\xff\xfeb")
		if got := s.get(q).body; got != "4a\uFFFDb" {
			t.Errorf("echoed %q", got)
		}
	})
}
