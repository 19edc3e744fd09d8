package web

import (
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// What the rules and the store call things, as the contract has it.

func userOnWire(u chat.User) wire.User { return wire.User{ID: u.ID, Name: u.Name} }

func usersOnWire(users []chat.User) []wire.User { return each(users, userOnWire) }

func roomOnWire(m chat.Membership) wire.Room {
	r := wire.Room{ID: m.ID, Kind: m.Kind, Name: m.Name, Topic: m.Topic, Seq: m.Seq, Rev: m.Rev, Read: m.Read, Active: m.Active.UnixMilli()}
	if m.Peer != nil {
		peer := userOnWire(*m.Peer)
		r.Peer = &peer
	}
	return r
}

func listingOnWire(l store.Listing) wire.Listing {
	return wire.Listing{ID: l.ID, Name: l.Name, Topic: l.Topic, Members: l.Members}
}

func messageOnWire(m chat.Message) wire.Message {
	return wire.Message{ID: m.ID, Room: m.Room, User: m.Author, Seq: m.Seq, Rev: m.Rev, TS: m.Created.UnixMilli(), Body: m.Body}
}

// messagesOnWire is messageOnWire for a reader who gets back the CIDs of their own messages.
func messagesOnWire(messages []chat.Message, reader chat.UserID) []wire.Message {
	return each(messages, func(m chat.Message) wire.Message {
		w := messageOnWire(m)
		if m.Author == reader {
			w.CID = m.CID
		}
		return w
	})
}

// each returns a list that is never nil, because nil would be null in the answers over HTTP.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}
