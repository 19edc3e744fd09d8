package socketio

import (
	"fmt"
	"slices"
)

const maxRooms = 1000 // a socket

// Join puts the socket into the rooms; one that it is in already is fine. The error is [ErrTooManyRooms] or
// [ErrRoomsUntold], and then it joined those that came first, or [ErrDisconnected].
func (s *Socket) Join(rooms ...string) error {
	defer s.namespace.tellRooms()
	s.roomsMu.Lock()
	defer s.roomsMu.Unlock()
	if s.left {
		return ErrDisconnected
	}
	for _, room := range rooms {
		if slices.Contains(s.rooms, room) {
			continue
		}
		switch {
		case room == s.id: // its own room is no wish of the peer
		case s.namespace.changes.behind():
			return ErrRoomsUntold
		case len(s.rooms) >= maxRooms:
			return fmt.Errorf("%w: %d", ErrTooManyRooms, maxRooms)
		}
		s.rooms = append(s.rooms, room)
		s.enterRoom(room)
	}
	return nil
}

// Leave takes the socket out of the rooms.
func (s *Socket) Leave(rooms ...string) {
	defer s.namespace.tellRooms()
	s.roomsMu.Lock()
	defer s.roomsMu.Unlock()
	for _, room := range rooms {
		if i := slices.Index(s.rooms, room); i >= 0 {
			s.rooms = slices.Delete(s.rooms, i, i+1)
			s.exitRoom(room)
		}
	}
}

// Rooms returns the rooms that the socket is in, its own among them, in the order in which it joined. They are there
// while it is disconnecting and gone when it is disconnected.
func (s *Socket) Rooms() []string {
	s.roomsMu.Lock()
	defer s.roomsMu.Unlock()
	return slices.Clone(s.rooms)
}

// leaveAll takes the socket out of every room for good.
func (s *Socket) leaveAll() {
	defer s.namespace.tellRooms()
	s.roomsMu.Lock()
	defer s.roomsMu.Unlock()
	s.left = true
	for _, room := range s.rooms {
		s.namespace.index.Leave(s, room)
	}
	s.rooms = nil
}

// enterRoom puts the socket into the index. With recovery on it does so at one place in the log, as does exitRoom.
func (s *Socket) enterRoom(room string) {
	n := s.namespace
	if s.session == nil {
		n.index.Join(s, room)
		return
	}
	n.order.Lock()
	defer n.order.Unlock()
	n.index.Join(s, room)
	s.session.joined(room, n.recovery.offset)
}

func (s *Socket) exitRoom(room string) {
	n := s.namespace
	if s.session == nil {
		n.index.Leave(s, room)
		return
	}
	n.order.Lock()
	defer n.order.Unlock()
	n.index.Leave(s, room)
	s.session.parted(room, n.recovery.offset)
}
