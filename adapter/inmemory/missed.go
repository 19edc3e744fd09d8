package inmemory

import (
	"context"

	"github.com/socketio-go/socketio/adapter"
)

// What one call of Missed may take: emits wait for the lock meanwhile.
const (
	partScanned = 4096
	partEvents  = 64
	partBytes   = 64 << 10
)

// Missed reads a part of what was stored behind from, not behind to, and is for the session. The error is [adapter.ErrGapLost]: some of
// it was forgotten meanwhile.
func (s *Store) Missed(_ context.Context, session *adapter.Session, from, to string) (missed []adapter.Message, next string, more bool, err error) {
	pos, end := place(from), place(to)
	in := roomsOf(session)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.log.reaches(pos) || pos > s.log.last {
		return nil, "", false, adapter.ErrGapLost
	}
	end = min(end, s.log.last)
	bytes := 0
	for stop := pos + partScanned; pos < min(end, stop); {
		pos++
		e := s.log.at(pos)
		if !in.has(&e.message, pos) {
			continue
		}
		m := e.message
		m.Offset = s.epochs.offset(pos)
		missed = append(missed, m)
		if bytes += e.size; len(missed) == partEvents || bytes >= partBytes {
			break
		}
	}
	return missed, s.epochs.offset(pos), pos < end, nil
}

// span is the time in a room: what was stored behind from and not behind to.
type span struct{ from, to uint64 }

// memberships are the rooms of a session and when it was in them.
type memberships map[string][]span

func roomsOf(session *adapter.Session) memberships {
	in := make(memberships, len(session.Rooms))
	for _, m := range session.Rooms {
		t := span{place(m.From), ^uint64(0)}
		if m.To != "" {
			t.to = place(m.To)
		}
		in[m.Room] = append(in[m.Room], t)
	}
	return in
}

// has reports whether what was stored at pos was for the session.
func (in memberships) has(m *adapter.Message, pos uint64) bool {
	return (len(m.Rooms) == 0 || in.any(m.Rooms, pos)) && !in.any(m.Except, pos)
}

func (in memberships) any(rooms []string, pos uint64) bool {
	for _, room := range rooms {
		for _, t := range in[room] {
			if t.from < pos && pos <= t.to {
				return true
			}
		}
	}
	return false
}
