package inmemory

import (
	"container/list"
	"context"
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// sessions are those of lost sockets, the ones kept longest first.
type sessions struct {
	byPID map[string]*kept
	order list.List // of *kept
	bytes int
}

type kept struct {
	session adapter.Session
	size    int
	element *list.Element
}

const (
	sessionCost    = 512 // what a session weighs beside its rooms and data
	membershipCost = 64  // beside the name of the room
)

// Sizer is implemented by data that know how much they weigh.
type Sizer interface{ Size() int }

func sizeOfSession(s *adapter.Session) int {
	n := sessionCost
	for _, m := range s.Rooms {
		n += membershipCost + len(m.Room)
	}
	switch d := s.Data.(type) {
	case Sizer:
		n += d.Size()
	case adapter.Bytes:
		n += len(d)
	}
	return n
}

// Keep keeps a session. When there is no room, those go that were kept longest. It never fails.
func (s *Store) Keep(session adapter.Session) error {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetSessions(now)
	if !session.Until.After(now) {
		return nil
	}
	s.put(session)
	s.trimSessions()
	s.schedule()
	return nil
}

func (s *Store) trimSessions() {
	for len(s.kept.byPID) > s.limits.Sessions || s.kept.bytes > s.limits.SessionBytes ||
		len(s.kept.byPID) > 0 && s.limits.Shared.sessionsOver() {
		s.remove(s.kept.order.Front().Value.(*kept))
		s.stats.DroppedSessions++
	}
}

func (s *Store) put(session adapter.Session) {
	if old := s.kept.byPID[session.PID]; old != nil {
		s.remove(old)
	}
	k := &kept{session: session, size: sizeOfSession(&session)}
	k.element = s.kept.order.PushBack(k)
	s.kept.byPID[session.PID] = k
	s.kept.bytes += k.size
	s.limits.Shared.addSession(k.size)
}

func (s *Store) remove(k *kept) {
	s.kept.order.Remove(k.element)
	delete(s.kept.byPID, k.session.PID)
	s.kept.bytes -= k.size
	s.limits.Shared.addSession(-k.size)
}

// Take hands a session out, if all of its gap is there. Whatever comes of it, the session is not kept any longer: its
// client gets another, or has it.
func (s *Store) Take(_ context.Context, pid string, offset *string) (session adapter.Session, from string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept.byPID[pid]
	if k == nil {
		return session, "", adapter.ErrSessionUnknown
	}
	s.remove(k)
	session = k.session
	if !session.Until.After(time.Now()) {
		return session, "", adapter.ErrSessionExpired
	}
	pos, err := s.from(&session, offset)
	if err != nil {
		return session, "", err
	}
	return session, s.epochs.offset(pos), nil
}

// from is the position behind which the gap of a session begins.
func (s *Store) from(session *adapter.Session, offset *string) (uint64, error) {
	began, sent, lost := place(session.Began), place(session.Sent), place(session.Lost)
	pos := began
	if offset != nil {
		p, ok := s.epochs.position(*offset, s.log.last)
		if !ok || p > lost {
			return 0, adapter.ErrOffsetUnknown
		}
		// One from before the session began was left over from an earlier one: of this one nothing was received, or
		// it would have taken its place.
		pos = max(pos, p)
	}
	if pos >= sent {
		pos = max(pos, lost) // nothing was under way: what matters begins with the loss
	}
	if pos < place(session.Exact) || !s.log.reaches(pos) {
		return 0, adapter.ErrGapLost
	}
	return pos, nil
}
