package socketio_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// The rules of CORS hold for handshakes below the path of Socket.IO, and for the questions of browsers before them.
func TestHandshakesOfOtherOrigins(t *testing.T) {
	const page = "http://page.example:54023"
	o := quiet()
	o.Engine.CORS = &engineio.CORS{
		Origins: []string{page}, Methods: []string{"GET", "POST"}, AllowedHeaders: []string{"content-type"}, Credentials: true,
	}
	_, web := serve(t, o)
	url := web.URL + "/socket.io/default/?transport=polling&EIO=4"
	for _, c := range []struct {
		method, origin string
		status         int
		want           map[string]string
	}{
		{http.MethodOptions, page, http.StatusNoContent, map[string]string{
			"Access-Control-Allow-Origin": page, "Access-Control-Allow-Methods": "GET,POST",
			"Access-Control-Allow-Headers": "content-type", "Access-Control-Allow-Credentials": "true",
		}},
		{http.MethodGet, page, http.StatusOK, map[string]string{
			"Access-Control-Allow-Origin": page, "Access-Control-Allow-Credentials": "true",
		}},
		{http.MethodGet, "http://other.example", http.StatusOK, map[string]string{"Access-Control-Allow-Origin": ""}},
	} {
		res, body := request(t, c.method, url, "Origin", c.origin)
		if res.StatusCode != c.status {
			t.Errorf("%s of %s: %s %s", c.method, c.origin, res.Status, body)
		}
		for name, want := range c.want {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s of %s: %s is %q, want %q", c.method, c.origin, name, got, want)
			}
		}
	}
}

// AllowRequest decides who may connect.
func TestAllowRequestDecides(t *testing.T) {
	o := quiet()
	o.Engine.AllowRequest = func(r *http.Request) error {
		if r.Header.Get("Origin") == "http://foo.example" {
			return errors.New("not from there")
		}
		return nil
	}
	_, web := serve(t, o)
	url := web.URL + "/socket.io/default/?transport=polling&EIO=4"
	if res, body := get(t, url); res.StatusCode != http.StatusOK {
		t.Errorf("%s %s", res.Status, body)
	}
	res, body := get(t, url, "Origin", "http://foo.example")
	if res.StatusCode != http.StatusForbidden || string(body) != `{"code":4,"message":"not from there"}` {
		t.Errorf("%s %s", res.Status, body)
	}
}

// The sockets of one connection share its request, and each has the credentials that its own CONNECT packet brought.
func TestEachNamespaceHasItsOwnCredentials(t *testing.T) {
	server, web := serve(t, nil)
	second := server.Of("connection2")
	p := start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket&key1=1&key2=2", nil))
	main := find(t, server.Namespace, p.join("/")).Handshake()
	p.send(`0/connection2,{"key1":"aa","key2":"&=bb"}`)
	p.next()
	other := second.Sockets()[0].Handshake()
	for name, h := range map[string]*socketio.Handshake{"/": main, "/connection2": other} {
		if h.Query.Get("key1") != "1" || h.Query.Get("key2") != "2" || h.Query.Get("EIO") != "4" || h.Header.Get("Upgrade") == "" {
			t.Errorf("%s: query %v, headers %v", name, h.Query, h.Header)
		}
	}
	if got := string(main.RawAuth().Raw()); got != `{}` {
		t.Errorf("credentials of /: %s", got)
	}
	if got := string(other.RawAuth().Raw()); got != `{"key1":"aa","key2":"&=bb"}` {
		t.Errorf("credentials of /connection2: %s", got)
	}
}
