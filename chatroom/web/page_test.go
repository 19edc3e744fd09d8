package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func (h *house) get(path string, headers ...string) (*http.Response, string) {
	h.t.Helper()
	request, err := http.NewRequest(http.MethodGet, h.http.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	body := io.Reader(response.Body)
	if response.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			h.t.Fatal(err)
		}
	}
	data, err := io.ReadAll(body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response, string(data)
}

var asset = regexp.MustCompile(`/assets/[\w.-]+`)

func TestPage(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	response, page := h.get("/")
	if response.StatusCode != 200 || response.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d, Cache-Control %q", response.StatusCode, response.Header.Get("Cache-Control"))
	}
	policy := response.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "connect-src 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy %q allows what is unsafe", policy)
	}
	if response.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("no nosniff")
	}
	again, _ := h.get("/", "If-None-Match", response.Header.Get("ETag"))
	if again.StatusCode != 304 {
		t.Errorf("with its ETag the page is sent again: %d", again.StatusCode)
	}
	if _, room := h.get("/r/12"); room != page {
		t.Error("the address of a room shows another page")
	}

	assets := asset.FindAllString(page, -1)
	if len(assets) != 4 {
		t.Errorf("the page names %q, want its icon, style and two scripts", assets)
	}
	for _, path := range assets {
		plain, text := h.get(path, "Accept-Encoding", "identity")
		zipped, unzipped := h.get(path, "Accept-Encoding", "gzip")
		if plain.StatusCode != 200 || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") || plain.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", path, plain.StatusCode, plain.Header)
		}
		if zipped.Header.Get("Content-Encoding") != "gzip" || unzipped != text {
			t.Errorf("%s: gzip gives something else", path)
		}
	}
}

func TestNotFound(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for _, path := range []string{"/nothing", "/assets/nothing.js", "/assets/../index.html", "/assets/index.html", "/r/1/more"} {
		if response, _ := h.get(path); response.StatusCode != 404 && response.StatusCode/100 != 3 {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
}

func TestHealth(t *testing.T) {
	h := newHouse(t)
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if response, body := h.get("/healthz"); response.StatusCode != 200 || body != "ok\n" {
		t.Errorf("%d %q", response.StatusCode, body)
	}
}
