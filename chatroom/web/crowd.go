package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
)

const (
	maxConnections = 20_000 // of the server
	maxFromAddress = 500    // sockets of one address
)

// crowdWait is what those are told to wait who come when it is full.
const crowdWait = 5 * time.Second

// crowd refuses handshakes of Socket.IO beyond maxConnections, and from an address that makes too many. Everything else
// passes.
func (w *Server) crowd(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/socket.io/") && r.URL.Query().Has("EIO") && !r.URL.Query().Has("sid") {
			err := w.handshakes.Take(w.client(r.RemoteAddr, r.Header), time.Now())
			if err == nil && w.io.Engine().Count() >= maxConnections {
				err = &chat.Error{Code: chat.CodeBusy, RetryAfter: crowdWait}
			}
			if err != nil {
				rw.Header().Set("Retry-After", strconv.Itoa(int(refusal(err).RetryAfter+1)))
				http.Error(rw, "too many connections", http.StatusServiceUnavailable)
				return
			}
		}
		next.ServeHTTP(rw, r)
	})
}

// tally counts the sockets of each address. Safe for use by several goroutines.
type tally struct {
	limit int // of one address; fixed at New

	mu     sync.Mutex
	counts map[netip.Addr]int // guarded by mu; never 0
}

// full tells whether an address has as many as it may.
func (t *tally) full(a netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[a] >= t.limit
}

func (t *tally) add(a netip.Addr, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = make(map[netip.Addr]int)
	}
	t.counts[a] += n
	if t.counts[a] == 0 {
		delete(t.counts, a)
	}
}

// addressOf returns the address that a socket comes from.
func (w *Server) addressOf(s *socketio.Socket) netip.Addr {
	request := s.Conn().Request()
	return w.client(request.RemoteAddr, request.Header)
}
