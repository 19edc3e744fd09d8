package rooms

import "sync"

// Set is one crowd, such as all sockets of a namespace. The zero value is empty. Safe for use by several goroutines.
type Set[M comparable] struct {
	mu      sync.Mutex
	members members[M]
}

// Add puts m into the set and reports whether it is new.
func (s *Set[M]) Add(m M) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.members.add(m)
}

// Remove takes m out of the set and reports whether it was there.
func (s *Set[M]) Remove(m M) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.members.remove(m)
}

// Members returns the members as they are now, in no particular order. The slice is shared and must not be changed.
func (s *Set[M]) Members() []M {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.members.snapshot()
}

// Len returns the number of members.
func (s *Set[M]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.members.list)
}
