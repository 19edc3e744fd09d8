package engineio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

func TestResponseHeaders(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		open := s.get("EIO=4&transport=polling")
		q := "EIO=4&transport=polling&sid=" + parseOpen(t, open.body).SID
		post := s.post(q, "4hello")
		poll := s.get(q)
		failed := s.get("EIO=4&transport=x")
		for _, tt := range []struct {
			name, contentType string
			a                 answer
		}{
			{"handshake", "text/plain; charset=UTF-8", open},
			{"POST", "text/html", post},
			{"poll", "text/plain; charset=UTF-8", poll},
			{"error", "application/json", failed},
		} {
			h := tt.a.header
			if h.Get("Content-Type") != tt.contentType || h.Get("Cache-Control") != "no-store" ||
				h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-XSS-Protection") != "" {
				t.Errorf("%s: %v", tt.name, h)
			}
			for name := range h {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s: %s without CORS", tt.name, name)
				}
			}
		}
		if got := post.header.Get("Content-Length"); got != "2" {
			t.Errorf("POST: length %q", got)
		}
		for _, explorer := range []string{
			"Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko",
			"Mozilla/4.0 (compatible;MSIE 8.0; Windows NT 6.1)",
		} {
			a := s.do("GET", "EIO=4&transport=polling", "", "User-Agent", explorer)
			if got := a.header.Get("X-XSS-Protection"); got != "0" {
				t.Errorf("%s: %q", explorer, got)
			}
		}
	})
}

func TestCORS(t *testing.T) {
	const here, elsewhere = "https://app.example", "https://evil.example"
	full := &engineio.CORS{
		Origins: []string{here}, Credentials: true, Methods: []string{"GET", "POST"},
		AllowedHeaders: []string{"my-header"}, ExposedHeaders: []string{"X-A", "X-B"}, MaxAge: 10 * time.Minute,
	}
	for _, tt := range []struct {
		name   string
		cors   *engineio.CORS
		method string
		header []string
		status int
		want   map[string]string
	}{
		{"off", nil, "GET", []string{"Origin", elsewhere}, 200, nil},
		{"off, preflight", nil, "OPTIONS", []string{"Origin", elsewhere, "Access-Control-Request-Method", "GET"}, 400, nil},
		{"listed", full, "GET", []string{"Origin", here}, 200, map[string]string{
			"Access-Control-Allow-Origin": here, "Access-Control-Allow-Credentials": "true",
			"Access-Control-Expose-Headers": "X-A,X-B", "Vary": "Origin",
		}},
		{"not listed", &engineio.CORS{Origins: []string{here}}, "GET", []string{"Origin", elsewhere}, 200, map[string]string{"Vary": "Origin"}},
		{"no origin", &engineio.CORS{Origins: []string{here}}, "GET", nil, 200, map[string]string{"Vary": "Origin"}},
		{"any", &engineio.CORS{Origins: []string{"*"}}, "GET", []string{"Origin", elsewhere}, 200, map[string]string{"Access-Control-Allow-Origin": "*"}},
		{"preflight", full, "OPTIONS", []string{"Origin", here, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-y"}, 204, map[string]string{
			"Access-Control-Allow-Origin": here, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "GET,POST",
			"Access-Control-Allow-Headers": "my-header", "Access-Control-Max-Age": "600", "Vary": "Origin",
		}},
		{"preflight by default", &engineio.CORS{Origins: []string{"*"}, MaxAge: -1}, "OPTIONS", []string{"Origin", here, "Access-Control-Request-Headers", "x-y"}, 204, map[string]string{
			"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
			"Access-Control-Allow-Headers": "x-y", "Access-Control-Max-Age": "0", "Vary": "Access-Control-Request-Headers",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, &engineio.Options{CORS: tt.cors}, echo, func(t *testing.T, s *site) {
				a := s.do(tt.method, "EIO=4&transport=polling", "", tt.header...)
				got := map[string]string{}
				for name, values := range a.header {
					if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
						got[name] = strings.Join(values, ",")
					}
				}
				if a.status != tt.status || len(got) != len(tt.want) {
					t.Fatalf("%d %v, want %d %v", a.status, got, tt.status, tt.want)
				}
				for name, want := range tt.want {
					if got[name] != want {
						t.Errorf("%s: %q, want %q", name, got[name], want)
					}
				}
			})
		})
	}
}

// A page of another origin reads the reason of a refusal as well.
func TestCORSOnErrors(t *testing.T) {
	bubble(t, &engineio.Options{CORS: &engineio.CORS{Origins: []string{"*"}}}, echo, func(t *testing.T, s *site) {
		a := s.do("GET", "EIO=4&transport=polling&sid=x", "", "Origin", "https://app.example")
		s.want(a, 400, unknown)
		if got := a.header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%q", got)
		}
	})
}

func TestCookie(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cookie http.Cookie
		want   string
	}{
		{"defaults", http.Cookie{}, "io=SID; Path=/; HttpOnly; SameSite=Lax"},
		{"another name and path", http.Cookie{Name: "woot", Path: "/a"}, "woot=SID; Path=/a; HttpOnly; SameSite=Lax"},
		{"another SameSite", http.Cookie{SameSite: http.SameSiteNoneMode, Secure: true}, "io=SID; Path=/; HttpOnly; Secure; SameSite=None"},
		{"as the template says", http.Cookie{SameSite: http.SameSiteDefaultMode}, "io=SID; Path=/"},
		{"everything", http.Cookie{Domain: "example.test", MaxAge: 60, Secure: true, Partitioned: true, SameSite: http.SameSiteStrictMode},
			"io=SID; Path=/; Domain=example.test; Max-Age=60; HttpOnly; Secure; SameSite=Strict; Partitioned"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, &engineio.Options{Cookie: &tt.cookie}, echo, func(t *testing.T, s *site) {
				a := s.get("EIO=4&transport=polling")
				sid := parseOpen(t, a.body).SID
				if got, want := a.header.Get("Set-Cookie"), strings.Replace(tt.want, "SID", sid, 1); got != want {
					t.Errorf("%q, want %q", got, want)
				}
				a = s.post("EIO=4&transport=polling&sid="+sid, "4x")
				if got := a.header.Get("Set-Cookie"); got != "" {
					t.Errorf("on a later response: %q", got)
				}
				_, res := s.request("EIO=4&transport=websocket", "", "")
				if got := res.Header.Get("Set-Cookie"); got != "" {
					t.Errorf("on a WebSocket handshake: %q", got)
				}
			})
		})
	}
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		if got := s.get("EIO=4&transport=polling").header.Get("Set-Cookie"); got != "" {
			t.Errorf("without being asked for: %q", got)
		}
	})
}

func TestHeaderHooks(t *testing.T) {
	o := &engineio.Options{
		InitialHeaders: func(h http.Header, r *http.Request) {
			h.Add("Set-Cookie", "1=1; Max-Age=86400")
			h.Add("Set-Cookie", "2=2; Path=/")
		},
		Headers: func(h http.Header, r *http.Request) { h.Set("X-All", r.URL.Query().Get("transport")) },
	}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		a := s.get("EIO=4&transport=polling")
		if len(a.header["Set-Cookie"]) != 2 || a.header.Get("X-All") != "polling" {
			t.Errorf("handshake: %v", a.header)
		}
		q := "EIO=4&transport=polling&sid=" + parseOpen(t, a.body).SID
		for _, a := range []answer{s.post(q, "4x"), s.get(q)} {
			if len(a.header["Set-Cookie"]) != 0 || a.header.Get("X-All") != "polling" {
				t.Errorf("later: %v", a.header)
			}
		}
		_, res := s.request("EIO=4&transport=websocket", "", "")
		if len(res.Header["Set-Cookie"]) != 2 || res.Header.Get("X-All") != "websocket" {
			t.Errorf("WebSocket: %v", res.Header)
		}
		_, res = s.request(asWebSocket(q), "", "")
		if len(res.Header["Set-Cookie"]) != 0 || res.Header.Get("X-All") != "websocket" {
			t.Errorf("upgrade: %v", res.Header)
		}
	})
}

func TestInitialPacket(t *testing.T) {
	bubble(t, &engineio.Options{InitialPacket: text("welcome")}, echo, func(t *testing.T, s *site) {
		a := s.get("EIO=4&transport=polling")
		if record, first, _ := strings.Cut(a.body, "\x1e"); first != "4welcome" || parseOpen(t, record).SID == "" {
			t.Errorf("%q", a.body)
		}
		w, _, _ := s.openWebSocket()
		w.wantText("4welcome")
	})
}

func TestRequest(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		s.do("GET", "EIO=4&transport=polling&a=b%20c", "", "X-H", "v")
		p := <-s.opened
		r := p.Request()
		if r.Method != "GET" || r.Query.Get("a") != "b c" || r.Header.Get("X-H") != "v" || r.Host != "example.test" || r.RemoteAddr == "" ||
			r.Secure || !r.Time.Equal(time.Now()) || r.URL.Path != "/engine.io/" || r.Context().Done() != nil {
			t.Errorf("%+v", r)
		}
		if r.Context().Value(http.ServerContextKey) != s.http {
			t.Error("the values of the context are gone")
		}
		if p.Protocol() != 4 || p.Transport() != "polling" {
			t.Errorf("%d %q", p.Protocol(), p.Transport())
		}
		s.request("EIO=4&transport=websocket&a=b%20c", "X-H: v\r\n", "")
		r = (<-s.opened).Request()
		if r.Query.Get("a") != "b c" || r.Header.Get("X-H") != "v" || r.Host != "example.test" || r.RemoteAddr == "" {
			t.Errorf("WebSocket: %+v", r)
		}
	})
}

// A client that can't take binary frames says b64=1; it gets base64 text on WebSocket as well.
func TestBase64(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		w := s.websocket("EIO=4&transport=websocket&b64=1")
		w.text()
		w.send("bAQIDBA==")
		w.wantText("bAQIDBA==")
		w.sendBinary("\x01\x02\x03\x04")
		w.wantText("bAQIDBA==")
		w.send("4text")
		w.wantText("4text")
	})
}
