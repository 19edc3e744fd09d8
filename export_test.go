package socketio

import (
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// InboxPaused reports whether the reader of the socket's connection waits for room in the inbox.
func (s *Socket) InboxPaused() bool {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.conn.flow.resume != nil
}

// InboxUsed is what the inboxes of the socket's connection weigh.
func (s *Socket) InboxUsed() int {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return int(s.conn.flow.used())
}

// Awaited is the number of acknowledgements that the socket waits for, by its own count and by its connection's.
func (s *Socket) Awaited() (own, conn int) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return len(s.awaited), s.conn.flow.waits
}

// RoomCount is the number of rooms that exist in the namespace.
func (n *Namespace) RoomCount() int { return len(n.index.Names()) }

// Busy is the number of runners at work.
func (io *Server) Busy() int { return int(io.busy.n.Load()) }

// RoomEventsTold reports whether no room event waits.
func (n *Namespace) RoomEventsTold() bool {
	n.changes.mu.Lock()
	defer n.changes.mu.Unlock()
	return len(n.changes.queue) == 0 && !n.changes.telling
}

// Draining reports whether the server has stopped taking events.
func (io *Server) Draining() bool { return io.draining.Load() }

// ListenLimits are the limits of the server's own HTTP server.
func (io *Server) ListenLimits() (readHeader, idle time.Duration, headerBytes int) {
	l := &io.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.server.ReadHeaderTimeout, l.server.IdleTimeout, l.server.MaxHeaderBytes
}

// Awaiting is the number of acknowledgements that the namespace's sockets wait for, also of those that have gone but are
// still in rooms.
func (n *Namespace) Awaiting() (count int) {
	for _, s := range n.everyone.Members() {
		own, _ := s.Awaited()
		count += own
	}
	return count
}

// ReadAnswer is what becomes of an answer of another node, as a socket and as a reply.
func (n *Namespace) ReadAnswer(a adapter.Answer) (RemoteSocket, Reply) {
	return remoteSocket(n, a), nodeAnswer{"node", a}.reply()
}

// Exists reports whether there is a namespace of that name.
func (io *Server) Exists(name string) bool { return io.lookup(name) != nil }

// SessionsHeld is the number of sessions that sockets of the namespace have.
func (n *Namespace) SessionsHeld() int {
	if n.recovery == nil {
		return 0
	}
	n.recovery.mu.Lock()
	defer n.recovery.mu.Unlock()
	return len(n.recovery.live)
}

// Runners are the goroutines of handlers, without a server.
type Runners struct{ runners *runners }

// NewRunners makes some.
func NewRunners() Runners { return Runners{newRunners()} }

// Run gives f a runner.
func (r Runners) Run(f func()) { r.runners.run(ran(f)) }

// Alive is how many there are, at work or waiting for it.
func (r Runners) Alive() int { return int(r.runners.alive.n.Load()) }

// Close is the end of the server.
func (r Runners) Close() { r.runners.close() }

type ran func()

func (f ran) run() { f() }

// DataNow is what other nodes get to know of the socket's data.
func (s *Socket) DataNow() string { return string(s.encodedData()) }
