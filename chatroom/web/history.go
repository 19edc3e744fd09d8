package web

import (
	"context"
	"slices"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// pageSize is how many messages a page has when the client does not say.
const pageSize = 50

type historyRequest struct {
	Room   chat.RoomID `json:"room"`
	Before int64       `json:"before"` // seq
	After  int64       `json:"after"`  // seq
	Limit  int         `json:"limit"`
}

type historyAnswer struct {
	accepted
	Messages []wireMessage `json:"messages"` // ascending by seq
	Users    []wireUser    `json:"users"`    // their authors
	More     bool          `json:"more"`
	// Rev and Seq are those of the room before the page was read: the newest page holds at least what they count.
	Rev int64 `json:"rev"`
	Seq int64 `json:"seq"`
}

// history is the handler of history: a page of a room.
func (w *Server) history(ctx context.Context, _ *socketio.Socket, me chat.User, in historyRequest) (historyAnswer, error) {
	m, err := w.store.Membership(ctx, in.Room, me.ID)
	if err != nil {
		return historyAnswer{}, err
	}
	if in.Limit <= 0 {
		in.Limit = pageSize
	}
	messages, more, err := w.store.History(ctx, in.Room, store.Page{Before: in.Before, After: in.After, Limit: in.Limit})
	if err != nil {
		return historyAnswer{}, err
	}
	users, err := w.authors(ctx, messages)
	return historyAnswer{ok, messagesOnWire(messages, me.ID), users, more, m.Rev, m.Seq}, err
}

// maxSyncRooms is how many rooms one sync may ask for.
const maxSyncRooms = 50

type syncRequest struct {
	Rooms map[chat.RoomID]int64 `json:"rooms"` // room → the rev up to which the client knows everything
}

type syncAnswer struct {
	accepted
	Rooms []roomDifference `json:"rooms"`
	Users []wireUser       `json:"users"`
}

// roomDifference is what a client has missed in a room. With Reset it is too much to send: the client starts anew. With
// Gone the client is no member any more.
type roomDifference struct {
	Room     chat.RoomID   `json:"room"`
	Messages []wireMessage `json:"messages"` // ascending by rev
	Reset    bool          `json:"reset,omitzero"`
	Gone     bool          `json:"gone,omitzero"`
}

// sync is the handler of sync: the difference since the last connection.
func (w *Server) sync(ctx context.Context, _ *socketio.Socket, me chat.User, in syncRequest) (syncAnswer, error) {
	if len(in.Rooms) > maxSyncRooms {
		return syncAnswer{}, chat.Refuse(chat.CodeBadRequest)
	}
	answer := syncAnswer{accepted: ok, Rooms: []roomDifference{}}
	var all []chat.Message
	for room, rev := range in.Rooms {
		d := roomDifference{Room: room, Messages: []wireMessage{}}
		switch _, err := w.store.Membership(ctx, room, me.ID); {
		case refusal(err).Code == chat.CodeNotFound:
			d.Gone = true
		case err != nil:
			return syncAnswer{}, err
		default:
			messages, reset, err := w.store.Sync(ctx, room, rev)
			if err != nil {
				return syncAnswer{}, err
			}
			d.Messages, d.Reset = messagesOnWire(messages, me.ID), reset
			all = append(all, messages...)
		}
		answer.Rooms = append(answer.Rooms, d)
	}
	var err error
	answer.Users, err = w.authors(ctx, all)
	return answer, err
}

// authors returns who said the messages.
func (w *Server) authors(ctx context.Context, messages []chat.Message) ([]wireUser, error) {
	ids := each(messages, func(m chat.Message) chat.UserID { return m.Author })
	slices.Sort(ids)
	users, err := w.store.Users(ctx, slices.Compact(ids))
	return usersOnWire(users), err
}

type readRequest struct {
	Room chat.RoomID `json:"room"`
	Seq  int64       `json:"seq"`
}

type readAnswer struct {
	accepted
	Seq int64 `json:"seq"`
}

// readNotice is the event read.
type readNotice struct {
	Room chat.RoomID `json:"room"`
	Seq  int64       `json:"seq"`
}

// read is the handler of read: the reader's other tabs and devices hear of it.
func (w *Server) read(ctx context.Context, s *socketio.Socket, me chat.User, in readRequest) (readAnswer, error) {
	seq, err := w.store.MarkRead(ctx, in.Room, me.ID, in.Seq)
	if err != nil {
		return readAnswer{}, err
	}
	return readAnswer{ok, seq}, s.To(userRoom(me.ID)).Emit("read", readNotice{in.Room, seq})
}
