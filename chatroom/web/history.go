package web

import (
	"context"
	"slices"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// pageSize is how many messages a page has when the client does not say.
const pageSize = 50

// history is the handler of history: a page of a room.
func (w *Server) history(ctx context.Context, _ *socketio.Socket, me chat.User, in wire.PageRequest) (wire.Page, error) {
	m, err := w.store.Membership(ctx, in.Room, me.ID)
	if err != nil {
		return wire.Page{}, err
	}
	if in.Limit <= 0 {
		in.Limit = pageSize
	}
	messages, more, err := w.store.History(ctx, in.Room, store.Page{Before: in.Before, After: in.After, Limit: in.Limit})
	if err != nil {
		return wire.Page{}, err
	}
	users, err := w.authors(ctx, messages)
	return wire.Page{
		Accepted: wire.OK, Messages: messagesOnWire(messages, me.ID), Users: users, More: more, Rev: m.Rev, Seq: m.Seq,
	}, err
}

// maxSyncRooms is how many rooms one sync may ask for.
const maxSyncRooms = 50

// sync is the handler of sync: the difference since the last connection.
func (w *Server) sync(ctx context.Context, _ *socketio.Socket, me chat.User, in wire.Known) (wire.Missed, error) {
	if len(in.Rooms) > maxSyncRooms {
		return wire.Missed{}, chat.Refuse(chat.CodeBadRequest)
	}
	answer := wire.Missed{Accepted: wire.OK, Rooms: []wire.Difference{}}
	var all []chat.Message
	for room, rev := range in.Rooms {
		d := wire.Difference{Room: room, Messages: []wire.Message{}}
		switch _, err := w.store.Membership(ctx, room, me.ID); {
		case refusal(err).Code == chat.CodeNotFound:
			d.Gone = true
		case err != nil:
			return wire.Missed{}, err
		default:
			messages, reset, err := w.store.Sync(ctx, room, rev)
			if err != nil {
				return wire.Missed{}, err
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
func (w *Server) authors(ctx context.Context, messages []chat.Message) ([]wire.User, error) {
	ids := each(messages, func(m chat.Message) chat.UserID { return m.Author })
	slices.Sort(ids)
	users, err := w.store.Users(ctx, slices.Compact(ids))
	return usersOnWire(users), err
}

// read is the handler of read: the reader's other tabs and devices hear of it.
func (w *Server) read(ctx context.Context, s *socketio.Socket, me chat.User, in wire.ReadMark) (wire.ReadAnswer, error) {
	seq, err := w.store.MarkRead(ctx, in.Room, me.ID, in.Seq)
	if err != nil {
		return wire.ReadAnswer{}, err
	}
	return wire.ReadAnswer{Accepted: wire.OK, Seq: seq}, wire.ReadTo.Emit(s.To(userRoom(me.ID)), wire.ReadMark{Room: in.Room, Seq: seq})
}
