package inmemory

import "time"

// purges is how many times in the age of an event the store looks for what has become too old, while nothing else makes
// it look.
const purges = 8

// schedule sees to it that the timer runs while there is anything to forget.
func (s *Store) schedule() {
	if s.closed || s.log.count == 0 && len(s.kept.byPID) == 0 {
		return
	}
	if s.timer == nil {
		s.timer = time.AfterFunc(s.limits.Age/purges, s.purge)
	}
}

func (s *Store) purge() {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = nil
	if s.closed {
		return
	}
	s.forgetEvents(now)
	s.forgetSessions(now)
	s.log.shrink()
	s.schedule()
}

func (s *Store) forgetEvents(now time.Time) {
	for s.log.count > 0 && now.Sub(s.log.oldest().at) >= s.limits.Age {
		s.shift()
	}
}

// forgetSessions forgets those whose time is over. They are not quite in the order of their time; what one hides behind
// another it does for less than the time of a session, and Take looks for itself.
func (s *Store) forgetSessions(now time.Time) {
	for e := s.kept.order.Front(); e != nil; e = s.kept.order.Front() {
		k := e.Value.(*kept)
		if k.session.Until.After(now) {
			return
		}
		s.remove(k)
	}
}
