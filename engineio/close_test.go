package engineio_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Close sends what is queued first.
func TestCloseFlushes(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		p.Send(text("a"), text("b"))
		p.Close()
		if err := p.Send(text("c")); err != engineio.ErrClosed {
			t.Errorf("send after Close: %v", err)
		}
		w.wantText("4a")
		w.wantText("4b")
		w.wantClose(noCode)
		if e := <-p.closed; e != (ending{engineio.ForcedClose, nil}) {
			t.Errorf("closed: %v", e)
		}

		q, p := s.openPolling()
		p.Send(text("a"))
		p.Close()
		s.want(s.get(q), 200, "4a")
		s.want(s.get(q), 200, "1")
		if e := <-p.closed; e != (ending{engineio.ForcedClose, nil}) {
			t.Errorf("closed: %v", e)
		}
		s.want(s.get(q), 400, unknown)

		q, p = s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		p.Close()
		s.want(<-poll, 200, "1")
		if e := <-p.closed; e != (ending{engineio.ForcedClose, nil}) {
			t.Errorf("closed: %v", e)
		}
	})
}

// A polling client that does not come back to fetch the close packet is waited for 30 s.
func TestCloseWithoutPoll(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		start := time.Now()
		p.Close()
		e := <-p.closed
		if d := time.Since(start); e != (ending{engineio.ForcedClose, nil}) || d != 30*time.Second {
			t.Errorf("closed: %v after %v", e, d)
		}
	})
}

// Nothing is delivered once Close was called.
func TestNoMessageAfterClose(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		p.Close()
		s.want(s.post(q, "4late"), 200, "ok")
		s.want(s.get(q), 200, "1")
		<-p.closed
		if len(p.messages) != 0 {
			t.Errorf("delivered %q", data(<-p.messages))
		}
	})
}

func TestCloseWith(t *testing.T) {
	boom := errors.New("boom")
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		p.CloseWith(engineio.ParseError, boom)
		p.CloseWith(engineio.ForcedClose, nil)
		w.wantClose(noCode)
		<-p.Done()
		if e := <-p.closed; e != (ending{engineio.ParseError, boom}) {
			t.Errorf("closed: %v", e)
		}
		if err := p.Send(text("x")); err != engineio.ErrClosed {
			t.Errorf("send: %v", err)
		}
		if err := p.SendVolatile(text("x")); err != engineio.ErrClosed {
			t.Errorf("send volatile: %v", err)
		}
		p.Flush()
		p.FlushSoon()
		p.Close()
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

// The peer's close frame is answered, and the end of its connection is an end.
func TestClosedByPeer(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		w.write(maskedFrame(0x88, "\x03\xe8bye"))
		w.wantClose(1000)
		if e := <-p.closed; e.reason != engineio.TransportClose {
			t.Errorf("closed: %v", e)
		}
		w, _, p = s.openWebSocket()
		w.nc.Close()
		if e := <-p.closed; e.reason != engineio.TransportClose {
			t.Errorf("closed: %v", e)
		}
	})
}

// Breaking the WebSocket protocol is a transport error, and tells the code.
func TestWebSocketViolations(t *testing.T) {
	for _, tt := range []struct {
		name  string
		bytes string
		code  int
	}{
		{"not masked", "\x81\x01x", 1002},
		{"RSV1", "\xc1\x81\x00\x00\x00\x00x", 1002},
		{"RSV in the segment of a reserved opcode", "\xb1\x82\x00\x00\x00\x00xx", 1002},
		{"reserved opcode", "\x83\x80\x00\x00\x00\x00", 1002},
		{"long ping", "\x89\xfe\x00\x7e\x00\x00\x00\x00", 1002},
		{"fragmented ping", "\x09\x80\x00\x00\x00\x00", 1002},
		{"continuation of nothing", "\x80\x80\x00\x00\x00\x00", 1002},
		{"message inside a message", "\x01\x80\x00\x00\x00\x00\x81\x80\x00\x00\x00\x00", 1002},
		{"length 2^63", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 1009},
		{"length 2^63-1", "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009},
		{"length 2^64-1", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009},
		{"length 4 GB", "\x82\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00", 1009},
		{"invalid UTF-8", "\x81\x82\x00\x00\x00\x004\xff", 1007},
		{"overlong UTF-8", "\x81\x83\x00\x00\x00\x004\xc0\xaf", 1007},
		{"a surrogate", "\x81\x84\x00\x00\x00\x004\xed\xa0\x80", 1007},
		{"close frame of one byte", "\x88\x81\x00\x00\x00\x00\x03", 1002},
		{"close code that is not for use", "\x88\x82\x00\x00\x00\x00\x03\xed", 1002},
		{"close reason that is not UTF-8", "\x88\x83\x00\x00\x00\x00\x03\xe8\xff", 1007},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, nil, func(t *testing.T, s *site) {
				// In the segment of the handshake, and later.
				early, res := s.request("EIO=4&transport=websocket", "", tt.bytes)
				if res.StatusCode != 101 {
					t.Fatal(res.Status)
				}
				if b, err := early.br.Peek(1); err == nil && b[0] == 0x81 {
					early.text() // the open packet, if it was sent by then
				}
				early.wantClose(tt.code)
				if e := <-(<-s.opened).closed; e.reason != engineio.TransportError {
					t.Errorf("closed: %v", e)
				}
				w, _, p := s.openWebSocket()
				w.nc.Write([]byte(tt.bytes))
				w.wantClose(tt.code)
				if e := <-p.closed; e.reason != engineio.TransportError {
					t.Errorf("closed: %v", e)
				}
				if len(p.messages) != 0 {
					t.Error("delivered")
				}
			})
		})
	}
}

func TestMaxPayloadWebSocket(t *testing.T) {
	bubble(t, &engineio.Options{MaxPayload: 100}, echo, func(t *testing.T, s *site) {
		w, h, p := s.openWebSocket()
		if h.MaxPayload != 100 {
			t.Errorf("maxPayload %d", h.MaxPayload)
		}
		exact := "4" + string(make([]byte, 99))
		w.send(exact)
		w.wantText(exact)
		w.write(maskedFrame(0x81, exact+"x")[:8]) // the header is enough
		w.wantClose(1009)
		if e := <-p.closed; e.reason != engineio.TransportError {
			t.Errorf("closed: %v", e)
		}
	})
}

// What arrives in the very segment of the handshake is delivered, to the handler that open returned.
func TestMessagesBehindTheHandshake(t *testing.T) {
	s := loopback(t, nil, echo)
	for range 100 {
		w, res := s.request("EIO=4&transport=websocket", "", string(maskedFrame(0x81, "4one"))+string(maskedFrame(0x82, "two")))
		if res.StatusCode != 101 {
			t.Fatal(res.Status)
		}
		w.text()
		w.wantText("4one")
		if first, payload, err := w.frame(); first != 0x82 || string(payload) != "two" {
			t.Fatalf("%#x %q %v", first, payload, err)
		}
		w.nc.Close()
	}
}

// A panic of the handler ends its own session.
func TestPanicContained(t *testing.T) {
	bubble(t, nil, func(c *engineio.Conn, m engineio.Message) {
		if string(m.Data) == "panic" {
			panic("at the disco")
		}
		echo(c, m)
	}, func(t *testing.T, s *site) {
		other, _, _ := s.openWebSocket()
		w, _, p := s.openWebSocket()
		w.send("4panic")
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.TransportError || e.err == nil {
			t.Errorf("closed: %v", e)
		}
		q, p := s.openPolling()
		s.want(s.post(q, "4panic"), 200, "ok")
		if e := <-p.closed; e.reason != engineio.TransportError {
			t.Errorf("closed: %v", e)
		}
		s.want(s.get(q), 400, unknown)
		other.send("4hello")
		other.wantText("4hello")
	})
}

// Open that panics, or has no handler, refuses the session and leaves nothing behind.
func TestPanicInOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Second) })
		l := newPipes()
		s := start(t, l, l.dial, engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
			if c.Transport() == "polling" {
				panic("no")
			}
			return nil
		}, &engineio.Options{Logger: slog.New(slog.DiscardHandler)}), &http.Server{})
		if a := s.get("EIO=4&transport=polling"); a.status != 500 {
			t.Errorf("%d %q", a.status, a.body)
		}
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		nc.Write([]byte("GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
		if n, err := nc.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes", n)
		}
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestShutdown(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, onWebSocket := s.openWebSocket()
		q, onPolling := s.openPolling()
		_, absent := s.openPolling()
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		onWebSocket.Send(text("last"))
		onPolling.Send(text("last"))
		s.want(<-poll, 200, "4last")
		poll = later(func() answer { return s.get(q) })
		synctest.Wait()

		done := later(func() error { return s.engine.Shutdown(context.Background()) })
		synctest.Wait()
		s.want(<-poll, 200, "1")
		w.wantText("4last")
		w.wantClose(noCode)
		for _, p := range []*peer{onWebSocket, onPolling, absent} {
			if e := <-p.closed; e != (ending{engineio.ServerShutdown, nil}) {
				t.Errorf("closed: %v", e)
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if a := s.get("EIO=4&transport=polling"); a.status != 503 {
			t.Errorf("a new session: %d", a.status)
		}
	})
}

// When the context of Shutdown ends, what is left is cut.
func TestShutdownCut(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		p.Send(text("never read"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.engine.Shutdown(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
		if e := <-p.closed; e.reason != engineio.ServerShutdown {
			t.Errorf("closed: %v", e)
		}
		if _, _, err := w.frame(); err == nil {
			t.Error("the connection is open")
		}
	})
}

// A peer that answers no close frame does not hold a goroutine for long.
func TestPeerIgnoresClose(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		start := time.Now()
		p.Close()
		if first, _, err := w.frame(); first != 0x88 || err != nil {
			t.Fatal(first, err)
		}
		if _, _, err := w.frame(); err == nil {
			t.Error("the connection is open")
		}
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}
