package socketio

import (
	"sync"
	"sync/atomic"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/internal/rooms"
)

// roomChanges takes what happens to rooms to who listens: in order, and with no lock held. Whoever made a change and
// finds nobody telling tells what has gathered; so a listener may join and leave rooms, and what it did is told after.
type roomChanges struct {
	created, deleted event.Table[func(room string)]
	joined, left     event.Table[func(room string, s *Socket)]
	heard            atomic.Bool // somebody listens, or did

	mu      sync.Mutex
	queue   []rooms.Change[*Socket] // Guarded by mu.
	telling bool                    // Guarded by mu.
}

// maxUntold is how many changes may wait for slow listeners before rooms can't be joined. Leaving can't be refused, but
// who leaves has joined.
const maxUntold = 1 << 16

// behind reports whether too many changes wait.
func (r *roomChanges) behind() bool {
	if !r.heard.Load() {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue) >= maxUntold
}

// note is called under the lock of the room.
func (r *roomChanges) note(c rooms.Change[*Socket]) {
	if !r.heard.Load() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = append(r.queue, c)
}

// take returns the next change, unless somebody else is telling. After done it is the next one's turn.
func (r *roomChanges) take(again bool) (c rooms.Change[*Socket], ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.telling && !again {
		return c, false
	}
	if len(r.queue) == 0 {
		r.telling, r.queue = false, nil
		return c, false
	}
	c, r.queue = r.queue[0], r.queue[1:]
	r.telling = true
	return c, true
}

func (n *Namespace) tellRooms() {
	r := &n.changes
	if !r.heard.Load() {
		return
	}
	for c, ok := r.take(false); ok; c, ok = r.take(true) {
		n.tellRoom(c)
	}
}

func (n *Namespace) tellRoom(c rooms.Change[*Socket]) {
	r := &n.changes
	s := c.Member
	told := false
	defer func() {
		if !told { // the listener ended the goroutine
			r.mu.Lock()
			r.telling = false
			r.mu.Unlock()
		}
	}()
	switch c.Kind {
	case rooms.Created:
		for f := range r.created.For(all) {
			s.guard("OnCreateRoom", func() error { f(c.Room); return nil })
		}
	case rooms.Joined:
		for f := range r.joined.For(all) {
			s.guard("OnJoinRoom", func() error { f(c.Room, s); return nil })
		}
	case rooms.Left:
		for f := range r.left.For(all) {
			s.guard("OnLeaveRoom", func() error { f(c.Room, s); return nil })
		}
	case rooms.Deleted:
		for f := range r.deleted.For(all) {
			s.guard("OnDeleteRoom", func() error { f(c.Room); return nil })
		}
	}
	told = true
}

// OnCreateRoom hears of a room's first member, before it joined. Rooms events of a namespace come one at a time and in
// order, on whichever goroutine changed a room. The returned function takes the listener off.
func (n *Namespace) OnCreateRoom(f func(room string)) (off func()) {
	return listenRooms(n, &n.changes.created, "OnCreateRoom", f)
}

// OnJoinRoom hears of each member that joined.
func (n *Namespace) OnJoinRoom(f func(room string, s *Socket)) (off func()) {
	return listenRooms(n, &n.changes.joined, "OnJoinRoom", f)
}

// OnLeaveRoom hears of each member that left, before a room is deleted.
func (n *Namespace) OnLeaveRoom(f func(room string, s *Socket)) (off func()) {
	return listenRooms(n, &n.changes.left, "OnLeaveRoom", f)
}

// OnDeleteRoom hears that a room's last member has left.
func (n *Namespace) OnDeleteRoom(f func(room string)) (off func()) {
	return listenRooms(n, &n.changes.deleted, "OnDeleteRoom", f)
}

func listenRooms[F any](n *Namespace, table *event.Table[F], what string, f F) (off func()) {
	mustHandle(what, f)
	n.changes.heard.Store(true)
	return table.Add(all, f, false)
}
