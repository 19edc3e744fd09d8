package engineio

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/internal/rate"
)

// Rate allows Burst at once (1 if that is zero), and then one each Every. The zero Rate allows everything.
type Rate struct {
	Burst int
	Every time.Duration
}

// Caps bound the sessions of a server. A handshake beyond one of them is refused with 503 and Retry-After, before
// [Options].AllowRequest is asked, and keeps nothing. A zero field is no bound.
//
// The address of a client is that of the peer, or what [Options].TrustedProxies tell; all addresses of an IPv6 /64 count
// as one, since that is what one customer has.
type Caps struct {
	Sessions             int  // at once
	SessionsPerAddress   int  // at once
	HandshakesPerAddress Rate // new sessions
}

// capped keeps the books of [Caps]. Nil bounds nothing, and costs nothing.
type capped struct {
	caps       Caps
	handshakes *rate.Table[netip.Addr]
	refused    atomic.Uint64

	mu       sync.Mutex
	sessions map[netip.Addr]int // Guarded by mu; never 0. Nil unless there is a cap for an address.
	total    int                // Guarded by mu.
}

var errCapped = errors.New("engineio: too many sessions")

func newCapped(c Caps) *capped {
	if c == (Caps{}) {
		return nil
	}
	k := &capped{caps: c, handshakes: rate.NewTable[netip.Addr](rate.Limit(c.HandshakesPerAddress))}
	if c.SessionsPerAddress > 0 {
		k.sessions = make(map[netip.Addr]int)
	}
	return k
}

// admit refuses a handshake that there is no room for, or that comes too soon. Whether there is room is decided by enter,
// once everything else is in order.
func (k *capped) admit(s *Server, r *http.Request) *failure {
	if k == nil {
		return nil
	}
	address := Network(s.client(r.RemoteAddr, r.Header))
	k.mu.Lock()
	room := k.room(address)
	k.mu.Unlock()
	if !room {
		return k.refusal(0)
	}
	if wait := k.handshakes.Take(address, time.Since(s.epoch)); wait > 0 {
		return k.refusal(wait)
	}
	return nil
}

// room reports whether one more session may be. The caller holds mu.
func (k *capped) room(address netip.Addr) bool {
	return (k.caps.Sessions <= 0 || k.total < k.caps.Sessions) &&
		(k.caps.SessionsPerAddress <= 0 || k.sessions[address] < k.caps.SessionsPerAddress)
}

// enter counts a session, if there is room for it.
func (k *capped) enter(s *Server, r *Request) bool {
	if k == nil {
		return true
	}
	address := Network(s.Address(r))
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.room(address) {
		return false
	}
	k.total++
	if k.sessions != nil {
		k.sessions[address]++
	}
	return true
}

// leave takes back what enter counted.
func (k *capped) leave(s *Server, r *Request) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.total--
	if k.sessions == nil {
		return
	}
	address := Network(s.Address(r))
	if k.sessions[address]--; k.sessions[address] == 0 {
		delete(k.sessions, address)
	}
}

// refusal counts and makes the answer to a handshake beyond a cap.
func (k *capped) refusal(wait time.Duration) *failure {
	k.refused.Add(1)
	return &failure{
		http.StatusServiceUnavailable, CodeBadRequest, "Too many connections",
		map[string]any{"name": "CAPPED", "retryAfter": max(wait, fullWait)},
	}
}

// fullWait is what those are told to wait at least who come when there is no room.
const fullWait = time.Second

// Capped is the number of handshakes that [Options].Caps have refused.
func (s *Server) Capped() uint64 {
	if s.capped == nil {
		return 0
	}
	return s.capped.refused.Load()
}
