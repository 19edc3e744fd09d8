package socketio

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

const (
	// signOfLife is how long a connection may take to show that it lives when another asks for its session: a client that
	// changed its network comes back long before the heartbeat would miss it.
	signOfLife = 2 * time.Second
	// holderPatience is how long who asks waits for that: as long as the heartbeat may take, with its second of grace.
	holderPatience = signOfLife + 2*time.Second
	// handlerPatience is how long it waits for the handlers of a socket that was lost.
	handlerPatience = 10 * time.Second
)

// identify gives a socket that begins its session: the one that its client asks for, or a new one.
func (s *Socket) identify() {
	r := s.namespace.recovery
	if r == nil {
		return
	}
	io := s.conn.server
	var refused error
	if t, asked := ticketOf(s.auth); asked && !s.conn.protocol4 {
		refused = s.guard("adapter", func() error { return s.reclaim(t) })
		if refused == nil {
			io.recovered.Add(1)
			return
		}
		io.notRecovered.Add(1)
		io.tell(slog.LevelDebug, "socketio: not recovered", "namespace", logged(s.namespace.name), "error", refused)
	}
	s.session.pid, s.session.refused = newID(), refused
	r.claim(s)
}

// reclaim makes the socket the one that was lost.
func (s *Socket) reclaim(t ticket) error {
	r := s.namespace.recovery
	if len(t.pid) != idLength {
		return ErrSessionUnknown
	}
	e := s.session
	e.pid = t.pid
	if err := s.claim(); err != nil {
		return err
	}
	took := false
	defer func() {
		if !took {
			r.release(s)
		}
	}()
	kept, from, err := r.log.Take(s.Context(), t.pid, t.offset)
	if err != nil {
		return err
	}
	if err := s.restoreData(kept.Data); err != nil {
		return err
	}
	took, e.recovered = true, true
	e.from, e.began, e.sent, e.exact, e.lost = from, kept.Began, kept.Sent, kept.Exact, kept.Lost
	e.rooms = slices.Clone(kept.Rooms) // somebody may be saving it
	s.id = kept.ID
	s.restoreRooms()
	return nil
}

// claim waits until nobody else has the session. Who has it must show that it lives.
func (s *Socket) claim() error {
	r := s.namespace.recovery
	timer := time.NewTimer(holderPatience)
	defer timer.Stop()
	again := time.NewTicker(signOfLife / 4)
	defer again.Stop()
	extended := false
	for {
		holder := r.claim(s)
		if holder == nil {
			return nil
		}
		holder.socket.conn.eio.Hurry(signOfLife)
		select {
		case <-holder.over:
		case <-again.C: // it can't be hurried while it is reading
		case <-s.Context().Done():
			return context.Cause(s.Context())
		case <-timer.C:
			if extended || holder.socket.Context().Err() == nil {
				return ErrSessionInUse
			}
			extended = true
			timer.Reset(handlerPatience)
		}
	}
}

// restoreRooms puts the socket into the rooms in which it was lost.
func (s *Socket) restoreRooms() {
	defer s.namespace.tellRooms()
	s.roomsMu.Lock()
	defer s.roomsMu.Unlock()
	for _, m := range s.session.rooms {
		if m.To == "" {
			s.rooms = append(s.rooms, m.Room)
			s.namespace.index.Join(s, m.Room)
		}
	}
}

// letGo ends the part of a socket in its session: others may have it from then on, if the client may come back.
func (s *Socket) letGo(recoverable bool) {
	if s.session == nil || s.namespace.recovery == nil { // it never got to a namespace
		return
	}
	defer s.namespace.recovery.release(s)
	if !recoverable {
		return
	}
	s.guard("adapter", func() error {
		err := s.namespace.recovery.log.Keep(s.toKeep())
		if err != nil {
			s.conn.server.tell(slog.LevelError, "socketio: session can't be kept", "namespace", logged(s.namespace.name), "error", err)
		}
		return nil
	})
}

// toKeep is the session as it is kept for the client.
func (s *Socket) toKeep() adapter.Session {
	e, n := s.session, s.namespace
	until := time.Now()
	if at := e.lostAt.Load(); at != 0 {
		until = n.recovery.epoch.Add(time.Duration(at))
	}
	data := s.carry()
	n.order.Lock()
	defer n.order.Unlock()
	return adapter.Session{
		PID: e.pid, ID: s.id, Rooms: slices.Clone(e.rooms), Data: data,
		Began: e.began, Sent: e.sent, Exact: e.exact, Lost: e.lost, Until: until.Add(n.recovery.window),
	}
}

// enter lets the socket in, with the answer to its client: a new one at this place in the log, one that was lost behind
// what it missed.
func (s *Socket) enter(answer []*packet.Prepared) (flush, in bool) {
	n, e := s.namespace, s.session
	if e == nil {
		return s.letIn(answer)
	}
	if e.recovered {
		if s.replay(answer) {
			return false, true
		}
		// What of the gap was sent is good for nothing: the client, if it is there, has to begin anew.
		s.conn.eio.CloseWith(engineio.TransportError, ErrGapLost)
		return false, false
	}
	n.order.Lock()
	defer n.order.Unlock()
	at := n.recovery.offset
	e.began, e.sent, e.exact, e.lost = at, at, at, at
	return s.letIn(answer)
}

// lockForLoss takes conn.mu, and before it the order lock if the socket may be brought back that loses its connection for
// the reason: it is lost at one place in the log. It reports whether it took that too.
func (s *Socket) lockForLoss(reason DisconnectReason) (placed bool) {
	for may := s.session != nil && s.mayReturn(reason); ; s.conn.mu.Unlock() {
		placed = may && s.state.Load() == connected // its namespace is fixed by then
		if placed {
			s.namespace.order.Lock()
		}
		s.conn.mu.Lock()
		if placed || !may || s.state.Load() != connected {
			return placed
		}
	}
}

// lose notes the place. It is called with the order lock and conn.mu held.
func (s *Socket) lose() {
	s.session.lost = s.namespace.recovery.offset
	s.session.lostAt.Store(int64(time.Since(s.namespace.recovery.epoch)))
}
