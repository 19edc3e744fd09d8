package engineio_test

import (
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// batches is a handler that takes messages together.
type batches struct {
	mu     sync.Mutex
	calls  []string // Guarded by mu. The messages of each call, with a space between them.
	ended  []engineio.Reason
	spoilt func() // called for the message "bad"
}

func (b *batches) Message(_ *engineio.Conn, m engineio.Message) { b.take(string(m.Data)) }

func (b *batches) Messages(_ *engineio.Conn, ps []packet.Packet) {
	var call []string
	for _, p := range ps {
		if p.Type != packet.Message {
			panic("a packet that is no message")
		}
		call = append(call, string(p.Data))
	}
	b.take(call...)
}

func (b *batches) take(call ...string) {
	b.mu.Lock()
	b.calls = append(b.calls, strings.Join(call, " "))
	b.mu.Unlock()
	if slices.Contains(call, "bad") {
		b.spoilt()
	}
}

func (b *batches) Closed(_ *engineio.Conn, reason engineio.Reason, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = append(b.ended, reason)
}

func (b *batches) wantCalls(t *testing.T, want ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.calls, want) {
		t.Errorf("calls %q, want %q", b.calls, want)
	}
}

// together is a WebSocket connection whose handler takes messages together.
func together(t *testing.T, h *batches, f func(w *wsClient)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Second) })
		l := newPipes()
		s := start(t, l, l.dial, engineio.NewServer(func(*engineio.Conn) engineio.Handler { return h },
			&engineio.Options{Logger: slog.New(slog.DiscardHandler)}), &http.Server{})
		w := s.websocket("EIO=4&transport=websocket")
		parseOpen(t, w.text())
		f(w)
		synctest.Wait()
	})
}

func frames(parts ...string) []byte { return []byte(strings.Join(parts, "")) }

func textFrame(text string) string { return string(maskedFrame(0x81, "4"+text)) }

// What comes in one read goes to the handler at once, in order, and no call waits for what is not there.
func TestMessagesThatCameTogether(t *testing.T) {
	h := new(batches)
	whole := textFrame("f")
	together(t, h, func(w *wsClient) {
		w.write(frames(textFrame("a"), string(maskedFrame(0x82, "b")), textFrame("c")))
		synctest.Wait()
		h.wantCalls(t, "a b c")
		// Fragments, control frames and heartbeats lie between; the last frame is not complete.
		w.write(frames(textFrame("d"), string(maskedFrame(0x01, "4")), string(maskedFrame(0x80, "e")), whole,
			string(maskedFrame(0x81, "6")), textFrame("g"), string(maskedFrame(0x89, "")), textFrame("h"), whole[:4]))
		if first, _, err := w.frame(); first != 0x8a || err != nil {
			t.Errorf("%#x, %v for a ping", first, err)
		}
		synctest.Wait()
		h.wantCalls(t, "a b c", "d", "e", "f", "g", "h")
		w.write([]byte(whole[4:]))
		synctest.Wait()
		h.wantCalls(t, "a b c", "d", "e", "f", "g", "h", "f")
		h.calls = nil
		w.write(frames(slices.Repeat([]string{textFrame("x")}, 70)...))
		synctest.Wait()
		if n := len(strings.Fields(strings.Join(h.calls, " "))); n != 70 || len(h.calls) > 3 {
			t.Errorf("%d messages in %d calls", n, len(h.calls))
		}
	})
}

// A message that is none ends the session, behind those before it.
func TestMessagesBeforeOneThatIsNone(t *testing.T) {
	h := new(batches)
	together(t, h, func(w *wsClient) {
		w.write(frames(textFrame("a"), textFrame("b"), string(maskedFrame(0x81, "x")), textFrame("c")))
		w.wantClose(noCode)
	})
	h.wantCalls(t, "a b")
	if !slices.Equal(h.ended, []engineio.Reason{engineio.ParseError}) {
		t.Errorf("ended %q", h.ended)
	}
}

// A panic, or an end of the goroutine, ends the session, and what came with the message is lost.
func TestMessagesContainAPanic(t *testing.T) {
	for name, spoilt := range map[string]func(){"panic": func() { panic("bad") }, "end": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			h := &batches{spoilt: spoilt}
			together(t, h, func(w *wsClient) {
				w.write(frames(textFrame("a"), textFrame("bad")))
				if first, _, err := w.frame(); err == nil && first != 0x88 {
					t.Errorf("%#x", first)
				}
			})
			h.wantCalls(t, "a bad")
			if !slices.Equal(h.ended, []engineio.Reason{engineio.TransportError}) {
				t.Errorf("ended %q", h.ended)
			}
		})
	}
}
