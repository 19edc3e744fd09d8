package engineio

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// sameOrigin reports whether r comes from no browser, or from a page of this very host.
func (s *Server) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" { // "null" has no host
		return false
	}
	host := r.Host
	if forwarded := s.forwarded(r, "X-Forwarded-Host"); forwarded != "" {
		host = forwarded
	}
	return strings.EqualFold(withoutDefaultPort(u.Host, u.Scheme), withoutDefaultPort(host, u.Scheme))
}

// withoutDefaultPort drops the port that the scheme implies: browsers leave it out of an origin, others may name it.
func withoutDefaultPort(host, scheme string) string {
	switch scheme {
	case "http":
		return strings.TrimSuffix(host, ":80")
	case "https":
		return strings.TrimSuffix(host, ":443")
	}
	return host
}

// forwarded is a header that a trusted proxy set, or "". Of several values it is the last: the others may have come from
// the client through the proxy.
func (s *Server) forwarded(r *http.Request, name string) string {
	values := r.Header.Values(name)
	if len(values) == 0 || !s.trusted(r.RemoteAddr) {
		return ""
	}
	last := values[len(values)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}

// trusted reports whether the peer is one of the trusted proxies.
func (s *Server) trusted(remote string) bool {
	if len(s.o.TrustedProxies) == 0 {
		return false
	}
	a, err := netip.ParseAddrPort(remote)
	return err == nil && s.trusts(a.Addr().Unmap())
}

// secure reports whether r came over TLS, as far as can be told.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(s.forwarded(r, "X-Forwarded-Proto"), "https")
}
