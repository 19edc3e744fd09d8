package engineio_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/socketio-go/socketio/engineio"
)

type middleware = func(http.Handler) http.Handler

// before is a middleware that does f first, and goes on if it says so.
func before(f func(http.ResponseWriter, *http.Request) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if f(w, r) {
				next.ServeHTTP(w, r)
			}
		})
	}
}

// adding is a middleware that sets a header.
func adding(name, value string) middleware {
	return before(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Add(name, value)
		return true
	})
}

// What a middleware sets goes out with every kind of answer.
func TestMiddlewareHeaders(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(adding("foo", "bar"), adding("X-Download-Options", "noopen"))
		check := func(name string, h http.Header) {
			t.Helper()
			if h.Get("Foo") != "bar" || h.Get("X-Download-Options") != "noopen" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", name, h)
			}
		}
		a := s.get("EIO=4&transport=polling")
		check("handshake", a.header)
		q := "EIO=4&transport=polling&sid=" + parseOpen(t, a.body).SID
		check("POST", s.post(q, "4x").header)
		check("GET", s.get(q).header)
		check("refusal", s.get("EIO=4&transport=polling&sid=x").header)
		w, res := s.request("EIO=4&transport=websocket", "", "")
		check("WebSocket", res.Header)
		parseOpen(t, w.text()) // and nothing of it comes twice
		_, res = s.request(asWebSocket(q), "", "")
		check("upgrade", res.Header)
		for _, name := range []string{"Content-Type", "Content-Length"} {
			if v := res.Header[name]; v != nil {
				t.Errorf("%s: %q with the 101", name, v)
			}
		}
	})
}

func TestMiddlewareOrder(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		var order []string
		note := func(name string) middleware {
			return before(func(http.ResponseWriter, *http.Request) bool { order = append(order, name); return true })
		}
		made := 0
		s.engine.Use(note("1"), note("2"), func(next http.Handler) http.Handler {
			made++
			return next
		})
		s.engine.Use(note("3"))
		s.openPolling()
		if want := []string{"1", "2", "3"}; !slices.Equal(order, want) {
			t.Errorf("%q, want %q", order, want)
		}
		if made != 1 {
			t.Errorf("a middleware was made %d times", made)
		}
		s.openWebSocket()
		if want := []string{"1", "2", "3", "1", "2", "3"}; !slices.Equal(order, want) {
			t.Errorf("%q, want %q", order, want)
		}
	})
}

func TestMiddlewareEndsTheRequest(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(before(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return false
		}))
		s.want(s.get("EIO=4&transport=polling"), 503, "")
		s.wantRefused(503, "", "EIO=4&transport=websocket", "")
		if n := len(s.opened); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

// The error is told to the server's owner, and not to the client.
func TestMiddlewareRefuses(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		failure := errors.New("will always fail")
		var told []engineio.ConnectionError
		s.engine.OnConnectionError(func(e engineio.ConnectionError) { told = append(told, e) })
		s.engine.Use(before(func(w http.ResponseWriter, r *http.Request) bool {
			s.engine.Refuse(w, r, failure)
			return false
		}))
		const badRequest = `{"code":3,"message":"Bad request"}`
		s.want(s.get("EIO=4&transport=polling"), 400, badRequest)
		s.wantRefused(400, badRequest, "EIO=4&transport=websocket", "")
		synctest.Wait()
		for _, e := range told {
			if e.Code != engineio.CodeBadRequest || e.Context["name"] != "MIDDLEWARE_FAILURE" || e.Context["error"] != failure {
				t.Errorf("%+v", e)
			}
		}
		if len(told) != 2 || len(s.opened) != 0 {
			t.Errorf("%d errors, %d sessions", len(told), len(s.opened))
		}
	})
}

// lateCookie is the ResponseWriter of a session middleware: it knows its cookie when the answer begins.
type lateCookie struct {
	http.ResponseWriter
	begun bool
}

func (w *lateCookie) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		w.Header().Set("Set-Cookie", "connect.sid=1")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *lateCookie) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

func (w *lateCookie) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestMiddlewareThatSetsItsHeadersLate(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(&lateCookie{ResponseWriter: w}, r)
			})
		})
		a := s.get("EIO=4&transport=polling")
		if got := a.header.Get("Set-Cookie"); got != "connect.sid=1" {
			t.Errorf("polling: %q", got)
		}
		w, res := s.request("EIO=4&transport=websocket", "", "")
		if got := res.Header["Set-Cookie"]; !slices.Equal(got, []string{"connect.sid=1"}) {
			t.Errorf("WebSocket: %q", got)
		}
		parseOpen(t, w.text())
		w.send("4hello")
		w.wantText("4hello")
	})
}

// A middleware that takes the connection itself still can, in either way.
func TestMiddlewareHijacks(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(before(func(w http.ResponseWriter, r *http.Request) bool {
			nc, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return false
			}
			io.WriteString(nc, "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n")
			nc.Close()
			return false
		}))
		s.wantRefused(418, "", "EIO=4&transport=websocket", "")
	})
}

type userKey struct{}

func TestMiddlewareContext(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, "ann")))
			})
		})
		_, p := s.openPolling()
		if got := p.Request().Context().Value(userKey{}); got != "ann" {
			t.Errorf("%v", got)
		}
	})
}

func TestMiddlewareCallsNextTwice(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r)
				next.ServeHTTP(w, r)
			})
		})
		q, _ := s.openPolling()
		s.want(s.post(q, "4hello"), 200, "ok")
		s.want(s.get(q), 200, "4hello")
		s.openWebSocket()
		if n := s.engine.Count(); n != 2 {
			t.Errorf("%d sessions", n)
		}
	})
}

// A body that is too large is too large behind a middleware as well.
func TestMiddlewareAndTooLargePost(t *testing.T) {
	bubble(t, &engineio.Options{MaxPayload: 5}, func(*engineio.Conn, engineio.Message) { t.Error("delivered") }, func(t *testing.T, s *site) {
		s.engine.Use(adding("foo", "bar"))
		q, _ := s.openPolling()
		s.want(s.post(q, "4"+strings.Repeat("a", 50)), 413, "")
	})
}

// A preflight is answered before the middleware, which could not know that it needs no credentials.
func TestMiddlewareAndPreflight(t *testing.T) {
	bubble(t, &engineio.Options{CORS: &engineio.CORS{Origins: []string{"*"}}}, echo, func(t *testing.T, s *site) {
		s.engine.Use(before(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusUnauthorized)
			return false
		}))
		s.want(s.do("OPTIONS", "EIO=4&transport=polling", "", "Origin", "https://app.example"), 204, "")
		a := s.get("EIO=4&transport=polling")
		if a.status != 401 || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%d %v", a.status, a.header)
		}
	})
}
