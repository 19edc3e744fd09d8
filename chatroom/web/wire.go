package web

import (
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// The contract with clients, version 1: what goes over the wire besides names of events, which are in handlers.go. Times
// are Unix milliseconds. chatroom/ui/src/protocol.ts says the same in TypeScript.

// contractVersion is the version that hello announces.
const contractVersion = 1

type wireUser struct {
	ID   chat.UserID `json:"id"`
	Name string      `json:"name"`
}

func userOnWire(u chat.User) wireUser { return wireUser{u.ID, u.Name} }

func usersOnWire(users []chat.User) []wireUser { return each(users, userOnWire) }

// wireRoom is a room as one of its members sees it.
type wireRoom struct {
	ID     chat.RoomID `json:"id"`
	Kind   chat.Kind   `json:"kind"`
	Name   string      `json:"name,omitempty"`
	Topic  string      `json:"topic,omitempty"`
	Peer   *wireUser   `json:"peer,omitempty"` // the other one in a direct room
	Seq    int64       `json:"seq"`
	Rev    int64       `json:"rev"`
	Read   int64       `json:"read"`
	Active int64       `json:"active"`
}

func roomOnWire(m chat.Membership) wireRoom {
	r := wireRoom{ID: m.ID, Kind: m.Kind, Name: m.Name, Topic: m.Topic, Seq: m.Seq, Rev: m.Rev, Read: m.Read, Active: m.Active.UnixMilli()}
	if m.Peer != nil {
		peer := userOnWire(*m.Peer)
		r.Peer = &peer
	}
	return r
}

// wireListing is a room as the list of all public rooms shows it.
type wireListing struct {
	ID      chat.RoomID `json:"id"`
	Name    string      `json:"name"`
	Topic   string      `json:"topic,omitempty"`
	Members int         `json:"members"`
}

func listingOnWire(l store.Listing) wireListing {
	return wireListing{l.ID, l.Name, l.Topic, l.Members}
}

type wireMessage struct {
	ID   chat.MessageID `json:"id"`
	Room chat.RoomID    `json:"room"`
	User chat.UserID    `json:"user"`
	Seq  int64          `json:"seq"`
	Rev  int64          `json:"rev"`
	TS   int64          `json:"ts"`
	Body string         `json:"body"`
	CID  string         `json:"cid,omitempty"` // for the author only
}

func messageOnWire(m chat.Message) wireMessage {
	return wireMessage{ID: m.ID, Room: m.Room, User: m.Author, Seq: m.Seq, Rev: m.Rev, TS: m.Created.UnixMilli(), Body: m.Body}
}

// messagesOnWire is messageOnWire for a reader who gets back the CIDs of their own messages.
func messagesOnWire(messages []chat.Message, reader chat.UserID) []wireMessage {
	return each(messages, func(m chat.Message) wireMessage {
		w := messageOnWire(m)
		if m.Author == reader {
			w.CID = m.CID
		}
		return w
	})
}

// each returns a list that is never nil, because nil would be null on the wire.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}

// accepted begins every answer that is no refusal.
type accepted struct {
	OK bool `json:"ok"`
}

var ok = accepted{OK: true}

// refused is the answer to what can't be done. RetryAfter is in seconds.
type refused struct {
	OK         bool      `json:"ok"`
	Code       chat.Code `json:"code"`
	RetryAfter float64   `json:"retryAfter,omitzero"`
}
