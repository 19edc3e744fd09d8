package webtransport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	socketclient "github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/webtransport"
)

// The client in Go, over its own half of the transport.

// caller is the handler of a client's session.
type caller struct {
	messages chan engineio.Message
	closed   chan engineio.Reason
}

func (c *caller) Message(_ *engineio.Conn, m engineio.Message)             { c.messages <- m }
func (c *caller) Closed(_ *engineio.Conn, reason engineio.Reason, _ error) { c.closed <- reason }

// dialer trusts whatever certificate there is.
func dialer() *webtransport.Dialer { return &webtransport.Dialer{TLS: clientTLS()} }

// call dials, and hangs up at the end of the test.
func (s *site) call(o *engineio.DialOptions) (*engineio.Conn, *caller) {
	s.t.Helper()
	m := &caller{make(chan engineio.Message, 10_000), make(chan engineio.Reason, 1)}
	if o.WebTransport == nil {
		o.WebTransport = dialer()
	}
	target := s.target
	for _, name := range o.Transports {
		if name != "webtransport" {
			target = s.http.URL
		}
	}
	if len(o.Transports) == 0 {
		target = s.http.URL
	}
	c, err := engineio.Dial(s.t.Context(), target, func(*engineio.Conn) engineio.Handler { return m }, o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		c.Close()
		c.Wait()
	})
	return c, m
}

var only = []string{"webtransport"}

func TestDialDirectly(t *testing.T) {
	s := newSite(t, nil, echo)
	ctx, cancel := context.WithCancel(t.Context())
	m := &caller{make(chan engineio.Message, 100), make(chan engineio.Reason, 1)}
	c, err := engineio.Dial(ctx, s.target, func(*engineio.Conn) engineio.Handler { return m }, &engineio.DialOptions{Transports: only, WebTransport: dialer()})
	if err != nil {
		t.Fatal(err)
	}
	cancel() // it has no part in the session any more
	p := s.next()
	if c.Transport() != "webtransport" || c.ID() != p.ID() {
		t.Errorf("transport %q, id %q and %q", c.Transport(), c.ID(), p.ID())
	}
	for _, want := range [][]byte{[]byte("hello"), bytes.Repeat([]byte("€"), 200_000), {}} {
		for _, binary := range []bool{false, true} {
			if err := c.Send(message(binary, want)); err != nil {
				t.Fatal(err)
			}
			if got := receive(t, m.messages); got.Binary != binary || !bytes.Equal(got.Data, want) {
				t.Fatalf("%d bytes came back, binary %v; want %d, %v", len(got.Data), got.Binary, len(want), binary)
			}
		}
	}
	for i := range 200 {
		c.Send(text(fmt.Sprint(i)))
	}
	c.Close() // what was sent before arrives
	if r := receive(t, m.closed); r != engineio.ForcedClose {
		t.Errorf("the client's reason %q", r)
	}
	if r := receive(t, p.closed); r != engineio.TransportClose {
		t.Errorf("the server's reason %q", r)
	}
	c.Wait()
}

func TestDialLosesNothingAtClose(t *testing.T) {
	var got atomic.Int64
	s := newSite(t, nil, func(*engineio.Conn, engineio.Message) { got.Add(1) })
	c, _ := s.call(&engineio.DialOptions{Transports: only})
	p := s.next()
	const n = 2000
	for i := range n {
		if err := c.Send(text(fmt.Sprint(i, strings.Repeat(".", 500)))); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	receive(t, p.closed)
	if got.Load() != n {
		t.Errorf("%d of %d arrived", got.Load(), n)
	}
}

func TestDialMovesToWebTransport(t *testing.T) {
	s := newSite(t, nil, echo)
	upgraded := make(chan string, 2)
	c, m := s.call(&engineio.DialOptions{ // WebSocket has to wait for 200 ms only, which a busy machine may take for this
		Transports: []string{"polling", "webtransport"},
		OnUpgrade:  func(name string) { upgraded <- name }, OnUpgradeError: func(err error) { t.Error(errors.Unwrap(err)) },
	})
	const n = 500
	go func() {
		for i := range n {
			c.Send(text(fmt.Sprint(i)))
			if i%10 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	for i := range n {
		if got := string(receive(t, m.messages).Data); got != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
	if name := receive(t, upgraded); name != "webtransport" || c.Transport() != name {
		t.Errorf("moved to %q, transport %q", name, c.Transport())
	}
}

// deaf is a network that lets no UDP through.
type deaf struct{ net.PacketConn }

func (deaf) WriteTo(b []byte, _ net.Addr) (int, error) { return len(b), nil }

func TestDialMovesToWebSocketWhereUDPIsLost(t *testing.T) {
	s := newSite(t, nil, echo)
	upgraded := make(chan string, 2)
	d := dialer()
	d.ListenPacket = func(ctx context.Context) (net.PacketConn, error) {
		nc, err := net.ListenPacket("udp", "127.0.0.1:0")
		return deaf{nc}, err
	}
	c, m := s.call(&engineio.DialOptions{
		WebTransport: d, OnUpgrade: func(name string) { upgraded <- name },
		OnUpgradeError: func(err error) { t.Errorf("of the one that was given up: %v", err) },
	})
	if name := receive(t, upgraded); name != "websocket" {
		t.Errorf("moved to %q", name)
	}
	c.Send(text("here"))
	if got := receive(t, m.messages); string(got.Data) != "here" {
		t.Errorf("got %q", got.Data)
	}
}

func TestDialTriesTheNextTransport(t *testing.T) {
	s := newSite(t, &engineio.Options{Transports: []string{"polling", "websocket"}}, echo)
	o := &engineio.DialOptions{Transports: []string{"webtransport", "websocket"}, TryAllTransports: true, WebTransport: &webtransport.Dialer{}}
	c, _ := s.call(o) // its certificate is nobody's
	if c.Transport() != "websocket" {
		t.Errorf("transport %q", c.Transport())
	}
}

func TestDialFailsOverWebTransport(t *testing.T) {
	s := newSite(t, &engineio.Options{AllowRequest: func(*http.Request) error { return errors.New("nobody") }}, echo)
	elsewhere := &engineio.DialOptions{Transports: only, WebTransport: dialer(), Path: "/elsewhere"}
	proxied := &engineio.DialOptions{Transports: only, WebTransport: dialer(), HTTP: &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example"})},
	}}
	for name, c := range map[string]struct {
		o      *engineio.DialOptions
		status int
	}{
		"a path of another":              {elsewhere, 404},
		"a certificate nobody signed":    {&engineio.DialOptions{Transports: only, WebTransport: &webtransport.Dialer{}}, 0},
		"a proxy":                        {proxied, 0},
		"a server that refuses sessions": {&engineio.DialOptions{Transports: only, WebTransport: dialer()}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := engineio.Dial(t.Context(), s.target, func(*engineio.Conn) engineio.Handler { return &caller{} }, c.o)
			var de *engineio.DialError
			if !errors.As(err, &de) || de.Message != "webtransport error" || de.Status != c.status {
				t.Errorf("%#v (%v)", err, errors.Unwrap(err))
			}
		})
	}
	if _, err := engineio.Dial(t.Context(), s.target, func(*engineio.Conn) engineio.Handler { return &caller{} }, &engineio.DialOptions{Transports: only}); err == nil {
		t.Error("there is a WebTransport that nobody handed in")
	}
}

// A server that accepts and says nothing is given up with the context, wherever it stops.
func TestDialGivesUpWithItsContext(t *testing.T) {
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s := newSite(t, nil, nil, func(engine *engineio.Server) {
		engine.Use(func(http.Handler) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		})
	})
	for _, target := range []string{"https://" + silent.LocalAddr().String(), s.target} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		_, err = engineio.Dial(ctx, target, func(*engineio.Conn) engineio.Handler { return &caller{} }, &engineio.DialOptions{Transports: only, WebTransport: dialer()})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// TLS, cookies and headers are those of the HTTP client, the query is the caller's.
func TestDialBringsHeadersAndCookies(t *testing.T) {
	seen := make(chan *http.Request, 2)
	s := newSite(t, nil, echo, func(engine *engineio.Server) {
		engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen <- r
				http.SetCookie(w, &http.Cookie{Name: "sticky", Value: "node"})
				next.ServeHTTP(w, r)
			})
		})
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(s.target)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(target, []*http.Cookie{{Name: "a", Value: "1"}})
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	for _, cookie := range []string{"a=1", "a=1; sticky=node"} {
		c, _ := s.call(&engineio.DialOptions{
			Transports: only, WebTransport: &webtransport.Dialer{}, HTTP: &http.Client{Jar: jar, Transport: transport},
			Header: http.Header{"Token": {"abc"}}, Query: url.Values{"q": {"ä b"}},
		})
		r := receive(t, seen)
		if r.Header.Get("Token") != "abc" || r.Header.Get("Cookie") != cookie || r.URL.RawQuery != "q=%C3%A4+b" {
			t.Errorf("request %s with %v", r.URL, r.Header)
		}
		c.Close()
		c.Wait()
	}
}

func TestDialHearsTheEnd(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*site, *peer)
		want engineio.Reason
	}{
		"closed":       {func(_ *site, p *peer) { p.Close() }, engineio.TransportClose},
		"cut":          {func(_ *site, p *peer) { p.CloseWith(engineio.ForcedClose, nil) }, engineio.TransportClose},
		"no server":    {func(s *site, _ *peer) { s.wt.Close() }, engineio.TransportClose},
		"not a packet": {func(_ *site, p *peer) { p.Send(message(true, make([]byte, 2<<20))) }, engineio.TransportError},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil, nil)
			conn, m := s.call(&engineio.DialOptions{Transports: only, MaxMessage: 1 << 20})
			p := s.next()
			p.Send(text("hello"))
			receive(t, m.messages)
			p.Send(text("last"))
			if name != "closed" { // which alone lets it arrive for sure
				receive(t, m.messages)
			}
			c.end(s, p)
			if name == "closed" {
				if got := receive(t, m.messages); string(got.Data) != "last" {
					t.Errorf("got %q", got.Data)
				}
			}
			if r := receive(t, m.closed); r != c.want {
				t.Errorf("reason %q, want %q", r, c.want)
			}
			conn.Wait()
		})
	}
}

func TestDialNoticesASilentServer(t *testing.T) {
	s := newSite(t, &engineio.Options{PingInterval: 50 * time.Millisecond, PingTimeout: 50 * time.Millisecond}, nil)
	_, m := s.call(&engineio.DialOptions{Transports: only, WebTransport: &webtransport.Dialer{TLS: clientTLS(), ListenPacket: func(context.Context) (net.PacketConn, error) {
		nc, err := net.ListenPacket("udp", "127.0.0.1:0")
		return &fading{PacketConn: nc}, err
	}}})
	if r := receive(t, m.closed); r != engineio.PingTimeout {
		t.Errorf("reason %q", r)
	}
}

func TestDialAnswersPings(t *testing.T) {
	s := newSite(t, &engineio.Options{PingInterval: 20 * time.Millisecond, PingTimeout: 5 * time.Second}, echo)
	pings := make(chan struct{}, 1000)
	c, m := s.call(&engineio.DialOptions{Transports: only, OnPing: func() { pings <- struct{}{} }})
	for range 5 {
		receive(t, pings)
	}
	c.Send(text("alive"))
	if got := receive(t, m.messages); string(got.Data) != "alive" {
		t.Errorf("got %q", got.Data)
	}
}

// fading loses all that comes after the first packets.
type fading struct {
	net.PacketConn
	n atomic.Int32
}

func (f *fading) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, a, err := f.PacketConn.ReadFrom(b)
		if err != nil || f.n.Add(1) < 40 {
			return n, a, err
		}
	}
}

// The client of Socket.IO moves there, says so, and begins there the next time if it is to remember.
func TestClientMovesToWebTransport(t *testing.T) {
	s := newSocketIO(t)
	c, err := socketclient.New(s.url, &socketclient.Options{RememberUpgrade: true, ReconnectionDelay: time.Millisecond, Engine: engineio.DialOptions{
		Transports: []string{"polling", "webtransport"}, WebTransport: dialer(), // WebSocket may win on a busy machine
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	upgrades, connecting := make(chan string, 4), make(chan string, 4)
	c.Manager().OnUpgrade(func(name string) { upgrades <- name })
	c.OnConnecting(func(name string) { connecting <- name })
	echoes := func() {
		t.Helper()
		want := []byte(strings.Repeat("\x00\xff", 50_000))
		if got, err := c.Call[[]byte](t.Context(), "echo", want); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	c.Connect()
	echoes()
	if name := receive(t, connecting); name != "polling" {
		t.Errorf("it began with %q", name)
	}
	if name := receive(t, upgrades); name != "webtransport" {
		t.Errorf("it moved to %q", name)
	}
	echoes()
	c.Manager().Conn().Close() // lost, as far as the client knows
	if name := receive(t, connecting); name != "webtransport" {
		t.Errorf("it began again with %q", name)
	}
	echoes()
	gone := make(chan socketclient.DisconnectReason, 1)
	c.OnDisconnect(func(r socketclient.DisconnectReason, _ error) { gone <- r })
	c.Emit("bye")
	if r := receive(t, gone); r != socketclient.ServerDisconnect {
		t.Errorf("reason %q", r)
	}
}
