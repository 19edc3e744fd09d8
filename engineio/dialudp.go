package engineio

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/socketio-go/socketio/engineio/transport"
)

var errProxied = errors.New("engineio: no proxy takes WebTransport")

// connectWebTransport is connect for the transport that was handed in. The HTTP client can't make its requests, so what
// they have in common is done here.
func (d *dialer) connectWebTransport(ctx context.Context, sid string) (transport.Transport, func(transport.Sink), error) {
	u := d.address.webtransport()
	o := transport.Departing{
		SID: sid, Header: d.webTransportHeader(u),
		Limits: transport.Limits{MaxPayload: d.o.MaxMessage, WriteTimeout: d.o.WriteTimeout},
	}
	if t, ok := d.plain.Transport.(*http.Transport); ok {
		o.TLS = t.TLSClientConfig
		if proxied(t, u) {
			return nil, nil, &transport.Error{Message: "webtransport error", Err: errProxied}
		}
	}
	t, res, err := d.o.WebTransport.Dial(ctx, u, o)
	status := 0
	if res != nil {
		status = res.StatusCode
		if jar := d.plain.Jar; jar != nil {
			if cookies := res.Cookies(); len(cookies) > 0 {
				jar.SetCookies(u, cookies)
			}
		}
	}
	switch {
	case err == nil:
		return t, t.Serve, nil
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	}
	return nil, nil, &transport.Error{Message: "webtransport error", Status: status, Err: err}
}

func (d *dialer) webTransportHeader(u *url.URL) http.Header {
	r := &http.Request{Header: d.o.Header.Clone()}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if jar := d.plain.Jar; jar != nil {
		for _, c := range jar.Cookies(u) {
			r.AddCookie(c)
		}
	}
	if u.User != nil && r.Header.Get("Authorization") == "" {
		password, _ := u.User.Password()
		r.SetBasicAuth(u.User.Username(), password)
	}
	return r.Header
}

// proxied reports whether requests to u are to go through a proxy, or nobody can tell.
func proxied(t *http.Transport, u *url.URL) bool {
	if t.Proxy == nil {
		return false
	}
	proxy, err := t.Proxy(&http.Request{Method: http.MethodConnect, URL: u, Host: u.Host, Header: http.Header{}})
	return proxy != nil || err != nil
}
