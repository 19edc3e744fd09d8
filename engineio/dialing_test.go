package engineio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// patience ends a test that hangs. Nothing depends on its length.
const patience = time.Minute

// mailbox is a client's handler that keeps what comes.
type mailbox struct {
	messages chan engineio.Message
	closed   chan engineio.Reason
	err      error // Set before closed.
}

func newMailbox() *mailbox {
	return &mailbox{messages: make(chan engineio.Message, 10_000), closed: make(chan engineio.Reason, 1)}
}

func (m *mailbox) open(*engineio.Conn) engineio.Handler { return m }

func (m *mailbox) Message(_ *engineio.Conn, msg engineio.Message) { m.messages <- msg }

func (m *mailbox) Closed(_ *engineio.Conn, reason engineio.Reason, err error) {
	m.err = err
	m.closed <- reason
}

func (m *mailbox) next(t *testing.T) engineio.Message {
	t.Helper()
	select {
	case msg := <-m.messages:
		return msg
	case r := <-m.closed:
		t.Fatalf("session ended: %s (%v)", r, m.err)
	case <-time.After(patience):
		t.Fatal("no message")
	}
	panic("unreachable")
}

func (m *mailbox) reason(t *testing.T) engineio.Reason {
	t.Helper()
	select {
	case r := <-m.closed:
		return r
	case <-time.After(patience):
		t.Fatal("session did not end")
	}
	panic("unreachable")
}

// echoing answers each message with itself.
type echoing struct{ ended func(engineio.Reason) }

func (echoing) Message(c *engineio.Conn, m engineio.Message) {
	c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data}))
}

func (e echoing) Closed(_ *engineio.Conn, reason engineio.Reason, _ error) {
	if e.ended != nil {
		e.ended(reason)
	}
}

func words(format string, args ...any) *packet.Prepared {
	return packet.Prepare(packet.Packet{Type: packet.Message, Data: fmt.Appendf(nil, format, args...)})
}

// serveEcho starts a server of echoes, whose own client goes with it.
func serveEcho(t *testing.T, o *engineio.Options, ended func(engineio.Reason)) string {
	t.Helper()
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{ended} }, o)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		h.Close()
	})
	return h.URL
}

func dial(t *testing.T, url string, o *engineio.DialOptions) (*engineio.Conn, *mailbox) {
	t.Helper()
	m := newMailbox()
	c, err := engineio.Dial(t.Context(), url, m.open, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		c.Wait()
	})
	return c, m
}

func TestDialEchoesOverEachTransport(t *testing.T) {
	url := serveEcho(t, nil, nil)
	for _, name := range []string{"polling", "websocket"} {
		for _, base64 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s base64=%t", name, base64), func(t *testing.T) {
				c, m := dial(t, url, &engineio.DialOptions{Transports: []string{name}, ForceBase64: base64})
				if c.Transport() != name || len(c.ID()) != 20 {
					t.Errorf("transport %q, id %q", c.Transport(), c.ID())
				}
				big := strings.Repeat("€", 100_000)
				c.Send(words("hello"), words("%s", big), packet.Prepare(packet.Packet{Type: packet.Message, Binary: true, Data: []byte{0, 1, 2, 0xff}}))
				for _, want := range []string{"hello", big} {
					if got := m.next(t); string(got.Data) != want || got.Binary {
						t.Fatalf("got %.20q, want %.20q", got.Data, want)
					}
				}
				if got := m.next(t); !bytes.Equal(got.Data, []byte{0, 1, 2, 0xff}) || !got.Binary {
					t.Fatalf("got %q", got.Data)
				}
			})
		}
	}
}

func TestDialSurvivesRudeOwners(t *testing.T) {
	url := serveEcho(t, nil, nil)
	for name, open := range map[string]func(*engineio.Conn) engineio.Handler{
		"nil":    func(*engineio.Conn) engineio.Handler { return nil },
		"panic":  func(*engineio.Conn) engineio.Handler { panic("rude") },
		"goexit": func(*engineio.Conn) engineio.Handler { runtime.Goexit(); return nil },
	} {
		for _, transport := range []string{"polling", "websocket"} {
			t.Run(name+" "+transport, func(t *testing.T) {
				failed := make(chan error, 1)
				go func() {
					_, err := engineio.Dial(t.Context(), url, open, &engineio.DialOptions{
						Transports: []string{transport}, Logger: slog.New(slog.DiscardHandler),
					})
					failed <- err
				}()
				select {
				case err := <-failed:
					if err == nil {
						t.Error("no error")
					}
				case <-time.After(patience):
					t.Fatal("Dial does not return")
				}
			})
		}
	}
}

func TestDialUpgradesAndLosesNothing(t *testing.T) {
	url := serveEcho(t, &engineio.Options{OutboxPackets: 1 << 20}, nil) // whoever is slow to read is not cut
	upgraded := make(chan string, 1)
	c, m := dial(t, url, &engineio.DialOptions{OnUpgrade: func(name string) { upgraded <- name }})
	const n = 2000
	go func() {
		for i := range n {
			c.Send(words("%d", i))
			if i%20 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	for i := range n {
		if got := string(m.next(t).Data); got != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
	if name := <-upgraded; name != "websocket" || c.Transport() != name {
		t.Errorf("upgraded to %q, transport %q", name, c.Transport())
	}
}

func TestDialStaysOnPollingWhenTheUpgradeFails(t *testing.T) {
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{} }, nil)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer h.Close()
	defer s.Close()
	failed := make(chan error, 1)
	c, m := dial(t, h.URL, &engineio.DialOptions{OnUpgradeError: func(err error) { failed <- err }})
	var de *engineio.DialError
	if err := <-failed; !errors.As(err, &de) || de.Message != "probe error: Error: websocket error" || de.Status != http.StatusBadGateway {
		t.Errorf("upgrade error %v", err)
	}
	c.Send(words("still here"))
	if got := string(m.next(t).Data); got != "still here" {
		t.Errorf("got %q", got)
	}
	if c.Transport() != "polling" {
		t.Errorf("transport %q", c.Transport())
	}
}

func TestDialEndsWithTheReasonOfEachSide(t *testing.T) {
	for _, name := range []string{"polling", "websocket"} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan engineio.Reason, 1)
			url := serveEcho(t, nil, func(r engineio.Reason) { heard <- r })
			c, m := dial(t, url, &engineio.DialOptions{Transports: []string{name}})
			c.Send(words("last words"))
			c.Close()
			if r := m.reason(t); r != engineio.ForcedClose {
				t.Errorf("client's reason %q", r)
			}
			if r := <-heard; r != engineio.TransportClose {
				t.Errorf("server's reason %q", r)
			}
			c.Wait()
		})
	}
}

func TestDialHearsTheServerClose(t *testing.T) {
	for _, name := range []string{"polling", "websocket"} {
		t.Run(name, func(t *testing.T) {
			s := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
				time.AfterFunc(50*time.Millisecond, c.Close)
				return echoing{}
			}, nil)
			h := httptest.NewServer(s)
			defer h.Close()
			defer s.Close()
			_, m := dial(t, h.URL, &engineio.DialOptions{Transports: []string{name}})
			if r := m.reason(t); r != engineio.TransportClose {
				t.Errorf("reason %q (%v)", r, m.err)
			}
		})
	}
}

func TestDialNoticesASilentServer(t *testing.T) {
	// A server that believes in long intervals, and says it has short ones.
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{} }, nil)
	h := httptest.NewServer(shorten(s))
	defer h.Close()
	defer s.Close()
	for _, stay := range []bool{true, false} { // the upgrade makes the session one of WebSocket
		_, m := dial(t, h.URL, &engineio.DialOptions{NoUpgrade: stay})
		if r := m.reason(t); r != engineio.PingTimeout {
			t.Errorf("reason %q (%v)", r, m.err)
		}
	}
}

// shorten rewrites the heartbeat in the handshake of a server.
func shorten(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Query().Get("sid") != "" || r.Header.Get("Upgrade") != "" {
			h.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		body := strings.NewReplacer("25000", "50", "20000", "50").Replace(rec.Body.String())
		w.Write([]byte(body))
	})
}

func TestDialAnswersPings(t *testing.T) {
	url := serveEcho(t, &engineio.Options{PingInterval: 50 * time.Millisecond, PingTimeout: 5 * time.Second}, nil)
	for _, name := range []string{"polling", "websocket"} {
		pings := make(chan struct{}, 1000)
		c, m := dial(t, url, &engineio.DialOptions{Transports: []string{name}, OnPing: func() { pings <- struct{}{} }})
		for range 3 {
			<-pings
		}
		c.Send(words("alive"))
		if got := string(m.next(t).Data); got != "alive" {
			t.Errorf("got %q", got)
		}
	}
}

func TestDialFails(t *testing.T) {
	answer := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			w.Write([]byte(body))
		})
	}
	for _, c := range []struct {
		name      string
		transport string
		server    http.Handler
		message   string
		status    int
	}{
		{"refused", "polling", answer(403, "{}"), "xhr poll error", 403},
		{"page", "polling", answer(200, "<html>"), "server error", 0},
		{"empty", "polling", answer(200, ""), "server error", 0},
		{"no handshake", "polling", answer(200, "4hello"), "server error", 0},
		{"bad JSON", "polling", answer(200, "0{"), "server error", 0},
		{"no sid", "polling", answer(200, `0{"pingInterval":1,"pingTimeout":1}`), "server error", 0},
		{"no heartbeat", "polling", answer(200, `0{"sid":"a"}`), "server error", 0},
		{"endless", "polling", answer(200, strings.Repeat("4", 9<<20)), "xhr poll error", 200},
		{"refused", "websocket", answer(401, ""), "websocket error", 401},
		{"page", "websocket", answer(200, "<html>"), "websocket error", 200},
	} {
		t.Run(c.transport+" "+c.name, func(t *testing.T) {
			h := httptest.NewServer(c.server)
			defer h.Close()
			_, err := engineio.Dial(t.Context(), h.URL, newMailbox().open, &engineio.DialOptions{Transports: []string{c.transport}})
			var de *engineio.DialError
			if !errors.As(err, &de) || de.Message != c.message || de.Status != c.status {
				t.Errorf("error %#v (%v), want %q with status %d", err, errors.Unwrap(err), c.message, c.status)
			}
		})
	}
	if _, err := engineio.Dial(t.Context(), "ftp://example.com", newMailbox().open, nil); err == nil {
		t.Error("ftp is a transport")
	}
	if _, err := engineio.Dial(t.Context(), "http://example.com", newMailbox().open, &engineio.DialOptions{Transports: []string{"pigeon"}}); err == nil {
		t.Error("a pigeon is a transport")
	}
}

func TestDialTriesAllTransportsWhenAsked(t *testing.T) {
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{} }, &engineio.Options{Transports: []string{"websocket"}})
	h := httptest.NewServer(s)
	defer h.Close()
	defer s.Close()
	if _, err := engineio.Dial(t.Context(), h.URL, newMailbox().open, nil); err == nil {
		t.Error("the first transport opened")
	}
	c, _ := dial(t, h.URL, &engineio.DialOptions{TryAllTransports: true})
	if c.Transport() != "websocket" {
		t.Errorf("transport %q", c.Transport())
	}
}

func TestDialGivesUpWithItsContext(t *testing.T) {
	release := make(chan struct{})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer h.Close()
	defer close(release)
	for _, name := range []string{"polling", "websocket"} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := engineio.Dial(ctx, h.URL, newMailbox().open, &engineio.DialOptions{Transports: []string{name}})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The HTTP client brings TLS, cookies, the dialer and the proxy; all of them hold for WebSocket as well, also when the
// transport would rather speak HTTP/2.
func TestDialUsesTheHTTPClient(t *testing.T) {
	var cookies, dials atomic.Int32
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{} }, &engineio.Options{
		Cookie: &http.Cookie{Name: "sticky"},
	})
	h := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("sticky"); err == nil && r.Header.Get("Upgrade") != "" {
			cookies.Add(1)
		}
		s.ServeHTTP(w, r)
	}))
	h.EnableHTTP2 = true
	h.StartTLS()
	defer h.Close()
	defer s.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	hc := h.Client()
	hc.Jar = jar
	dialer := new(net.Dialer)
	hc.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		return dialer.DialContext(ctx, network, addr)
	}
	upgraded := make(chan string, 1)
	c, m := dial(t, h.URL, &engineio.DialOptions{HTTP: hc, OnUpgrade: func(name string) { upgraded <- name }})
	<-upgraded
	c.Send(words("secret"))
	if got := string(m.next(t).Data); got != "secret" {
		t.Errorf("got %q", got)
	}
	if cookies.Load() != 1 || dials.Load() < 2 {
		t.Errorf("cookies of the upgrade %d, dials %d", cookies.Load(), dials.Load())
	}
	if _, err := engineio.Dial(t.Context(), h.URL, newMailbox().open, nil); err == nil {
		t.Error("a certificate that nobody signed is good")
	}
}

func TestDialGoesThroughAProxy(t *testing.T) {
	target := serveEcho(t, nil, nil)
	var tunnels atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tunnels.Add(1)
		r.RequestURI = ""
		(&httputil.ReverseProxy{Director: func(*http.Request) {}}).ServeHTTP(w, r)
	}))
	defer proxy.Close()
	there, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(there)}
	defer tr.CloseIdleConnections()
	for _, name := range []string{"polling", "websocket"} {
		c, m := dial(t, target, &engineio.DialOptions{HTTP: &http.Client{Transport: tr}, Transports: []string{name}})
		c.Send(words("hi"))
		if got := string(m.next(t).Data); got != "hi" {
			t.Errorf("got %q", got)
		}
		if tunnels.Swap(0) == 0 {
			t.Errorf("%s went around the proxy", name)
		}
		c.Close()
		c.Wait()
	}
}

// A poll whose connection ends without a response is not sent again: the server has answered it, and what the answer held
// is lost. The session ends, so that somebody hears of it.
func TestDialNoticesALostPoll(t *testing.T) {
	var polls atomic.Int32
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost: // the goodbye
		case r.URL.Query().Get("sid") == "":
			w.Write([]byte(`0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000}`))
		case polls.Add(1) == 1:
			w.Write([]byte("4first"))
		default: // on a connection that was used before
			nc, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			nc.Close()
		}
	}))
	defer h.Close()
	c, m := dial(t, h.URL, &engineio.DialOptions{Transports: []string{"polling"}})
	if got := string(m.next(t).Data); got != "first" {
		t.Errorf("got %q", got)
	}
	if r := m.reason(t); r != engineio.TransportError {
		t.Errorf("reason %q", r)
	}
	c.Wait()
	if n := polls.Load(); n != 2 {
		t.Errorf("%d polls", n)
	}
}
