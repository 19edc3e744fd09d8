package web

import (
	"context"
	"errors"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// maxQueued is how long a message may wait for a place in the queue of the store.
const maxQueued = 5 * time.Second

// send is the handler of msg:send. It is an OnEvent handler because the acknowledgement has to go out in the order of
// commit, before the broadcast: an OnCall handler would acknowledge when it returns.
func (w *Server) send(ctx context.Context, s *socketio.Socket, e *socketio.Event) error {
	me := visitorOf(s).User
	var in wire.Draft
	if err := e.Decode(&in); err != nil {
		return err
	}
	draft, err := chat.Draft{Room: in.Room, Author: me.ID, CID: in.CID, Body: in.Body}.Clean()
	if err != nil {
		return public(err)
	}
	if err := w.sends.Take(me.ID, time.Now()); err != nil {
		return public(err)
	}
	ctx, cancel := context.WithTimeout(ctx, maxQueued)
	defer cancel()
	result := make(chan error, 1)
	if err := w.store.Append(ctx, draft, func(r store.Receipt, err error) {
		if err == nil {
			e.Ack(wire.Sent{Accepted: wire.OK, ID: r.ID, Seq: r.Seq, Rev: r.Rev, TS: r.Created.UnixMilli()})
			w.publish(s, me, r)
		}
		result <- err
	}); err != nil {
		return public(err)
	}
	// The store promises an answer. Waiting for it keeps one person's messages in order, lets a slow disk slow that person
	// down, and makes a shutdown wait.
	return public(<-result)
}

// publish tells everybody else about a message: the members of a public room, or both people of a direct one, whose other
// tabs want to know as well. The sender's own socket has the acknowledgement.
func (w *Server) publish(s *socketio.Socket, author chat.User, r store.Receipt) {
	if !r.Fresh {
		return
	}
	to := s.To(socketRoom(r.Room))
	if r.Members != nil {
		to = s.To(each(r.Members, userRoom)...)
	}
	// A message is text: nobody has to look for bytes in it.
	if err := wire.MessageNew.Emit(to.Binary(false), wire.NewMessage{Message: messageOnWire(r.Message), User: userOnWire(author)}); err != nil {
		w.log.Error("publish a message", "error", err)
	}
}

// typingKey limits starts and stops apart, so that a stop is never lost to the limit of its start.
type typingKey struct {
	user chat.UserID
	room chat.RoomID
	on   bool
}

// maxTyping is how many sockets a room may have for its members to see who types: in a crowd somebody always does.
const maxTyping = 100

// type_ is the handler of typing. It is volatile on the way out: a notice that is late is worth nothing. It
// is a few bytes, not worth the work of compressing.
func (w *Server) type_(ctx context.Context, s *socketio.Socket, in wire.Typing) error {
	me := visitorOf(s).User
	if w.typing.Take(typingKey{me.ID, in.Room, in.On}, time.Now()) != nil {
		return nil
	}
	m, err := w.store.Membership(ctx, in.Room, me.ID)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return public(err)
	}
	to := s.To(socketRoom(m.ID))
	if m.Peer != nil {
		to = s.To(userRoom(m.Peer.ID))
	}
	if len(to.Sockets()) > maxTyping {
		return nil
	}
	return wire.Types.Emit(to.Volatile().Compress(false), wire.TypingNotice{Room: m.ID, User: me.ID, On: in.On})
}
