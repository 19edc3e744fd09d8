package socketio

import (
	"cmp"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/adapter/inmemory"
)

// Recovery are the options of connection state recovery: a client whose connection broke comes back as the same socket,
// in the same rooms, with the same data, and gets the events that it missed. See [Options.Recovery]. Every zero field
// means the default.
//
// Events that ask for no acknowledgement and are not volatile are kept for it. A client gets an offset as a last argument
// behind those of each such event, and handlers in a client that is not ours see it there.
//
// A namespace keeps the log and its sessions in memory, unless its adapter is an [adapter.Recovery]; the limits are for
// each namespace, and four times as many bytes for all together. When one is reached the oldest goes, and a client that would have needed it is not recovered: it gets a
// new session, and [Socket.RecoveryError] tells why.
type Recovery struct {
	// MaxDisconnectionDuration is how long a client may stay away. The default is 2 min.
	MaxDisconnectionDuration time.Duration
	// RunMiddlewares runs the middleware for clients that recover as well. By default they have passed it once.
	RunMiddlewares bool

	// MaxEvents is how many events the log of a namespace keeps. The default is 200,000.
	MaxEvents int
	// MaxEventBytes is how much they may weigh: their bytes, and 256 more for each. The default is 64 MiB.
	MaxEventBytes int
	// MaxSessions is how many sessions of lost sockets a namespace keeps. The default is 100,000.
	MaxSessions int
	// MaxSessionBytes is how much they may weigh: 512 bytes, 64 and its name for each room, 256 for each value of a
	// [Key]. The default is 128 MiB.
	MaxSessionBytes int
}

func (r *Recovery) withDefaults() *Recovery {
	if r == nil {
		return nil
	}
	f := *r
	f.MaxDisconnectionDuration = cmp.Or(max(0, f.MaxDisconnectionDuration), 2*time.Minute)
	f.MaxEvents = cmp.Or(max(0, f.MaxEvents), 200_000)
	f.MaxEventBytes = cmp.Or(max(0, f.MaxEventBytes), 64<<20)
	f.MaxSessions = cmp.Or(max(0, f.MaxSessions), 100_000)
	f.MaxSessionBytes = cmp.Or(max(0, f.MaxSessionBytes), 128<<20)
	return &f
}

// Why a client that asked for its session did not get it, see [Socket.RecoveryError].
var (
	ErrSessionUnknown = adapter.ErrSessionUnknown // expired, dropped for newer ones, or never kept
	ErrSessionExpired = adapter.ErrSessionExpired
	ErrOffsetUnknown  = adapter.ErrOffsetUnknown // what it says that it received last was never sent to it
	ErrGapLost        = adapter.ErrGapLost       // some of what it missed was dropped for newer events
	// ErrSessionInUse means that another connection has the session, and answers.
	ErrSessionInUse = errors.New("socketio: session in use")
)

// recovery is what a namespace has when recovery is on.
type recovery struct {
	// Fixed at newRecovery.
	log    adapter.Recovery
	memory *inmemory.Store // is the log, unless the adapter has one
	window time.Duration   // a client may stay away
	ask    bool            // the middleware about clients that recover
	epoch  time.Time       // times are told from it, so that a clock that is set moves none

	parked atomic.Bool // the memory has been left to a namespace of the same name, see park

	offset string // Guarded by Namespace.order: the place behind what was stored and delivered last.

	mu   sync.Mutex
	live map[string]*holding // Guarded by mu. Who has a session, by private id.
}

// holding is the part of a socket in a session.
type holding struct {
	socket *Socket
	over   chan struct{} // closed when nothing runs for the socket any more and others may have the session
}

// newRecovery makes that of a namespace, with what was saved for it if there is anything.
func (io *Server) newRecovery(name string, a adapter.Adapter) *recovery {
	o := &io.options
	if o.Recovery == nil {
		return nil
	}
	r := &recovery{
		window: o.Recovery.MaxDisconnectionDuration,
		ask:    o.Recovery.RunMiddlewares,
		epoch:  time.Now().Add(-1), // nothing happens at it
		live:   make(map[string]*holding),
	}
	if log, ok := a.(adapter.Recovery); ok {
		r.log = log
	} else {
		if r.memory = io.takeSaved(name); r.memory == nil {
			r.memory = inmemory.New(io.logLimits())
		}
		r.memory.Open()
		r.log = r.memory
	}
	r.offset = r.log.Offset()
	return r
}

// allNamespaces times what one may hold may be held by all together.
const allNamespaces = 4

// newBudget is what the namespaces may hold together.
func (o *Options) newBudget() *inmemory.Budget {
	if o.Recovery == nil {
		return nil
	}
	return &inmemory.Budget{
		Bytes: allNamespaces * int64(o.Recovery.MaxEventBytes), SessionBytes: allNamespaces * int64(o.Recovery.MaxSessionBytes),
	}
}

// logLimits are those of one namespace.
func (io *Server) logLimits() inmemory.Limits {
	o := &io.options
	return inmemory.Limits{
		Shared: io.budget,
		// What was sent to a peer that had gone is older than its loss by as much as that took to notice.
		Age:          o.Recovery.MaxDisconnectionDuration + o.heartbeat(),
		Events:       o.Recovery.MaxEvents,
		Bytes:        o.Recovery.MaxEventBytes,
		Sessions:     o.Recovery.MaxSessions,
		SessionBytes: o.Recovery.MaxSessionBytes,
	}
}

// close ends the work of the log in memory. What is in it can still be saved.
func (r *recovery) close() {
	if r != nil && r.memory != nil && !r.parked.Load() {
		r.memory.Close()
	}
}

// discard lets go of it.
func (r *recovery) discard() {
	if r != nil && r.memory != nil && !r.parked.Load() {
		r.memory.Discard()
	}
}

// claim makes s the one that has its session, or returns who has it.
func (r *recovery) claim(s *Socket) (other *holding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if other = r.live[s.session.pid]; other == nil {
		r.live[s.session.pid] = &holding{s, make(chan struct{})}
	}
	return other
}

// release lets others have the session of s, if s has one.
func (r *recovery) release(s *Socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h := r.live[s.session.pid]; h != nil && h.socket == s {
		delete(r.live, s.session.pid)
		close(h.over)
	}
}

// Recovered reports whether the client came back to the session that it had: the socket has the id, the rooms and the
// data of the one that was lost, and the client got all that it missed. It is known before the middleware runs.
func (s *Socket) Recovered() bool { return s.session != nil && s.session.recovered }

// RecoveryError tells why a client that asked for its session got a new one. It is nil if it did not ask, or recovered.
func (s *Socket) RecoveryError() error {
	if s.session == nil {
		return nil
	}
	return s.session.refused
}
