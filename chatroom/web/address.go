package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// client returns the address that a request comes from: the peer's, or, when the peer is a trusted proxy, the last one in
// X-Forwarded-For that no trusted proxy has. What is before that one may be invented. An address that can't be read is
// the zero one, for which all such clients share the limits.
func (w *Server) client(remote string, h http.Header) netip.Addr {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(h.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && w.trusts(address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return network(address)
}

// network returns what limits go by: an IPv4 address, or the /64 that a single IPv6 customer has.
func network(a netip.Addr) netip.Addr {
	if a.Is6() {
		if prefix, err := a.WithZone("").Prefix(64); err == nil {
			return prefix.Addr()
		}
	}
	return a
}

func (w *Server) trusts(a netip.Addr) bool {
	for _, p := range w.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// secure tells whether the browser speaks HTTPS, as far as we or a trusted proxy know.
func (w *Server) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && w.trusts(peer.Addr().Unmap()) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
