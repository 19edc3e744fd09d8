package engineio_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// from sends a request as if it came from an address, with headers in pairs.
func from(engine *engineio.Server, address, method, query, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/engine.io/?EIO=4&transport=polling"+query, strings.NewReader(body))
	r.RemoteAddr = address
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	engine.ServeHTTP(w, r)
	return w
}

// opened is the query of the session that a handshake opened.
func opened(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("the handshake is answered %d %s", w.Code, w.Body)
	}
	return "&sid=" + parseOpen(t, w.Body.String()).SID
}

// capBubble runs f with fake time and a server that has o.
func capBubble(t *testing.T, o *engineio.Options, f func(*engineio.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
			return &peer{Conn: c, onMessage: ignore, closed: make(chan ending, 2)}
		}, o)
		f(engine)
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
}

func wantCapped(t *testing.T, w *httptest.ResponseRecorder, retryAfter string) {
	t.Helper()
	if got := w.Header().Get("Retry-After"); w.Code != 503 || got != retryAfter || w.Body.String() != `{"code":3,"message":"Too many connections"}` {
		t.Errorf("answered %d, Retry-After %q, %s; want 503 and %q", w.Code, got, w.Body, retryAfter)
	}
}

func TestCapOfSessions(t *testing.T) {
	asked := 0
	capBubble(t, &engineio.Options{
		Caps:         engineio.Caps{Sessions: 2},
		AllowRequest: func(*http.Request) error { asked++; return nil },
	}, func(engine *engineio.Server) {
		var told []engineio.ConnectionError
		engine.OnConnectionError(func(e engineio.ConnectionError) { told = append(told, e) })
		first := opened(t, from(engine, "192.0.2.1:1", "GET", "", ""))
		opened(t, from(engine, "192.0.2.2:1", "GET", "", ""))
		for range 3 {
			wantCapped(t, from(engine, "192.0.2.3:1", "GET", "", ""), "1")
		}
		if asked != 2 || engine.Count() != 2 || engine.Capped() != 3 || len(told) != 3 || told[0].Context["name"] != "CAPPED" {
			t.Errorf("asked %d times, %d sessions, %d capped, told %v", asked, engine.Count(), engine.Capped(), told)
		}
		// Those who are in go on, and who leaves makes room.
		if w := from(engine, "192.0.2.1:2", "POST", first, "1"); w.Code != 200 {
			t.Errorf("a post is answered %d %s", w.Code, w.Body)
		}
		opened(t, from(engine, "192.0.2.3:1", "GET", "", ""))
		wantCapped(t, from(engine, "192.0.2.3:1", "GET", "", ""), "1")
	})
}

// An address is that of the peer, or the one that a trusted proxy tells; an IPv6 network of one customer is one address.
func TestCapOfAnAddress(t *testing.T) {
	options := &engineio.Options{
		Caps:           engineio.Caps{SessionsPerAddress: 1},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
	}
	for _, c := range []struct {
		name                 string
		peer, forwarded      string
		otherPeer, otherward string
		same                 bool
	}{
		{"another port", "192.0.2.1:1", "", "192.0.2.1:2", "", true},
		{"another address", "192.0.2.1:1", "", "192.0.2.2:1", "", false},
		{"IPv4 in IPv6", "192.0.2.1:1", "", "[::ffff:192.0.2.1]:1", "", true},
		{"one /64", "[2001:db8::1]:1", "", "[2001:db8::ffff:2]:1", "", true},
		{"another /64", "[2001:db8::1]:1", "", "[2001:db8:0:1::1]:1", "", false},
		{"a zone", "[fe80::1%eth0]:1", "", "[fe80::2%eth1]:1", "", true},
		{"an untrusted header", "192.0.2.1:1", "198.51.100.1", "192.0.2.1:1", "198.51.100.2", true},
		{"one proxy, two clients", "10.0.0.1:1", "198.51.100.1", "10.0.0.1:1", "198.51.100.2", false},
		{"two proxies, one client", "10.0.0.1:1", "198.51.100.1", "[fd00::1]:1", "198.51.100.1", true},
		{"invented hops", "10.0.0.1:1", "203.0.113.1, 198.51.100.1", "10.0.0.1:1", "203.0.113.2, 198.51.100.1", true},
		{"a chain of proxies", "10.0.0.1:1", "198.51.100.1, 10.0.0.2", "10.0.0.1:1", "198.51.100.1,10.0.0.3, fd00::2", true},
		{"a hop that is none", "10.0.0.1:1", "nonsense", "10.0.0.1:1", "other nonsense", true},
		{"only proxies", "10.0.0.1:1", "10.0.0.7", "10.0.0.2:1", "10.0.0.7", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			capBubble(t, options, func(engine *engineio.Server) {
				first := opened(t, from(engine, c.peer, "GET", "", "", "X-Forwarded-For", c.forwarded))
				w := from(engine, c.otherPeer, "GET", "", "", "X-Forwarded-For", c.otherward)
				if !c.same {
					opened(t, w)
					return
				}
				wantCapped(t, w, "1")
				from(engine, c.peer, "POST", first, "1")
				opened(t, from(engine, c.otherPeer, "GET", "", "", "X-Forwarded-For", c.otherward))
			})
		})
	}
}

func TestCapOfHandshakes(t *testing.T) {
	capBubble(t, &engineio.Options{
		Caps: engineio.Caps{HandshakesPerAddress: engineio.Rate{Burst: 3, Every: 2 * time.Second}},
	}, func(engine *engineio.Server) {
		open := func(address string) *httptest.ResponseRecorder { return from(engine, address, "GET", "", "") }
		for range 3 {
			opened(t, open("192.0.2.1:1"))
		}
		wantCapped(t, open("192.0.2.1:1"), "2")
		opened(t, open("192.0.2.2:1")) // others are not meant
		time.Sleep(time.Second)
		wantCapped(t, open("192.0.2.1:1"), "1") // a refusal costs nothing
		time.Sleep(time.Second)
		q := opened(t, open("192.0.2.1:1"))
		wantCapped(t, open("192.0.2.1:1"), "2")
		if w := from(engine, "192.0.2.1:1", "POST", q, "4a"); w.Code != 200 {
			t.Errorf("a session that is open is hindered: %d", w.Code)
		}
		// What is not in order is refused as that, and takes nothing.
		for range 10 {
			if w := from(engine, "192.0.2.3:1", "POST", "", ""); w.Code != 400 {
				t.Errorf("a bad handshake is answered %d", w.Code)
			}
		}
		for range 3 {
			opened(t, open("192.0.2.3:1"))
		}
	})
}

// However sessions end, and whoever comes at the same time, the books are right.
func TestCapsUnderLoad(t *testing.T) {
	const most = 8
	s := loopback(t, &engineio.Options{Caps: engineio.Caps{Sessions: 2 * most, SessionsPerAddress: most}}, ignore)
	for round := range 3 {
		done := make(chan bool)
		for range 4 * most {
			go func() {
				res, err := s.client.Get("http://example.test/engine.io/?EIO=4&transport=polling")
				if err != nil {
					t.Error(err)
					done <- false
					return
				}
				res.Body.Close()
				done <- res.StatusCode == http.StatusOK
			}()
		}
		in := 0
		for range 4 * most {
			if <-done {
				in++
			}
		}
		if in != most || s.engine.Count() != most {
			t.Fatalf("round %d: %d came in, %d sessions; want %d", round, in, s.engine.Count(), most)
		}
		for i := range most {
			p := <-s.opened
			if i%2 == 0 {
				p.Close()
				p.CloseWith(engineio.ForcedClose, nil)
			} else {
				p.CloseWith(engineio.TransportError, fmt.Errorf("number %d", i))
			}
			<-p.closed
		}
	}
}

func TestWithoutCapsNothingIsCounted(t *testing.T) {
	capBubble(t, nil, func(engine *engineio.Server) {
		for i := range 100 {
			opened(t, from(engine, fmt.Sprintf("192.0.2.1:%d", i), "GET", "", ""))
		}
		if engine.Capped() != 0 {
			t.Errorf("%d capped", engine.Capped())
		}
	})
}

// A session that is bound to the address of its client is unknown to others.
func TestBindAddress(t *testing.T) {
	for _, bind := range []bool{false, true} {
		capBubble(t, &engineio.Options{BindAddress: bind}, func(engine *engineio.Server) {
			q := opened(t, from(engine, "[2001:db8::1]:1", "GET", "", ""))
			for _, request := range []struct {
				peer   string
				strict bool
			}{{"[2001:db8::1]:2", false}, {"[2001:db8::99]:1", false}, {"[2001:db8:1::1]:1", true}, {"192.0.2.1:1", true}} {
				w := from(engine, request.peer, "POST", q, "4a")
				if want := bind && request.strict; (w.Code == 400 && strings.HasPrefix(w.Body.String(), `{"code":1,`)) != want || !want && w.Code != 200 {
					t.Errorf("bind %v: a post from %s is answered %d %s", bind, request.peer, w.Code, w.Body)
				}
			}
			r := httptest.NewRequest("GET", "/engine.io/?EIO=4&transport=websocket"+q, nil)
			r.RemoteAddr = "192.0.2.1:1"
			for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder() // can't be hijacked: a 500 says that the request was in order
			engine.ServeHTTP(w, r)
			if unknown := strings.HasPrefix(w.Body.String(), `{"code":1,`); unknown != bind {
				t.Errorf("bind %v: an upgrade from elsewhere is answered %d %s", bind, w.Code, w.Body)
			}
		})
	}
}
