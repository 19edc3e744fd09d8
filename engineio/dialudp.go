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
func (d *dialer) connectWebTransport(ctx context.Context, r *road, sid string) (transport.Transport, func(transport.Sink), error) {
	u := r.address.webtransport()
	o := transport.Departing{
		SID: sid, Header: r.webTransportHeader(u),
		Limits: transport.Limits{MaxPayload: r.o.MaxMessage, WriteTimeout: r.o.WriteTimeout},
	}
	if t, ok := r.plain.Transport.(*http.Transport); ok {
		o.TLS = t.TLSClientConfig
		if proxied(t, u) {
			return nil, nil, &transport.Error{Message: "webtransport error", Err: errProxied}
		}
	}
	t, res, err := d.o.WebTransport.Dial(ctx, u, o)
	status := 0
	if res != nil {
		status = res.StatusCode
		if jar := r.plain.Jar; jar != nil {
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

func (r *road) webTransportHeader(u *url.URL) http.Header {
	req := &http.Request{Header: r.o.Header.Clone()}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if jar := r.plain.Jar; jar != nil {
		for _, c := range jar.Cookies(u) {
			req.AddCookie(c)
		}
	}
	if u.User != nil && req.Header.Get("Authorization") == "" {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	return req.Header
}

// proxied reports whether requests to u are to go through a proxy, or nobody can tell.
func proxied(t *http.Transport, u *url.URL) bool {
	if t.Proxy == nil {
		return false
	}
	proxy, err := t.Proxy(&http.Request{Method: http.MethodConnect, URL: u, Host: u.Host, Header: http.Header{}})
	return proxy != nil || err != nil
}
