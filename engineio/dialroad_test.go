package engineio_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// What is different for a transport holds for its requests and for no others.
func TestDialTakesOptionsPerTransport(t *testing.T) {
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echoing{} }, nil)
	t.Cleanup(func() { s.Close() })
	var mu sync.Mutex
	seen := map[string]*http.Request{} // the last of each transport
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Query().Get("transport")] = r.Clone(context.Background())
		mu.Unlock()
		r.URL.Path = "/engine.io/"
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	var dials atomic.Int32
	dialer := new(net.Dialer)
	other := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		return dialer.DialContext(ctx, network, addr)
	}}
	t.Cleanup(other.CloseIdleConnections)
	upgraded := make(chan string, 1)
	c, m := dial(t, h.URL, &engineio.DialOptions{
		Query:          url.Values{"who": {"me"}, "color": {"red"}},
		Header:         http.Header{"X-All": {"all"}, "X-Color": {"red"}, "X-Quiet": {"1"}},
		OnUpgrade:      func(name string) { upgraded <- name },
		OnUpgradeError: func(err error) { t.Errorf("upgrade: %v", err) },
		TransportOptions: map[string]engineio.TransportOptions{"websocket": {
			Path: "/other", Query: url.Values{"color": {"blue"}}, HTTP: &http.Client{Transport: other},
			Header: http.Header{"x-color": {"blue"}, "X-Quiet": nil}, ForceBase64: true,
		}},
	})
	select {
	case <-upgraded:
	case <-time.After(patience):
		t.Fatal("no upgrade")
	}
	c.Send(words("hi"))
	if got := string(m.next(t).Data); got != "hi" {
		t.Errorf("got %q", got)
	}
	mu.Lock()
	defer mu.Unlock()
	for name, want := range map[string]string{
		"polling":   "/engine.io/ me red all red 1 ",
		"websocket": "/other/ me blue all blue  1",
	} {
		r := seen[name]
		q := r.URL.Query()
		got := strings.Join([]string{
			r.URL.Path, q.Get("who"), q.Get("color"), r.Header.Get("X-All"), r.Header.Get("X-Color"), r.Header.Get("X-Quiet"), q.Get("b64"),
		}, " ")
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if n := dials.Load(); n != 1 {
		t.Errorf("%d connections by the HTTP client of WebSocket", n)
	}
}

// A session over polling that the client has lost ends on the server as well, at once: the heartbeat would take a minute.
func TestDialTellsTheServerOfALostSession(t *testing.T) {
	ended := make(chan engineio.Reason, 1)
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler {
		return echoing{func(r engineio.Reason) { ended <- r }}
	}, nil)
	t.Cleanup(func() { s.Close() })
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Query().Get("sid") != "" {
			w.WriteHeader(http.StatusBadGateway) // somebody on the way; the server sees nothing
			return
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	c, m := dial(t, h.URL, &engineio.DialOptions{Transports: []string{"polling"}})
	if r := m.reason(t); r != engineio.TransportError {
		t.Errorf("reason %q", r)
	}
	c.Wait()
	select {
	case r := <-ended:
		if r != engineio.TransportClose {
			t.Errorf("the server's reason is %q", r)
		}
	default:
		t.Error("the server has not heard of it")
	}
}

// What can't be is said at once, and how it could be.
func TestDialRefusesNonsense(t *testing.T) {
	for _, c := range []struct {
		url  string
		o    engineio.DialOptions
		says string
	}{
		{"ftp://example.com", engineio.DialOptions{}, "http, https, ws, wss"},
		{"http:example.com", engineio.DialOptions{}, "no host"},
		{"http://exa mple.com", engineio.DialOptions{}, "address"},
		{"http://example.com", engineio.DialOptions{Transports: []string{"pigeon"}}, `"pigeon": there are polling, websocket`},
		{"http://example.com", engineio.DialOptions{Transports: []string{"webtransport"}}, "the option WebTransport"},
		{"http://example.com", engineio.DialOptions{TransportOptions: map[string]engineio.TransportOptions{"pigeon": {}}}, `TransportOptions: no transport "pigeon"`},
	} {
		_, err := engineio.Dial(t.Context(), c.url, newMailbox().open, &c.o)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v, want %q", c.url, c.o.Transports, err, c.says)
		}
	}
}
