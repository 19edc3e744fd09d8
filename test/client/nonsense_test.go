package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// What can't be meant is refused at once, with words that say what to do.
func TestNonsenseIsRefused(t *testing.T) {
	for _, c := range []struct {
		url  string
		o    client.Options
		says string
	}{
		{"", client.Options{}, "the address is empty; it has to be one as in https://example.com"},
		{"example.com", client.Options{}, "has no host"},
		{"localhost:3000", client.Options{}, `"localhost:3000" has no host: it has to be one as in https://`},
		{"http://", client.Options{}, "has no host"},
		{"ftp://example.com", client.Options{}, "none of http, https, ws, wss"},
		{"http://example.com:port", client.Options{}, "invalid port"},
		{"http://example.com/" + strings.Repeat("x", 8000), client.Options{}, "too long"},
		{"ftp://me:secret@example.com", client.Options{}, "me:xxxxx@"},
		{"", client.Options{ReconnectionDelay: -time.Second}, "the address is empty"},
		{"http://a", client.Options{ReconnectionDelay: -time.Second}, "Options.ReconnectionDelay is -1s"},
		{"http://a", client.Options{ReconnectionDelayMax: -1}, "Options.ReconnectionDelayMax"},
		{"http://a", client.Options{AckTimeout: -1}, "Options.AckTimeout"},
		{"http://a", client.Options{BufferTTL: -1}, "Options.BufferTTL"},
		{"http://a", client.Options{Engine: engineio.DialOptions{RequestTimeout: -1}}, "Options.Engine.RequestTimeout"},
		{"http://a", client.Options{Retries: -3}, "Options.Retries is -3"},
		{"http://a", client.Options{BufferPackets: -1}, "Options.BufferPackets"},
		{"http://a", client.Options{BufferBytes: -1}, "Options.BufferBytes"},
		{"http://a", client.Options{InboxBytes: -1}, "Options.InboxBytes"},
		{"http://a", client.Options{RandomizationFactor: 1.5}, "RandomizationFactor is 1.5: it has to be 1 at most"},
		{"http://a", client.Options{RandomizationFactor: math.NaN()}, "RandomizationFactor is NaN"},
		{"http://a", client.Options{RandomizationFactor: math.Inf(1)}, "RandomizationFactor is +Inf"},
		{"http://a", client.Options{Auth: func() map[string]string { return nil }}, "func(context.Context) (any, error)"},
		{"http://a", client.Options{Path: "/socket.io?token=1"}, "Options.Engine.Query"},
		{"http://a", client.Options{Engine: engineio.DialOptions{Path: "/x"}}, "use Options.Path"},
		{"http://a", client.Options{Engine: engineio.DialOptions{OnUpgrade: func(string) {}}}, "use Manager.OnUpgrade"},
		{"http://a", client.Options{Engine: engineio.DialOptions{Transports: []string{"pigeon"}}}, "no transport \"pigeon\": there are polling"},
		{"http://a", client.Options{Engine: engineio.DialOptions{Transports: []string{"webtransport"}}}, "the option WebTransport"},
		{"http://a", client.Options{Engine: engineio.DialOptions{TransportOptions: map[string]engineio.TransportOptions{"ws": {}}}}, "TransportOptions: no transport \"ws\""},
	} {
		if _, err := client.New(c.url, &c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.40q: %v, want %q", c.url, err, c.says)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%v tells the password", err)
		}
	}
	m, err := client.NewManager("http://a", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Reconfigure(&client.Options{RandomizationFactor: 2}); err == nil {
		t.Error("a factor of 2 is taken later")
	}
}

// What looks odd and can be meant works.
func TestOddOptionsWork(t *testing.T) {
	_, url := serve(t, nil)
	for name, o := range map[string]client.Options{
		"path without slash": {Path: "socket.io"},
		"path with two":      {Path: "/socket.io/"},
		"no TLS":             {Engine: engineio.DialOptions{HTTP: &http.Client{Transport: &http.Transport{TLSClientConfig: (*tls.Config)(nil)}}}},
		"no transport":       {Engine: engineio.DialOptions{HTTP: &http.Client{}}},
		"endless attempts":   {ReconnectionAttempts: -1, RandomizationFactor: -1, Timeout: -1},
		"delay over maximum": {ReconnectionDelay: time.Hour, ReconnectionDelayMax: time.Second},
		"typed nil for Auth": {Auth: map[string]string(nil)},
	} {
		c, err := client.Dial(t.Context(), url, &o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.Close()
		if o.Engine.HTTP != nil {
			o.Engine.HTTP.CloseIdleConnections()
		}
	}
}

// A proxy that does not answer, or a page that is no server, is told with its cause.
func TestProxyThatIsNone(t *testing.T) {
	_, target := serve(t, nil)
	for _, raw := range []string{"pigeon://127.0.0.1:1", "http://127.0.0.1:1"} {
		proxy, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		for name, list := range transports {
			tr := &http.Transport{Proxy: http.ProxyURL(proxy)}
			c, err := client.Dial(t.Context(), target, &client.Options{Engine: engineio.DialOptions{Transports: list, HTTP: &http.Client{Transport: tr}}})
			if err == nil {
				c.Close()
				t.Errorf("%s: connected through %s", name, raw)
				continue
			}
			var failed *engineio.DialError
			if !errors.As(err, &failed) || !strings.Contains(err.Error(), " error: ") || !strings.Contains(err.Error(), "proxyconnect tcp") {
				t.Errorf("%s through %s: %v", name, raw, err)
			}
			tr.CloseIdleConnections()
		}
	}
	refusal := httptest.NewServer(http.NotFoundHandler())
	defer refusal.Close()
	if _, err := client.Dial(t.Context(), refusal.URL, nil); err == nil || err.Error() != "socketio: xhr poll error: HTTP status 404" {
		t.Errorf("a refusal is told as %v", err)
	}
}

// A context that is over stops what it is given to, and nothing else.
func TestContextsThatAreOver(t *testing.T) {
	io, url := serve(t, nil)
	var asked int
	io.OnCall("q", func(context.Context, *socketio.Socket, int) (int, error) { asked++; return asked, nil })
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Dial(over, url, nil); err != context.Canceled {
		t.Errorf("Dial: %v", err)
	}
	c := connect(t, url, nil)
	if _, err := c.EmitWithAck(over, "q", 1); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("EmitWithAck: %v", err)
	}
	if err := c.Wait(over); err != nil {
		t.Errorf("Wait for what is there: %v", err)
	}
	if n, err := c.Call[int](t.Context(), "q", 1); err != nil || n != 1 {
		t.Errorf("the server was asked %d times, %v", n, err)
	}
}
