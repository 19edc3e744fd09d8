package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/chatroom/web"
	"github.com/socketio-go/socketio/test/raw"
)

type sessionAnswer struct {
	OK   bool
	Code string
	User *user
}

// session makes a request to /session.
func (h *house) session(method, body string, headers ...string) (*http.Response, sessionAnswer) {
	h.t.Helper()
	request, err := http.NewRequest(method, h.http.URL+"/session", strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	var answer sessionAnswer
	if json.Unmarshal(data, &answer) != nil {
		answer.Code = strings.TrimSpace(string(data))
	}
	return response, answer
}

func TestSession(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if _, a := h.session("GET", ""); !a.OK || a.User != nil {
		t.Errorf("a stranger is %+v", a)
	}
	response, a := h.session("POST", `{"name":" Ann  Lee "}`)
	if !a.OK || a.User == nil || a.User.Name != "Ann Lee" {
		t.Fatalf("signed in as %+v", a)
	}
	cookies := response.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies %v", cookies)
	}
	c := cookies[0]
	if c.Name != "chatroom" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || c.MaxAge <= 0 || len(c.Value) < 26 {
		t.Errorf("cookie %v", c)
	}
	cookie := c.Name + "=" + c.Value
	if _, again := h.session("GET", "", "Cookie", cookie); again.User == nil || *again.User != *a.User {
		t.Errorf("later it is %+v", again.User)
	}
	if got := h.dial("", "Cookie: "+cookie).welcome(); got.Me != *a.User || got.Token != "" {
		t.Errorf("with the cookie a socket is %+v", got.Me)
	}
	if response, _ := h.session("DELETE", "", "Cookie", cookie); len(response.Cookies()) != 1 || response.Cookies()[0].MaxAge >= 0 {
		t.Errorf("signing out sets %v", response.Cookies())
	}
	if _, after := h.session("GET", "", "Cookie", cookie); after.User != nil {
		t.Errorf("after signing out it is %+v", after.User)
	}
}

func TestSessionRefused(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	h.session("POST", `{"name":"Ann"}`)
	for _, tt := range []struct {
		name, body string
		headers    []string
		status     int
		code       string
	}{
		{"taken", `{"name":"ANN"}`, nil, 422, "name_taken"},
		{"empty", `{"name":""}`, nil, 422, "name_empty"},
		{"no JSON", `name=Bo`, nil, 422, "bad_request"},
		{"a form", `{"name":"Bo"}`, []string{"Content-Type", "text/plain"}, 422, "bad_request"},
		{"huge", `{"name":"` + strings.Repeat("x", 10000) + `"}`, nil, 422, "bad_request"},
		{"another site", `{"name":"Bo"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		{"another origin", `{"name":"Bo"}`, []string{"Origin", "https://evil.example"}, 403, ""},
	} {
		response, a := h.session("POST", tt.body, tt.headers...)
		if response.StatusCode != tt.status || tt.code != "" && a.Code != tt.code || len(response.Cookies()) > 0 {
			t.Errorf("%s: %d %+v with cookies %v; want %d %q", tt.name, response.StatusCode, a, response.Cookies(), tt.status, tt.code)
		}
	}
}

// Each address has a limit of its own; who can say where a request comes from is only a proxy that is trusted.
func TestSignInRate(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	limited := func(from string) bool {
		t.Helper()
		for range 40 {
			response, a := h.session("POST", `{"name":"\u202e"}`, "X-Forwarded-For", from) // costs nothing
			if a.Code != "name_chars" {
				t.Fatalf("%d %+v", response.StatusCode, a)
			}
			response, a = h.session("POST", `{"name":"Ann"}`, "X-Forwarded-For", from)
			if a.Code == "rate" {
				if response.StatusCode != 429 || response.Header.Get("Retry-After") == "" {
					t.Errorf("limited with %d and Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
				}
				return true
			}
		}
		return false
	}
	if !limited("192.0.2.1") {
		t.Error("40 sign-ins at once were accepted")
	}
	if !limited("192.0.2.2") {
		t.Error("an address that the client invents got round the limit")
	}
	h.stop()
	h.start(&web.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	limited("192.0.2.1")
	if _, a := h.session("POST", `{"name":"Bo"}`, "X-Forwarded-For", "192.0.2.1, 192.0.2.2"); !a.OK {
		t.Errorf("another address behind the proxy: %+v", a)
	}
	if _, a := h.session("POST", `{"name":"Cy"}`, "X-Forwarded-For", "192.0.2.2, 192.0.2.1"); a.Code != "rate" {
		t.Errorf("an address that was put before the real one: %+v", a)
	}
}

// Behind a proxy that speaks HTTPS the cookie is one that no other host and no plain page can set.
func TestSecureCookie(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if response, _ := h.session("POST", `{"name":"Ann"}`, "X-Forwarded-Proto", "https"); response.Cookies()[0].Secure {
		t.Error("anybody's X-Forwarded-Proto is believed")
	}
	h.stop()
	h.start(&web.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	response, _ := h.session("POST", `{"name":"Bo"}`, "X-Forwarded-Proto", "https")
	if c := response.Cookies()[0]; !c.Secure || c.Name != "__Host-chatroom" || c.Domain != "" || c.Path != "/" {
		t.Errorf("cookie %v", c)
	}
}

// The page of another site can't open a socket with the visitor's cookie.
func TestOtherOrigin(t *testing.T) {
	h := newHouse(t)
	response, err := raw.Exchange(h.addr, raw.Handshake(raw.WebSocketTarget, "Origin: https://evil.example"))
	if err != nil {
		t.Fatal(err)
	}
	if response.Status != 403 {
		t.Errorf("answered with %d, want 403", response.Status)
	}
}
