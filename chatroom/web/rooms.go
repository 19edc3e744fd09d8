package web

import (
	"context"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
)

const (
	maxListed  = 100 // rooms in one list
	maxMembers = 500 // people in one list
)

type listRequest struct {
	Query string `json:"query"`
}

type listAnswer struct {
	accepted
	Rooms []wireListing `json:"rooms"`
}

func (w *Server) listRooms(ctx context.Context, _ *socketio.Socket, _ chat.User, in listRequest) (listAnswer, error) {
	listings, err := w.store.PublicRooms(ctx, in.Query, maxListed)
	return listAnswer{ok, each(listings, listingOnWire)}, err
}

// roomRequest is a request that names a room and nothing more.
type roomRequest struct {
	Room chat.RoomID `json:"room"`
}

type roomAnswer struct {
	accepted
	Room wireRoom `json:"room"`
}

func (w *Server) getRoom(ctx context.Context, _ *socketio.Socket, me chat.User, in roomRequest) (roomAnswer, error) {
	m, err := w.store.Membership(ctx, in.Room, me.ID)
	return roomAnswer{ok, roomOnWire(m)}, err
}

type membersAnswer struct {
	accepted
	People []wireUser    `json:"people"`
	Here   []chat.UserID `json:"here"` // those of them who are here
}

func (w *Server) members(ctx context.Context, _ *socketio.Socket, me chat.User, in roomRequest) (membersAnswer, error) {
	if _, err := w.store.Membership(ctx, in.Room, me.ID); err != nil {
		return membersAnswer{}, err
	}
	people, err := w.store.People(ctx, in.Room, maxMembers)
	answer := membersAnswer{accepted: ok, People: usersOnWire(people), Here: []chat.UserID{}}
	for _, p := range people {
		if w.presence.IsHere(p.ID) {
			answer.Here = append(answer.Here, p.ID)
		}
	}
	return answer, err
}

type createRequest struct {
	Name  string `json:"name"`
	Topic string `json:"topic"`
}

func (w *Server) createRoom(ctx context.Context, s *socketio.Socket, me chat.User, in createRequest) (roomAnswer, error) {
	name, err := chat.CleanRoomName(in.Name)
	if err != nil {
		return roomAnswer{}, err
	}
	topic, err := chat.CleanTopic(in.Topic)
	if err != nil {
		return roomAnswer{}, err
	}
	room, err := w.store.CreateRoom(ctx, me.ID, name, topic)
	if err != nil {
		return roomAnswer{}, err
	}
	return w.enter(ctx, s, me, room.ID)
}

type directRequest struct {
	User chat.UserID `json:"user"`
}

func (w *Server) directRoom(ctx context.Context, s *socketio.Socket, me chat.User, in directRequest) (roomAnswer, error) {
	room, err := w.store.DirectRoom(ctx, me.ID, in.User)
	if err != nil {
		return roomAnswer{}, err
	}
	return w.getRoom(ctx, s, me, roomRequest{room.ID})
}

// roomMember is the events room:join and room:leave.
type roomMember struct {
	Room chat.RoomID `json:"room"`
	User wireUser    `json:"user"`
}

func (w *Server) joinRoom(ctx context.Context, s *socketio.Socket, me chat.User, in roomRequest) (roomAnswer, error) {
	joined, err := w.store.Join(ctx, in.Room, me.ID)
	if err != nil {
		return roomAnswer{}, err
	}
	answer, err := w.enter(ctx, s, me, in.Room)
	if err == nil && joined {
		err = w.io.In(socketRoom(in.Room)).Emit("room:join", roomMember{in.Room, userOnWire(me)})
	}
	return answer, err
}

// enter subscribes all tabs of a new member and tells them. The membership is read after that: what is said from then on
// reaches them, and what was said before is in the answer.
func (w *Server) enter(ctx context.Context, s *socketio.Socket, me chat.User, room chat.RoomID) (roomAnswer, error) {
	w.io.In(userRoom(me.ID)).SocketsJoin(socketRoom(room))
	m, err := w.store.Membership(ctx, room, me.ID)
	if err != nil {
		return roomAnswer{}, err
	}
	return roomAnswer{ok, roomOnWire(m)}, s.To(userRoom(me.ID)).Emit("room:add", struct {
		Room wireRoom `json:"room"`
	}{roomOnWire(m)})
}

func (w *Server) leaveRoom(ctx context.Context, s *socketio.Socket, me chat.User, in roomRequest) (accepted, error) {
	left, err := w.store.Leave(ctx, in.Room, me.ID)
	if err != nil {
		return accepted{}, err
	}
	w.io.In(userRoom(me.ID)).SocketsLeave(socketRoom(in.Room))
	if !left {
		return ok, nil
	}
	if err := s.To(userRoom(me.ID)).Emit("room:remove", roomRequest{in.Room}); err != nil {
		return accepted{}, err
	}
	return ok, w.io.In(socketRoom(in.Room)).Emit("room:leave", roomMember{in.Room, userOnWire(me)})
}
