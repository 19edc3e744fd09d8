package webtransport

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"

	"github.com/socketio-go/socketio/engineio"
)

func TestOpen(t *testing.T) {
	s := newSite(t, nil, nil)
	c, h, p := s.connect()
	if h.SID != p.ID() || len(h.SID) != 20 || len(h.Upgrades) != 0 || h.Upgrades == nil ||
		h.PingInterval != 25000 || h.PingTimeout != 20000 || h.MaxPayload != 1000000 {
		t.Errorf("handshake: %+v", h)
	}
	if p.Transport() != "webtransport" || s.engine.Count() != 1 {
		t.Errorf("transport %q, %d sessions", p.Transport(), s.engine.Count())
	}
	r := p.Request()
	if r.URL.Path != "/engine.io/" || !r.Secure || r.RemoteAddr != c.session.LocalAddr().String() && !strings.HasPrefix(r.RemoteAddr, "127.0.0.1:") {
		t.Errorf("request: %+v", r)
	}
}

// Each form of the length, on both sides of where it changes, in both directions.
func TestEchoOfEveryLength(t *testing.T) {
	s := newSite(t, nil, echo)
	c, _, _ := s.connect()
	for _, n := range []int{0, 1, 124, 125, 126, 127, 65533, 65534, 65535, 65536, 200_000, 999_999} {
		text := "4" + strings.Repeat("x", n)
		c.send(text)
		c.wantText(text)
	}
	for _, n := range []int{1, 125, 126, 65535, 65536, 1_000_000} {
		data := bytes.Repeat([]byte{0xb1}, n)
		c.sendBinary(data)
		isBinary, got, err := c.next()
		if err != nil || !isBinary || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes: binary %v, %d bytes, %v", n, isBinary, len(got), err)
		}
	}
}

// An empty frame is none, so an empty binary message goes as base64 text, and may come as such.
func TestEmptyBinaryMessage(t *testing.T) {
	s := newSite(t, nil, nil)
	c, _, p := s.connect()
	c.send("b")
	if m := receive(t, p.messages); !m.Binary || len(m.Data) != 0 {
		t.Errorf("got %+v", m)
	}
	p.Send(message(true, nil))
	c.wantText("b")
}

// A length may be written in more bytes than it needs, and a frame may come in pieces.
func TestUnusualFrames(t *testing.T) {
	s := newSite(t, nil, echo)
	c, _, _ := s.connect()
	c.write([]byte("\x7e\x00\x06"))
	c.write([]byte("4hel"))
	c.write([]byte("lo\x7f\x00\x00"))
	c.write([]byte("\x00\x00\x00\x00\x00\x02"))
	c.write([]byte("4!"))
	c.wantText("4hello")
	c.wantText("4!")
	c.write(append(frame(false, []byte("4a")), frame(false, []byte("4b"))...))
	c.wantText("4a")
	c.wantText("4b")
}

// Text that is not UTF-8 is read as the reference reads it.
func TestInvalidUTF8(t *testing.T) {
	s := newSite(t, nil, echo)
	c, _, _ := s.connect()
	c.send("4a\xffb")
	c.wantText("4a\uFFFDb")
}

func TestInitialPacket(t *testing.T) {
	s := newSite(t, &engineio.Options{InitialPacket: text("hello")}, nil)
	c, _, _ := s.connect()
	c.wantText("4hello")
}

func TestHeartbeat(t *testing.T) {
	s := newSite(t, &engineio.Options{PingInterval: 50 * time.Millisecond, PingTimeout: 5 * time.Second}, nil)
	c, _, p := s.connect()
	for range 5 {
		c.wantText("2")
		c.send("3")
	}
	if len(p.closed) != 0 {
		t.Errorf("closed: %v", <-p.closed)
	}
}

func TestPingTimeout(t *testing.T) {
	s := newSite(t, &engineio.Options{PingInterval: 50 * time.Millisecond, PingTimeout: 50 * time.Millisecond}, nil)
	c, _, p := s.connect()
	c.wantText("2")
	c.wantEnd()
	if reason := receive(t, p.closed); reason != engineio.PingTimeout {
		t.Errorf("closed: %v", reason)
	}
}

// What was sent before the end arrives before the end, however much it is.
func TestCloseByServer(t *testing.T) {
	const n = 100
	s := newSite(t, nil, nil)
	c, _, p := s.connect()
	for i := range n {
		p.Send(text(fmt.Sprint(i, strings.Repeat(".", 1000))))
	}
	p.Close()
	for i := range n {
		c.wantText(fmt.Sprint("4", i, strings.Repeat(".", 1000)))
	}
	c.wantEnd()
	if reason := receive(t, p.closed); reason != engineio.ForcedClose {
		t.Errorf("closed: %v", reason)
	}
}

func TestCloseByClient(t *testing.T) {
	for name, leave := range map[string]func(*client){
		"the session":         func(c *client) { c.session.CloseWithError(0, "") },
		"the stream":          func(c *client) { c.stream.Close() },
		"a reset":             func(c *client) { c.stream.CancelWrite(7) },
		"a close packet":      func(c *client) { c.send("1") },
		"in between of bytes": func(c *client) { c.send("4hello"); c.session.CloseWithError(42, "bye") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil, func(*engineio.Conn, engineio.Message) {})
			c, _, p := s.connect()
			leave(c)
			if reason := receive(t, p.closed); reason != engineio.TransportClose {
				t.Errorf("closed: %v", reason)
			}
		})
	}
}

// A peer that reads nothing is disconnected when the outbox is full, and costs no more than that.
func TestSlowReader(t *testing.T) {
	s := newSite(t, &engineio.Options{WriteTimeout: 200 * time.Millisecond}, nil)
	_, _, p := s.connect()
	big := message(true, make([]byte, 1<<20))
	var err error
	for range 100 { // the peer's window takes some
		if err = p.Send(big); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err == nil {
		t.Fatal("100 MiB were taken from a peer that reads nothing")
	}
	if reason := receive(t, p.closed); reason != engineio.TransportError {
		t.Errorf("closed: %v", reason)
	}
}

// Shutdown ends sessions, and who has not said yet what it came for, and waits for both.
func TestShutdown(t *testing.T) {
	s := newSite(t, nil, nil)
	c, _, p := s.connect()
	waiting := s.session() // not a byte on it
	half := s.session()
	half.write([]byte{20})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	p.Send(text("last"))
	done := make(chan error, 1)
	go func() { done <- s.engine.Shutdown(ctx) }()
	c.wantText("4last")
	c.wantEnd()
	waiting.wantEnd()
	half.wantEnd()
	if err := receive(t, done); err != nil {
		t.Fatal(err)
	}
	if reason := receive(t, p.closed); reason != engineio.ServerShutdown {
		t.Errorf("closed: %v", reason)
	}
	if _, res, err := s.dial(nil); err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after the shutdown: %v %v", res, err)
	}
}

// The rule about origins is that of WebSocket.
func TestOrigin(t *testing.T) {
	s := newSite(t, &engineio.Options{CORS: &engineio.CORS{Origins: []string{"https://friend.example"}}}, nil)
	own := "https://" + s.wt.Addr().String()
	for _, tt := range []struct {
		origin []string
		want   int
	}{
		{nil, 200},
		{[]string{own}, 200},
		{[]string{"https://friend.example"}, 200},
		{[]string{"https://evil.example"}, 403},
		{[]string{"null"}, 403},
		{[]string{own, own}, 400},
	} {
		h := http.Header{}
		for _, o := range tt.origin {
			h.Add("Origin", o)
		}
		_, res, err := s.dial(h)
		if res == nil || res.StatusCode != tt.want || (err == nil) != (tt.want == 200) {
			t.Errorf("origin %q: %v %v, want %d", tt.origin, res, err, tt.want)
		}
	}
}

// A hook that panics, or ends its goroutine, refuses that one session. No HTTP server stands above these hooks.
func TestRudeHooks(t *testing.T) {
	for name, rude := range map[string]func(){"panic": func() { panic("at the disco") }, "goexit": runtime.Goexit} {
		act := func(r *http.Request, where string) {
			if r.Header.Get("Rude") == where {
				rude()
			}
		}
		s := newSite(t, &engineio.Options{
			AllowRequest: func(r *http.Request) error {
				act(r, "allow")
				if r.Header.Get("Rude") == "report" {
					return fmt.Errorf("not you")
				}
				return nil
			},
			GenerateID: func(r *http.Request) (string, error) {
				act(r, "id")
				return rand.Text(), nil
			},
		}, echo, func(engine *engineio.Server) {
			engine.OnConnectionError(func(e engineio.ConnectionError) { act(e.Request, "report") })
		})
		for _, where := range []string{"allow", "id", "report"} {
			t.Run(name+" in "+where, func(t *testing.T) {
				c, _, err := s.dial(http.Header{"Rude": {where}})
				if err != nil {
					t.Fatal(err)
				}
				c.open()
				c.send("0")
				c.wantEnd()
				if n := s.engine.Count(); n != 0 {
					t.Errorf("%d sessions", n)
				}
			})
		}
	}
}

// AllowRequest is asked once, about a session of its own; an upgrade was asked about when its session began.
func TestAllowRequest(t *testing.T) {
	asked := make(chan string, 8)
	refused := make(chan engineio.ConnectionError, 8)
	s := newSite(t, &engineio.Options{AllowRequest: func(r *http.Request) error {
		asked <- r.Method
		if r.Header.Get("Token") == "no" {
			return fmt.Errorf("not you")
		}
		return nil
	}}, echo, func(engine *engineio.Server) {
		engine.OnConnectionError(func(e engineio.ConnectionError) { refused <- e })
	})

	c, _, err := s.dial(http.Header{"Token": {"no"}})
	if err != nil {
		t.Fatal(err)
	}
	c.open()
	c.send("0")
	c.wantEnd()
	if e := receive(t, refused); e.Code != engineio.CodeForbidden || e.Message != "not you" {
		t.Errorf("refused: %+v", e)
	}
	s.connect()

	_, h, _ := s.openPolling()
	c = s.upgrade(h.SID)
	c.send("2probe")
	c.wantText("3probe")
	c.send("5")
	c.send("4hello")
	c.wantText("4hello")
	var got []string
	for len(asked) > 0 {
		got = append(got, <-asked)
	}
	if want := []string{"CONNECT", "CONNECT", "GET"}; !slices.Equal(got, want) {
		t.Errorf("asked about %q, want %q", got, want)
	}
}

// Middleware runs for these requests as for all others, whatever it puts around the response.
func TestMiddleware(t *testing.T) {
	type key struct{}
	s := newSite(t, nil, echo, func(engine *engineio.Server) {
		engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Seen", r.Method)
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
			})
		})
	})
	c, res, err := s.dial(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Seen"); got != "CONNECT" {
		t.Errorf("header %q", got)
	}
	c.open()
	c.send("0")
	parseOpen(t, c.text())
	if got := s.next().Request().Context().Value(key{}); got != "value" {
		t.Errorf("context: %v", got)
	}
	c.send("4hello")
	c.wantText("4hello")
}

// A client of protocol 3 knows no WebTransport: it is not offered, and its session can't be moved there.
func TestNotForProtocol3(t *testing.T) {
	s := newSite(t, &engineio.Options{AllowEIO3: true}, nil)
	_, body := s.do("GET", "EIO=3&transport=polling&b64=1", "")
	_, packet, _ := strings.Cut(body, ":")
	if strings.Contains(body, "webtransport") {
		t.Errorf("handshake %q", body)
	}
	sid := s.next().ID()
	if !strings.Contains(packet, sid) {
		t.Fatalf("handshake %q", body)
	}
	s.upgrade(sid).wantEnd()
}

// The transport is for requests of its own kind, and where nobody set it up there is none.
func TestOnlyByItsOwnRequests(t *testing.T) {
	s := newSite(t, nil, nil)
	s.want(400, `{"code":0,"message":"Transport unknown"}`, "GET", "EIO=4&transport=webtransport", "")
	_, h, _ := s.openPolling()
	s.want(400, `{"code":0,"message":"Transport unknown"}`, "GET", "EIO=4&transport=webtransport&sid="+h.SID, "")

	without := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return &peer{closed: make(chan engineio.Reason, 1)} }, nil)
	defer without.Close()
	r := httptest.NewRequest("CONNECT", "/engine.io/", nil)
	r.Proto, r.ProtoMajor = "webtransport", 3
	w := httptest.NewRecorder()
	without.ServeHTTP(w, r)
	if w.Code != 400 || w.Header().Get("Connection") != "" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	without.ServeHTTP(w, httptest.NewRequest("GET", "/engine.io/?EIO=4&transport=polling", nil))
	if !strings.Contains(w.Body.String(), `"upgrades":["websocket"]`) {
		t.Errorf("handshake %q", w.Body)
	}
}

// The server of the option serves plain requests as well: polling works over HTTP/3.
func TestPollingOverHTTP3(t *testing.T) {
	s := newSite(t, nil, echo)
	h3 := &http3.Transport{TLSClientConfig: clientTLS()}
	defer h3.Close()
	ask := func(method, query, body string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.target+"?"+query, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := h3.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%d %q %v", res.StatusCode, b, err)
		}
		return string(b)
	}
	sid := parseOpen(t, ask("GET", "EIO=4&transport=polling", "")).SID
	q := "EIO=4&transport=polling&sid=" + sid
	if got := ask("POST", q, "4hello"); got != "ok" {
		t.Errorf("POST: %q", got)
	}
	if got := ask("GET", q, ""); got != "4hello" {
		t.Errorf("GET: %q", got)
	}
}
