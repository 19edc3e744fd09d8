package engineio

import (
	"net/http"
	"net/netip"
	"strings"
)

// Address is the address of the client that opened a session: that of the peer or, when the peer is a trusted proxy, the
// last one in X-Forwarded-For that is no trusted proxy's. What stands before that one may be invented. It is the zero Addr
// when the peer has no IP address.
func (s *Server) Address(r *Request) netip.Addr { return s.client(r.RemoteAddr, r.Header) }

// client is [Server.Address] of a request that has not become a session.
func (s *Server) client(remote string, h http.Header) netip.Addr {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap()
	if len(s.o.TrustedProxies) == 0 {
		return address
	}
	hops := strings.Split(strings.Join(h["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return address
}

// trusts reports whether an address is that of a trusted proxy.
func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.o.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Network is what limits go by: an IPv4 address, or the /64 that a single IPv6 customer has.
func Network(a netip.Addr) netip.Addr {
	if a.Is6() {
		if prefix, err := a.WithZone("").Prefix(64); err == nil {
			return prefix.Addr()
		}
	}
	return a
}

// bound reports whether a request may speak for the session: if sessions are bound, only from where it was opened.
func (s *Server) bound(c *Conn, r *http.Request) bool {
	return !s.o.BindAddress || Network(s.client(r.RemoteAddr, r.Header)) == Network(s.Address(c.request))
}
