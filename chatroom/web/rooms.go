package web

import (
	"context"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/wire"
)

const (
	maxListed  = 100 // rooms in one list
	maxMembers = 500 // people in one list
)

func (w *Server) listRooms(ctx context.Context, _ *socketio.Socket, _ chat.User, in wire.Query) (wire.Listings, error) {
	listings, err := w.store.PublicRooms(ctx, in.Query, maxListed)
	return wire.Listings{Accepted: wire.OK, Rooms: each(listings, listingOnWire)}, err
}

func (w *Server) getRoom(ctx context.Context, _ *socketio.Socket, me chat.User, in wire.RoomRef) (wire.RoomAnswer, error) {
	m, err := w.store.Membership(ctx, in.Room, me.ID)
	return wire.RoomAnswer{Accepted: wire.OK, Room: roomOnWire(m)}, err
}

func (w *Server) members(ctx context.Context, _ *socketio.Socket, me chat.User, in wire.RoomRef) (wire.Members, error) {
	if _, err := w.store.Membership(ctx, in.Room, me.ID); err != nil {
		return wire.Members{}, err
	}
	people, err := w.store.People(ctx, in.Room, maxMembers)
	answer := wire.Members{Accepted: wire.OK, People: usersOnWire(people), Here: []chat.UserID{}}
	for _, p := range people {
		if w.presence.IsHere(p.ID) {
			answer.Here = append(answer.Here, p.ID)
		}
	}
	return answer, err
}

func (w *Server) createRoom(ctx context.Context, s *socketio.Socket, me chat.User, in wire.RoomDraft) (wire.RoomAnswer, error) {
	name, err := chat.CleanRoomName(in.Name)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	topic, err := chat.CleanTopic(in.Topic)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	room, err := w.store.CreateRoom(ctx, me.ID, name, topic)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	return w.enter(ctx, s, me, room.ID)
}

func (w *Server) directRoom(ctx context.Context, s *socketio.Socket, me chat.User, in wire.PersonRef) (wire.RoomAnswer, error) {
	room, err := w.store.DirectRoom(ctx, me.ID, in.User)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	return w.getRoom(ctx, s, me, wire.RoomRef{Room: room.ID})
}

func (w *Server) joinRoom(ctx context.Context, s *socketio.Socket, me chat.User, in wire.RoomRef) (wire.RoomAnswer, error) {
	joined, err := w.store.Join(ctx, in.Room, me.ID)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	answer, err := w.enter(ctx, s, me, in.Room)
	if err == nil && joined {
		err = wire.RoomJoin.Emit(w.io.In(socketRoom(in.Room)), wire.RoomMember{Room: in.Room, User: userOnWire(me)})
	}
	return answer, err
}

// enter subscribes all tabs of a new member and tells them. The membership is read after that: what is said from then on
// reaches them, and what was said before is in the answer.
func (w *Server) enter(ctx context.Context, s *socketio.Socket, me chat.User, room chat.RoomID) (wire.RoomAnswer, error) {
	w.io.In(userRoom(me.ID)).SocketsJoin(socketRoom(room))
	m, err := w.store.Membership(ctx, room, me.ID)
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	return wire.RoomAnswer{Accepted: wire.OK, Room: roomOnWire(m)}, wire.RoomAdd.Emit(s.To(userRoom(me.ID)), wire.NewRoom{Room: roomOnWire(m)})
}

func (w *Server) leaveRoom(ctx context.Context, s *socketio.Socket, me chat.User, in wire.RoomRef) (wire.Accepted, error) {
	left, err := w.store.Leave(ctx, in.Room, me.ID)
	if err != nil {
		return wire.Accepted{}, err
	}
	w.io.In(userRoom(me.ID)).SocketsLeave(socketRoom(in.Room))
	if !left {
		return wire.OK, nil
	}
	if err := wire.RoomRemove.Emit(s.To(userRoom(me.ID)), wire.RoomRef{Room: in.Room}); err != nil {
		return wire.Accepted{}, err
	}
	return wire.OK, wire.RoomLeave.Emit(w.io.In(socketRoom(in.Room)), wire.RoomMember{Room: in.Room, User: userOnWire(me)})
}
