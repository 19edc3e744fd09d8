package official

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// mailbox is the handler of a client's session, and of the server's.
type mailbox struct {
	messages chan engineio.Message
	closed   chan error
	reason   engineio.Reason // Set before closed.
}

func newMailbox() *mailbox {
	return &mailbox{messages: make(chan engineio.Message, 100), closed: make(chan error, 1)}
}

func (m *mailbox) Message(_ *engineio.Conn, msg engineio.Message) { m.messages <- msg }

func (m *mailbox) Closed(_ *engineio.Conn, reason engineio.Reason, err error) {
	m.reason = reason
	m.closed <- err
}

// helper is the handler of the server that the tests of the Engine.IO client talk to.
type helper struct{}

func say(c *engineio.Conn, binary bool, data string) {
	c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Binary: binary, Data: []byte(data)}))
}

func (helper) Message(c *engineio.Conn, m engineio.Message) {
	if string(m.Data) != "sendHeaders" {
		say(c, m.Binary, string(m.Data))
		return
	}
	text, _ := json.Marshal(m.Header)
	say(c, false, string(text))
}

func (helper) Closed(*engineio.Conn, engineio.Reason, error) {}

func serveEngine(t *testing.T) string {
	s := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
		say(c, false, "hi")
		return helper{}
	}, &engineio.Options{
		PingInterval: 500 * time.Millisecond, MaxPayload: 100, PerMessageDeflate: &engineio.PerMessageDeflate{},
		AllowRequest: func(r *http.Request) error {
			if deny := r.URL.Query().Get("deny"); deny != "" && deny == r.URL.Query().Get("transport") {
				return errors.New("no")
			}
			return nil
		},
		InitialHeaders: func(h http.Header, _ *http.Request) {
			h["Set-Cookie"] = []string{"1=1; Max-Age=86400", "2=2; Path=/; HttpOnly; SameSite=Strict", "3=3; Max-Age=0", "4=4; Expires=" + time.Now().UTC().Format(http.TimeFormat)}
		},
	})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); q.Has("refuse") && q.Get("refuse") == q.Get("transport") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		s.Close()
		h.Close()
	})
	return h.URL
}

// dial opens a session, and ends it with the test.
func (l lab) dial(o *engineio.DialOptions) (*engineio.Conn, *mailbox) {
	l.Helper()
	m := newMailbox()
	c, err := engineio.Dial(l.Context(), l.url, func(*engineio.Conn) engineio.Handler { return m }, o)
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() {
		c.Close()
		c.Wait()
	})
	return c, m
}

func over(transports ...string) *engineio.DialOptions {
	return &engineio.DialOptions{Transports: transports}
}

// comesBack fails the test unless the next message is this one.
func comesBack(l lab, m *mailbox, binary bool, want string) {
	l.Helper()
	if got := next(l, m.messages); string(got.Data) != want || got.Binary != binary {
		l.Errorf("got %q (binary %v), want %q", got.Data, got.Binary, want)
	}
}

func dialError(l lab, err error, message string, status int) {
	l.Helper()
	var de *engineio.DialError
	if !errors.As(err, &de) || de.Message != message || de.Status != status {
		l.Errorf("%#v, want %q with status %d", err, message, status)
	}
}

// closesWhileUpgrading sends and closes at all moments of an upgrade: what was sent before arrives.
func closesWhileUpgrading(l lab) {
	got := make(chan engineio.Message, 100)
	gone := make(chan struct{}, 100)
	s := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return witness{got, gone} }, nil)
	h := httptest.NewServer(s)
	defer h.Close()
	defer s.Close()
	for i := range 20 {
		c, m := lab{l.T, h.URL}.dial(nil)
		time.Sleep(time.Duration(8*i) * time.Millisecond) // the change takes about 100 ms
		say(c, false, "one")
		say(c, true, "two")
		c.Close()
		for _, want := range []string{"one", "two"} {
			if v := next(l, got); string(v.Data) != want {
				l.Errorf("got %q, want %q", v.Data, want)
			}
		}
		next(l, m.closed)
		next(l, gone)
	}
}

// witness is a server's handler that keeps what comes.
type witness struct {
	got  chan engineio.Message
	gone chan struct{}
}

func (w witness) Message(_ *engineio.Conn, m engineio.Message)  { w.got <- m }
func (w witness) Closed(*engineio.Conn, engineio.Reason, error) { w.gone <- struct{}{} }

// engine.io-client/test/connection.js, socket.js, arraybuffer and node.js
func TestEngine(t *testing.T) {
	echoes := func(o *engineio.DialOptions, texts ...string) func(lab) {
		return func(l lab) {
			c, m := l.dial(o)
			comesBack(l, m, false, "hi")
			for i, text := range texts {
				say(c, i%2 == 1, text)
				comesBack(l, m, i%2 == 1, text)
			}
		}
	}
	const emoji = "\U00010000-\U000EFC00\U000F0000-\U0010FFFF\uE000-\uF8FF"
	const money = "cash money €€€"
	merges := func(binary bool, messages ...string) func(lab) {
		return func(l lab) {
			c, m := l.dial(over("polling"))
			comesBack(l, m, false, "hi")
			for _, text := range messages {
				say(c, binary, text)
			}
			for _, text := range messages {
				comesBack(l, m, binary, text)
			}
		}
	}
	second := func(first, then string) func(lab) {
		return func(l lab) {
			o := over(first, then)
			o.TryAllTransports, o.Query = true, url.Values{"deny": {first}}
			if c, _ := l.dial(o); c.Transport() != then {
				l.Error(c.Transport())
			}
		}
	}
	headers := func(jar http.CookieJar, want string) func(lab) {
		return func(l lab) {
			o := over("polling")
			transport := &http.Transport{}
			l.Cleanup(transport.CloseIdleConnections)
			o.HTTP = &http.Client{Jar: jar, Transport: transport}
			c, m := l.dial(o)
			comesBack(l, m, false, "hi")
			say(c, false, "sendHeaders")
			var h http.Header
			if err := json.Unmarshal(next(l, m.messages).Data, &h); err != nil || h.Get("Cookie") != want {
				l.Errorf("cookie %q, want %q, %v", h.Get("Cookie"), want, err)
			}
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	titles{
		"should connect to localhost":                         echoes(nil),
		"should connect to localhost (ws)":                    echoes(over("websocket")),
		"should receive multibyte utf-8 strings with polling": echoes(over("polling"), money),
		"should receive emoji":                                echoes(nil, emoji),
		"should not send packets if socket closes": func(l lab) {
			c, m := l.dial(nil)
			comesBack(l, m, false, "hi")
			c.Close()
			if err := c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte("hi")})); err == nil {
				l.Error("it was taken")
			}
		},
		"should merge packets according to maxPayload value":        merges(false, strings.Repeat("a", 99), strings.Repeat("b", 30), strings.Repeat("c", 30), strings.Repeat("d", 35), strings.Repeat("€", 33), strings.Repeat("f", 99)),
		"should merge binary packets according to maxPayload value": merges(true, strings.Repeat("a", 72), strings.Repeat("b", 20), strings.Repeat("c", 20), strings.Repeat("d", 20), strings.Repeat("e", 72)),
		"should send a packet whose length is above the maxPayload value anyway": func(l lab) {
			c, m := l.dial(over("polling"))
			say(c, false, strings.Repeat("a", 101))
			say(c, false, "b")
			next(l, m.closed)
		},
		"should defer close when upgrading":                       closesWhileUpgrading,
		"should send all buffered packets if closing is deferred": closesWhileUpgrading,
		"should not send packets if closing is deferred": func(l lab) {
			c, _ := l.dial(nil) // which is about to be upgraded
			c.Close()
			if err := c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte("hi")})); err == nil {
				l.Error("it was taken")
			}
		},
		"should close on upgradeError if closing is deferred": func(l lab) {
			o := &engineio.DialOptions{Query: url.Values{"refuse": {"websocket"}}}
			c, m := l.dial(o)
			comesBack(l, m, false, "hi")
			c.Close()
			next(l, m.closed)
			c.Wait()
		},
		"should be able to receive binary data when bouncing it back (polling)":               echoes(over("polling"), "", "\x00\x01\x02\x03\x04\xff"),
		"should be able to receive binary data and a multibyte utf-8 string (polling)":        echoes(over("polling"), money, "\x00\x01\x02\x03\x04\xff"),
		"should be able to receive binary data when forcing base64 (polling)":                 echoes(&engineio.DialOptions{Transports: []string{"polling"}, ForceBase64: true}, "", "\x00\x01\x02\x03\x04\xff"),
		"should be able to receive binary data when bouncing it back (ws)":                    echoes(over("websocket"), "", "\x00\x01\x02\x03\x04\xff"),
		"should be able to receive binary data and a multibyte utf-8 string (ws)":             echoes(over("websocket"), money, "\x00\x01\x02\x03\x04\xff"),
		"should be able to receive binary data when bouncing it back and forcing base64 (ws)": echoes(&engineio.DialOptions{Transports: []string{"websocket"}, ForceBase64: true}, "", "\x00\x01\x02\x03\x04\xff"),
		"should return only available transports": func(l lab) {
			c, m := l.dial(&engineio.DialOptions{Transports: []string{"polling"}, OnUpgrade: func(name string) { l.Error(name) }})
			comesBack(l, m, false, "hi")
			still()
			if c.Transport() != "polling" {
				l.Error(c.Transport())
			}
		},
		"should not mutate the caller's transports option": func(l lab) {
			o := over("websocket", "polling")
			l.dial(o)
			if got := fmt.Sprint(o.Transports); got != "[websocket polling]" {
				l.Error(got)
			}
		},
		"should connect with the 2nd transport if tryAllTransports is `true` (polling)":   second("websocket", "polling"),
		"should connect with the 2nd transport if tryAllTransports is `true` (websocket)": second("polling", "websocket"),
		"should not connect with the 2nd transport if tryAllTransports is `false`": func(l lab) {
			o := over("polling", "websocket")
			o.Query = url.Values{"deny": {"polling"}}
			_, err := engineio.Dial(l.Context(), l.url, func(*engineio.Conn) engineio.Handler { return newMailbox() }, o)
			dialError(l, err, "xhr poll error", 403)
		},
		"provides details when maxHttpBufferSize is reached (polling)": func(l lab) {
			c, m := l.dial(over("polling"))
			say(c, false, strings.Repeat("a", 101))
			if err := next(l, m.closed); m.reason != engineio.TransportError {
				l.Error(m.reason)
			} else {
				dialError(l, err, "xhr post error", 413)
			}
		},
		"provides details when maxHttpBufferSize is reached (websocket)": func(l lab) {
			c, m := l.dial(over("websocket"))
			say(c, false, strings.Repeat("a", 101))
			if err := next(l, m.closed); m.reason != engineio.TransportClose || !strings.Contains(fmt.Sprint(err), "1009") {
				l.Error(m.reason, err)
			}
		},
		"provides details when the session ID is unknown (polling)": func(l lab) {
			o := over("polling")
			o.Query = url.Values{"sid": {"abc"}}
			_, err := engineio.Dial(l.Context(), l.url, func(*engineio.Conn) engineio.Handler { return newMailbox() }, o)
			dialError(l, err, "xhr poll error", 400)
		},
		"provides details when the session ID is unknown (websocket)": func(l lab) {
			o := over("websocket")
			o.Query = url.Values{"sid": {"abc"}}
			_, err := engineio.Dial(l.Context(), l.url, func(*engineio.Conn) engineio.Handler { return newMailbox() }, o)
			dialError(l, err, "websocket error", 400)
		},
		"should send cookies with withCredentials: true":      headers(jar, "1=1; 2=2"),
		"should not send cookies with withCredentials: false": headers(nil, ""),
		"should not compress when the byte size is below threshold": func(l lab) {
			var wire wiretap
			transport := &http.Transport{DialContext: wire.dial}
			l.Cleanup(transport.CloseIdleConnections)
			c, m := l.dial(&engineio.DialOptions{Transports: []string{"websocket"}, PerMessageDeflate: &engineio.PerMessageDeflate{}, HTTP: &http.Client{Transport: transport}})
			comesBack(l, m, false, "hi")
			wire.compressed.Store(false)
			text := strings.Repeat("hi", 48)
			say(c, false, text)
			comesBack(l, m, false, text)
			if wire.compressed.Load() {
				l.Error("it was compressed")
			}
		},
		"should set threshold": func(l lab) {
			var wire wiretap
			transport := &http.Transport{DialContext: wire.dial}
			l.Cleanup(transport.CloseIdleConnections)
			c, m := l.dial(&engineio.DialOptions{Transports: []string{"websocket"}, PerMessageDeflate: &engineio.PerMessageDeflate{Threshold: -1}, HTTP: &http.Client{Transport: transport}})
			comesBack(l, m, false, "hi")
			text := strings.Repeat("hi", 48)
			say(c, false, text)
			comesBack(l, m, false, text)
			if !wire.compressed.Load() {
				l.Error("it was not compressed")
			}
		},
	}.run(t, serveEngine(t))
}

// wiretap sees whether a client sends a compressed frame.
type wiretap struct{ compressed atomic.Bool }

func (w *wiretap) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	return tapped{c, w}, err
}

type tapped struct {
	net.Conn
	w *wiretap
}

func (t tapped) Write(b []byte) (int, error) {
	if len(b) > 0 && (b[0] == 0xc1 || b[0] == 0xc2) {
		t.w.compressed.Store(true)
	}
	return t.Conn.Write(b)
}

// recorder is an HTTP transport that notes where a request would go.
type recorder struct{ url chan *http.Request }

func (r recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	r.url <- q
	return nil, errors.New("not here")
}

// asked is the first request of a client.
func asked(l lab, address string, o engineio.DialOptions) *http.Request {
	l.Helper()
	r := recorder{make(chan *http.Request, 9)}
	o.HTTP = &http.Client{Transport: r}
	if _, err := engineio.Dial(l.Context(), address, func(*engineio.Conn) engineio.Handler { return newMailbox() }, &o); err == nil {
		l.Fatal("connected")
	}
	return next(l, r.url)
}

// engine.io-client/test/engine.io-client.js, transport.js and parseuri.js
func TestAddresses(t *testing.T) {
	goes := func(address string, o engineio.DialOptions, want string) func(lab) {
		return func(l lab) {
			o.TimestampParam = cmp.Or(o.TimestampParam, "-")
			if got := asked(l, address, o).URL.String(); got != want {
				l.Errorf("%s, want %s", got, want)
			}
		}
	}
	poll, ws := engineio.DialOptions{Transports: []string{"polling"}}, engineio.DialOptions{Transports: []string{"websocket"}}
	with := func(o engineio.DialOptions, change func(*engineio.DialOptions)) engineio.DialOptions {
		change(&o)
		return o
	}
	const polling, socket = "/engine.io/?EIO=4&transport=polling", "/engine.io/?EIO=4&transport=websocket"
	stamped := func(o engineio.DialOptions, name string) func(lab) {
		return func(l lab) {
			if q := asked(l, "http://localhost", o).URL.Query(); len(q.Get(name)) < 8 {
				l.Error(q)
			}
		}
	}
	brings := func(o engineio.DialOptions) func(lab) {
		return func(l lab) {
			o.Header = http.Header{"X-Custom-Header-For-My-Project": {"my-secret-access-token"}, "Cookie": {"user_session=abc"}}
			h := asked(l, "http://localhost", o).Header
			for name, values := range o.Header {
				if h.Get(name) != values[0] {
					l.Errorf("%s: %q", name, h.Get(name))
				}
			}
		}
	}
	titles{
		"should properly parse http uri without port":        goes("http://localhost", poll, "http://localhost"+polling),
		"should properly parse https uri without port":       goes("https://localhost", poll, "https://localhost"+polling),
		"should properly parse wss uri without port":         goes("wss://localhost", poll, "https://localhost"+polling),
		"should properly parse wss uri with port":            goes("wss://localhost:2020", poll, "https://localhost:2020"+polling),
		"should properly handle the addTrailingSlash option": goes("http://localhost", with(poll, func(o *engineio.DialOptions) { o.NoTrailingSlash = true }), "http://localhost/engine.io?EIO=4&transport=polling"),
		"should properly parse an IPv6 uri without port":     goes("http://[::1]", poll, "http://[::1]"+polling),
		"should properly parse an IPv6 uri with port":        goes("http://[::1]:8080", poll, "http://[::1]:8080"+polling),
		"should generate an http uri":                        goes("http://localhost", with(poll, func(o *engineio.DialOptions) { o.Query = url.Values{"sid": {"test"}} }), "http://localhost/engine.io/?EIO=4&sid=test&transport=polling"),
		"should generate an http uri w/o a port":             goes("http://localhost:80", poll, "http://localhost:80"+polling),
		"should generate an http uri with a port":            goes("http://localhost:3000", poll, "http://localhost:3000"+polling),
		"should generate an https uri w/o a port":            goes("https://localhost", poll, "https://localhost"+polling),
		"should generate an https uri with a port":           goes("https://localhost:8443", poll, "https://localhost:8443"+polling),
		"should generate an ipv6 uri":                        goes("http://[::1]", poll, "http://[::1]"+polling),
		"should generate an ipv6 uri with port":              goes("http://[::1]:8080", poll, "http://[::1]:8080"+polling),
		"should generate a ws uri":                           goes("ws://test", ws, "http://test"+socket),
		"should generate a wss uri":                          goes("wss://test", ws, "https://test"+socket),
		"should generate a ws ipv6 uri":                      goes("ws://[::1]", ws, "http://[::1]"+socket),
		"should generate a ws ipv6 uri with port":            goes("ws://[::1]:8080", ws, "http://[::1]:8080"+socket),
		"should generate a timestamped uri":                  stamped(poll, "t"),
		"should timestamp ws uris":                           stamped(with(ws, func(o *engineio.DialOptions) { o.TimestampParam, o.TimestampAll = "woot", true }), "woot"),
		"should accept an `agent` option for WebSockets":     goes("http://localhost", ws, "http://localhost"+socket),
		"should accept an `agent` option for XMLHttpRequest": goes("http://localhost", poll, "http://localhost"+polling),
		"should correctly set them for WebSockets":           brings(ws),
		"should correctly set them for XMLHttpRequest":       brings(poll),
		"should parse an uri": func(l lab) {
			for address, want := range map[string]string{
				"http://google.com":                                  "http://google.com" + polling,
				"https://www.google.com:80":                          "https://www.google.com:80" + polling,
				"http://www.google.com:80/foo/bar":                   "http://www.google.com:80" + polling,
				"http://foo:bar@www.google.com:80/foo":               "http://foo:bar@www.google.com:80" + polling,
				"https://example.com?q=%C3%A4+b":                     "https://example.com/engine.io/?EIO=4&q=%C3%A4+b&transport=polling",
				"http://[2001:db8:85a3::8a2e:370:7334]:80/foo?a=b#c": "http://[2001:db8:85a3::8a2e:370:7334]:80/engine.io/?EIO=4&a=b&transport=polling",
			} {
				goes(address, poll, want)(l)
			}
			for _, address := range []string{"google.com", "//google.com", "ftp://google.com", "http://", "http://a b"} {
				if _, err := engineio.Dial(l.Context(), address, nil, nil); err == nil {
					l.Errorf("%q is an address", address)
				}
			}
		},
	}.run(t, "")
}
