package engineio_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/engineio"
)

const (
	transportUnknown = `{"code":0,"message":"Transport unknown"}`
	sidUnknown       = unknown
	badMethod        = `{"code":2,"message":"Bad handshake method"}`
	badRequest       = `{"code":3,"message":"Bad request"}`
	forbidden        = `{"code":4,"message":"Forbidden"}`
	badVersion       = `{"code":5,"message":"Unsupported protocol version"}`
)

// Of several faults the first in this order is reported: transport, Origin, session, method, upgrade, origin rule,
// AllowRequest, version.
func TestCheckOrder(t *testing.T) {
	asked := 0
	o := &engineio.Options{AllowRequest: func(r *http.Request) error {
		asked++
		if r.URL.Query().Has("deny") {
			return errors.New("")
		}
		if r.URL.Query().Has("why") {
			return errors.New("token expired")
		}
		return nil
	}}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		asked = 0
		for _, tt := range []struct {
			name, method, query string
			header              []string
			status              int
			body                string
			asked               int
		}{
			{"transport before all", "POST", "transport=abc&sid=x&deny", nil, 400, transportUnknown, 0},
			{"transport named twice", "GET", "EIO=4&transport=polling&transport=polling", nil, 400, transportUnknown, 0},
			{"transport __proto__", "GET", "EIO=4&transport=__proto__", nil, 400, transportUnknown, 0},
			{"transport as an array", "GET", "EIO=4&transport[]=polling", nil, 400, transportUnknown, 0},
			{"two origins before session", "GET", "EIO=4&transport=polling&sid=x", []string{"Origin", "http://a", "Origin", "http://b"}, 400, badRequest, 0},
			{"session before method", "PUT", "EIO=4&transport=polling&sid=x", nil, 400, sidUnknown, 0},
			{"session __proto__", "GET", "EIO=4&transport=polling&sid=__proto__", nil, 400, sidUnknown, 0},
			{"session constructor", "POST", "EIO=4&transport=polling&sid=constructor", nil, 400, sidUnknown, 0},
			{"session named twice", "GET", q + "&sid=x", nil, 400, sidUnknown, 0},
			{"session on another transport", "GET", asWebSocket(q), nil, 400, badRequest, 0},
			{"session with another version", "GET", strings.Replace(q, "EIO=4", "EIO=3", 1), nil, 400, badRequest, 0},
			{"session without a version", "GET", strings.Replace(q, "EIO=4", "", 1), nil, 400, badRequest, 0},
			{"method before AllowRequest", "POST", "transport=polling&deny", nil, 400, badMethod, 0},
			{"WebSocket without upgrade", "GET", "transport=websocket&deny", nil, 400, badRequest, 0},
			{"AllowRequest before version", "GET", "transport=polling&deny", nil, 403, forbidden, 1},
			{"AllowRequest with a reason", "GET", "EIO=4&transport=polling&why", nil, 403, `{"code":4,"message":"token expired"}`, 1},
			{"version last", "GET", "EIO=3&transport=polling", nil, 400, badVersion, 1},
			{"AllowRequest is not asked for a session", "GET", q, nil, 200, "2", 0},
		} {
			asked = 0
			s.t = t
			a := s.do(tt.method, tt.query, "", tt.header...)
			if a.status != tt.status || a.body != tt.body || asked != tt.asked {
				t.Errorf("%s: got %d %q, asked %d times; want %d %q, %d", tt.name, a.status, a.body, asked, tt.status, tt.body, tt.asked)
			}
			if ct := a.header.Get("Content-Type"); tt.status >= 400 && ct != "application/json" {
				t.Errorf("%s: content type %q", tt.name, ct)
			}
		}
	})
}

// A refused upgrade gets the same answer as any request, and no 101.
func TestRefusedUpgrade(t *testing.T) {
	o := &engineio.Options{AllowRequest: func(r *http.Request) error {
		if r.URL.Query().Has("deny") {
			return errors.New("")
		}
		return nil
	}}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		s.wantRefused(400, transportUnknown, "EIO=4&transport=__proto__", "")
		s.wantRefused(400, transportUnknown, "EIO=4&transport=websocket&transport=websocket", "")
		s.wantRefused(400, badRequest, "EIO=4&transport=polling", "")
		s.wantRefused(400, sidUnknown, "EIO=4&transport=websocket&sid=__proto__", "")
		s.wantRefused(403, forbidden, "EIO=4&transport=websocket&deny", "")
		s.wantRefused(400, badVersion, "EIO=3&transport=websocket", "")
		s.wantRefused(403, forbidden, "EIO=4&transport=websocket", "Origin: https://evil.example\r\n")
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

// RFC 6455 section 4.2.1: what is wrong with a WebSocket handshake.
func TestWebSocketHandshake(t *testing.T) {
	const query = "EIO=4&transport=websocket"
	good := strings.Replace(goodHandshake, "%s", query, 1)
	for _, tt := range []struct {
		name, old, new string
		status         int
	}{
		{"good", "", "", 101},
		{"token lists", "Connection: Upgrade", "Connection: keep-alive, Upgrade", 101},
		{"token list over two lines, lower case", "Connection: Upgrade", "Connection: keep-alive\r\nconnection: upgrade", 101},
		{"upgrade names two protocols", "Upgrade: websocket", "Upgrade: h2c, WebSocket", 101},
		{"many headers", "Upgrade: websocket", "Upgrade: websocket\r\n" + strings.Repeat("X-A: b\r\n", 300) + "X-B: c", 101},
		{"extensions that look like properties", "Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: constructor", 101},
		{"no key", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "", 400},
		{"short key", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAA", 400},
		{"key that is not base64", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAA!==", 400},
		{"two keys", "Sec-WebSocket-Key", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Key", 400},
		{"version 8", "Version: 13", "Version: 8", 426},
		{"no version", "Sec-WebSocket-Version: 13\r\n", "", 426},
		{"two versions", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13", 426},
		{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", 400},
		{"no upgrade", "Upgrade: websocket", "X-Upgrade: websocket", 400},
		{"connection does not say upgrade", "Connection: Upgrade", "Connection: keep-alive", 400},
		{"POST", "GET", "POST", 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, echo, func(t *testing.T, s *site) {
				_, res := s.raw(strings.Replace(good, tt.old, tt.new, 1) + "\r\n")
				if res.StatusCode != tt.status {
					t.Fatalf("status %d, want %d", res.StatusCode, tt.status)
				}
				switch tt.status {
				case 101:
					if got := res.Header.Get("Sec-WebSocket-Accept"); got != "ICX+Yqv66kxgM0FcWaLWlFLwTAI=" {
						t.Errorf("accept %q", got)
					}
				case 426:
					if got := res.Header.Get("Sec-WebSocket-Version"); got != "13" {
						t.Errorf("version %q", got)
					}
				}
				if n, want := s.engine.Count(), map[bool]int{true: 1}[tt.status == 101]; n != want {
					t.Errorf("%d sessions", n)
				}
			})
		})
	}
}

// A WebSocket handshake without Origin is allowed; with one, it must be this host or be listed.
func TestOriginRule(t *testing.T) {
	listed := &engineio.CORS{Origins: []string{"https://app.example"}}
	asked := &engineio.CORS{AllowOrigin: func(_ *http.Request, origin string) bool { return strings.HasSuffix(origin, ".app.example") }}
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for _, tt := range []struct {
		name, origin, host, forwarded string
		cors                          *engineio.CORS
		proxies                       []netip.Prefix
		status                        int
	}{
		{"none", "", "a.example", "", nil, nil, 101},
		{"same host", "http://a.example", "a.example", "", nil, nil, 101},
		{"same host and port", "http://a.example:3000", "a.example:3000", "", nil, nil, 101},
		{"case does not matter", "http://A.example", "a.Example", "", nil, nil, 101},
		{"default port", "https://a.example", "a.example:443", "", nil, nil, 101},
		{"other port", "http://a.example:3001", "a.example:3000", "", nil, nil, 403},
		{"other host", "http://evil.example", "a.example", "", nil, nil, 403},
		{"host as a suffix", "http://evila.example", "a.example", "", nil, nil, 403},
		{"null", "null", "a.example", "", nil, nil, 403},
		{"garbage", "%zz", "a.example", "", nil, nil, 403},
		{"listed", "https://app.example", "a.example", "", listed, nil, 101},
		{"listed with another scheme", "http://app.example", "a.example", "", listed, nil, 403},
		{"null with a list", "null", "a.example", "", listed, nil, 403},
		{"any", "http://evil.example", "a.example", "", &engineio.CORS{Origins: []string{"*"}}, nil, 101},
		{"any is not null", "null", "a.example", "", &engineio.CORS{Origins: []string{"*"}}, nil, 403},
		{"null listed", "null", "a.example", "", &engineio.CORS{Origins: []string{"null"}}, nil, 101},
		{"a function", "https://x.app.example", "a.example", "", asked, nil, 101},
		{"a function that says no", "https://x.example", "a.example", "", asked, nil, 403},
		{"forwarded by a stranger", "http://evil.example", "a.example", "evil.example", nil, nil, 403},
		{"forwarded by a proxy", "http://pub.example", "a.example", "pub.example", nil, proxies, 101},
		{"the proxy's word is the last", "http://evil.example", "a.example", "evil.example, pub.example", nil, proxies, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := loopback(t, &engineio.Options{CORS: tt.cors, TrustedProxies: tt.proxies}, echo)
			request := strings.Replace(strings.Replace(goodHandshake, "%s", "EIO=4&transport=websocket", 1), "example.test", tt.host, 1)
			if tt.origin != "" {
				request += "Origin: " + tt.origin + "\r\n"
			}
			if tt.forwarded != "" {
				request += "X-Forwarded-Host: " + tt.forwarded + "\r\n"
			}
			_, res := s.raw(request + "\r\n")
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
		})
	}
}

// The origin rule comes before AllowRequest, and holds for upgrades too, but not for polling.
func TestOriginRulePlace(t *testing.T) {
	o := &engineio.Options{AllowRequest: func(r *http.Request) error {
		if r.Header.Get("Origin") != "" && r.URL.Query().Get("transport") == "websocket" {
			t.Error("AllowRequest was asked about a foreign origin")
		}
		return nil
	}}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		const evil = "Origin: https://evil.example\r\n"
		s.wantRefused(403, forbidden, "EIO=4&transport=websocket", evil)
		q, _ := s.openPolling()
		s.wantRefused(403, forbidden, asWebSocket(q), evil)
		a := s.do("GET", "EIO=4&transport=polling", "", "Origin", "https://evil.example")
		if a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%d %v", a.status, a.header)
		}
	})
}

func TestConnectionErrors(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		var got []engineio.ConnectionError
		s.engine.OnConnectionError(func(e engineio.ConnectionError) { got = append(got, e) })
		s.get("EIO=4&transport=abc")
		s.get("EIO=4&transport=polling&sid=x")
		s.wantRefused(400, badRequest, "EIO=4&transport=polling", "")
		if len(got) != 3 || got[0].Code != engineio.CodeUnknownTransport || got[0].Context["transport"] != "abc" ||
			got[1].Code != engineio.CodeUnknownSID || got[1].Context["sid"] != "x" || got[1].Message != "Session ID unknown" ||
			got[2].Context["name"] != "TRANSPORT_HANDSHAKE_ERROR" || got[0].Request.Method != "GET" {
			t.Errorf("%+v", got)
		}
	})
}

func TestPath(t *testing.T) {
	for _, tt := range []struct {
		o    engineio.Options
		path string
		want int
	}{
		{engineio.Options{}, "/engine.io/", 200},
		{engineio.Options{}, "/engine.io/default/", 200},
		{engineio.Options{}, "/engine.io", 404},
		{engineio.Options{}, "/other/", 404},
		{engineio.Options{Path: "/socket.io"}, "/socket.io/", 200},
		{engineio.Options{Path: "/socket.io/"}, "/socket.io/", 200},
		{engineio.Options{Path: "/socket.io"}, "/engine.io/", 404},
		{engineio.Options{NoTrailingSlash: true}, "/engine.io", 200},
		{engineio.Options{NoTrailingSlash: true}, "/engine.io/", 200},
	} {
		s := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
			return &peer{Conn: c, closed: make(chan ending, 1)}
		}, &tt.o)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", tt.path+"?EIO=4&transport=polling", nil))
		if w.Code != tt.want {
			t.Errorf("%+v %s: %d, want %d", tt.o.Path, tt.path, w.Code, tt.want)
		}
		s.Close()
	}
}

// A session id is 120 random bits.
func TestSessionIDs(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		seen := map[string]bool{}
		for range 200 {
			_, p := s.openPolling()
			if len(p.ID()) != 20 || strings.Trim(p.ID(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" || seen[p.ID()] {
				t.Fatalf("id %q", p.ID())
			}
			seen[p.ID()] = true
		}
	})
}

func TestGenerateID(t *testing.T) {
	o := &engineio.Options{GenerateID: func(r *http.Request) (string, error) {
		if r.URL.Query().Has("fail") {
			return "", errors.New("no")
		}
		return "custom", nil
	}}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		s.want(s.get("EIO=4&transport=polling&fail"), 400, badRequest)
		_, p := s.openPolling()
		if p.ID() != "custom" {
			t.Errorf("id %q", p.ID())
		}
		s.want(s.get("EIO=4&transport=polling"), 400, badRequest) // taken
		if n := s.engine.Count(); n != 1 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestDrain(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling()
		s.engine.Drain()
		a := s.get("EIO=4&transport=polling")
		if a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("%d %v", a.status, a.header)
		}
		_, res := s.request("EIO=4&transport=websocket", "", "")
		if res.StatusCode != 503 {
			t.Errorf("WebSocket: %d", res.StatusCode)
		}
		io.Copy(io.Discard, res.Body)
		s.want(s.post(q, "4hello"), 200, "ok")
		s.want(s.get(q), 200, "4hello")
	})
}
