package web

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// maxHere is how many people hello names. Their number is always told.
const maxHere = 500

// settling is how long after the start of the server people who come back are not announced: everybody does.
const settling = 30 * time.Second

// userRoom is the room of all sockets of a person.
func userRoom(id chat.UserID) string { return "u:" + strconv.FormatInt(int64(id), 10) }

// socketRoom is the room of all sockets of the members of a public room.
func socketRoom(id chat.RoomID) string { return "r:" + strconv.FormatInt(int64(id), 10) }

// connected welcomes a socket.
func (w *Server) connected(s *socketio.Socket) {
	v := visitorOf(s)
	w.sockets.add(w.addressOf(s), 1)
	w.presence.Arrive(v.ID, func() {
		quiet := v.Token == "" && time.Since(w.began) < settling && v.Created.Before(w.began)
		wire.MemberJoin.Emit(s.Broadcast(), wire.Arrival{User: userOnWire(v.User), Quiet: quiet})
		w.tellLobby()
	})
	if err := w.welcome(s, v); err != nil {
		if s.Context().Err() == nil {
			w.log.Error("welcome a socket", "error", err)
		}
		s.Conn().Close() // unlike a DISCONNECT packet, this makes the client try again
	}
}

func (w *Server) welcome(s *socketio.Socket, v visitor) error {
	memberships, err := w.subscribe(s, v.ID)
	if err != nil {
		return err
	}
	here, err := w.here(s.Context())
	if err != nil {
		return err
	}
	return wire.Welcome.Emit(s, wire.Hello{
		Version: wire.Version,
		Build:   w.build(),
		Token:   v.Token,
		Me:      userOnWire(v.User),
		Rooms:   each(memberships, roomOnWire),
		Here:    here,
	})
}

// subscribe makes the socket a member of its rooms and returns what the store says about them. A membership may begin or
// end in another tab meanwhile, so it looks again until what the socket joined is what the store says. From then on such
// changes reach the socket as a member of its user's room.
func (w *Server) subscribe(s *socketio.Socket, user chat.UserID) ([]chat.Membership, error) {
	if err := s.Join(userRoom(user)); err != nil {
		return nil, err
	}
	joined := make(map[string]bool)
	for {
		memberships, err := w.store.Memberships(s.Context(), user)
		if err != nil {
			return nil, err
		}
		want := make(map[string]bool)
		for _, m := range memberships {
			if m.Kind == chat.Public {
				want[socketRoom(m.ID)] = true
			}
		}
		if maps.Equal(joined, want) {
			return memberships, nil
		}
		for room := range joined {
			if !want[room] {
				s.Leave(room)
			}
		}
		if err := s.Join(slices.Collect(maps.Keys(want))...); err != nil {
			return nil, err
		}
		joined = want
	}
}

// here tells who is here.
func (w *Server) here(ctx context.Context) (wire.Here, error) {
	ids := w.presence.Here()
	people, err := w.store.Users(ctx, ids[:min(len(ids), maxHere)])
	return wire.Here{Count: len(ids), People: usersOnWire(people)}, err
}

// disconnected begins the grace period when it was the person's last socket.
func (w *Server) disconnected(s *socketio.Socket, _ socketio.DisconnectReason) {
	w.sockets.add(w.addressOf(s), -1)
	w.presence.Depart(visitorOf(s).ID)
}

// left announces that the grace period is over.
func (w *Server) left(user chat.UserID) {
	wire.MemberLeave.Emit(w.io, wire.Departure{User: user})
	w.tellLobby()
}

// tellLobby tells those who have not signed in yet how many people are here.
func (w *Server) tellLobby() { wire.CountHere.Emit(w.io.Of("/lobby"), w.presence.Count()) }
