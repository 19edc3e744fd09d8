package rooms

import "slices"

// indexFrom is the size from which a crowd keeps a map of positions. Below it a scan is faster and lighter: most rooms
// are small, and each socket is alone in the room that bears its id.
const indexFrom = 32

// members is a copy-on-write list: a slice that was handed out is never written inside its length again.
// The zero value is empty. It has no lock of its own.
type members[M comparable] struct {
	list   []M
	at     map[M]int // position in list, from indexFrom members on
	shared bool      // list was handed out
}

func (s *members[M]) position(m M) int {
	if s.at == nil {
		return slices.Index(s.list, m)
	}
	if i, ok := s.at[m]; ok {
		return i
	}
	return -1
}

// add reports whether m is new. Appending does not disturb a snapshot, which ends where the list ended.
func (s *members[M]) add(m M) bool {
	if s.position(m) >= 0 {
		return false
	}
	s.list = append(s.list, m)
	switch {
	case s.at != nil:
		s.at[m] = len(s.list) - 1
	case len(s.list) >= indexFrom:
		s.at = make(map[M]int, 2*len(s.list))
		for i, m := range s.list {
			s.at[m] = i
		}
	}
	return true
}

// remove reports whether m was there. The last member takes its place.
func (s *members[M]) remove(m M) bool {
	i := s.position(m)
	if i < 0 {
		return false
	}
	if s.shared {
		s.list, s.shared = slices.Clone(s.list), false
	}
	last := len(s.list) - 1
	moved := s.list[last]
	s.list[i] = moved
	var none M
	s.list[last] = none // let go of what it points to
	s.list = s.list[:last]
	if s.at != nil {
		s.at[moved] = i
		delete(s.at, m)
	}
	if last == 0 {
		*s = members[M]{}
	}
	return true
}

func (s *members[M]) snapshot() []M {
	s.shared = true
	return s.list[:len(s.list):len(s.list)]
}
