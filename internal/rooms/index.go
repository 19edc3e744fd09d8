package rooms

import (
	"hash/maphash"
	"sync"
)

// shards is a power of two well above the number of cores, so that two rooms rarely meet on one lock.
const shards = 32

// Index maps rooms to members. A room exists from its first member to its last: create-and-join, and leave-and-delete,
// are each one critical section. Safe for use by several goroutines.
type Index[M comparable] struct {
	note  func(Change[M]) // Fixed at New.
	seed  maphash.Seed    // Fixed at New.
	shard [shards]shard[M]
}

type shard[M comparable] struct {
	mu    sync.Mutex
	rooms map[string]*members[M] // Guarded by mu.
}

// New returns an empty index. If note is not nil, it is told of every change, under the lock of the room, so that it
// learns the changes of one room in their order. It must only take note: it must not block, nor call the index.
func New[M comparable](note func(Change[M])) *Index[M] {
	return &Index[M]{note: note, seed: maphash.MakeSeed()}
}

func (x *Index[M]) at(room string) *shard[M] {
	return &x.shard[maphash.String(x.seed, room)%shards]
}

// Join puts m into room and reports whether it was not there yet.
func (x *Index[M]) Join(m M, room string) bool {
	s := x.at(room)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[room]
	created := r == nil
	if created {
		if s.rooms == nil {
			s.rooms = make(map[string]*members[M])
		}
		r = new(members[M])
		s.rooms[room] = r
	}
	if !r.add(m) {
		return false
	}
	if x.note != nil {
		if created {
			x.note(Change[M]{Created, room, m})
		}
		x.note(Change[M]{Joined, room, m})
	}
	return true
}

// Leave takes m out of room and reports whether it was there.
func (x *Index[M]) Leave(m M, room string) bool {
	s := x.at(room)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[room]
	if r == nil || !r.remove(m) {
		return false
	}
	if x.note != nil {
		x.note(Change[M]{Left, room, m})
	}
	if len(r.list) == 0 {
		delete(s.rooms, room)
		if x.note != nil {
			x.note(Change[M]{Deleted, room, m})
		}
	}
	return true
}

// Members returns the members of room as they are now, in no particular order. The slice is shared and must not be
// changed.
func (x *Index[M]) Members(room string) []M {
	s := x.at(room)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[room]
	if r == nil {
		return nil
	}
	return r.snapshot()
}

// Has reports whether m is in room.
func (x *Index[M]) Has(m M, room string) bool {
	s := x.at(room)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[room]
	return r != nil && r.position(m) >= 0
}

// Names returns the names of all rooms, in no particular order.
func (x *Index[M]) Names() []string {
	var names []string
	for i := range x.shard {
		s := &x.shard[i]
		s.mu.Lock()
		for name := range s.rooms {
			names = append(names, name)
		}
		s.mu.Unlock()
	}
	return names
}
