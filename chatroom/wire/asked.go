package wire

import "github.com/socketio-go/socketio/chatroom/chat"

// Draft is a message that somebody wants to say. CID is an id that nobody else gives.
type Draft struct {
	Room chat.RoomID `json:"room"`
	CID  string      `json:"cid"`
	Body string      `json:"body"`
}

// Sent is what a message got when it was written to the disk.
type Sent struct {
	Accepted
	ID  chat.MessageID `json:"id"`
	Seq int64          `json:"seq"`
	Rev int64          `json:"rev"`
	TS  int64          `json:"ts"`
}

// Typing says that one types in a room, or stops to.
type Typing struct {
	Room chat.RoomID `json:"room"`
	On   bool        `json:"on"`
}

// PageRequest asks for messages before or after a seq; for the newest ones with neither.
type PageRequest struct {
	Room   chat.RoomID `json:"room"`
	Before int64       `json:"before,omitzero"` // a seq
	After  int64       `json:"after,omitzero"`  // a seq
	Limit  int         `json:"limit,omitzero"`
}

// Page is a part of what was said in a room.
type Page struct {
	Accepted
	Messages []Message `json:"messages"` // ascending by seq
	Users    []User    `json:"users"`    // their authors
	More     bool      `json:"more"`
	// Rev is that of the room before the page was read, and Seq too: the newest page holds at least what they count.
	Rev int64 `json:"rev"`
	Seq int64 `json:"seq"`
}

// Known is the rev of each room up to which a client knows everything.
type Known struct {
	Rooms map[chat.RoomID]int64 `json:"rooms"`
}

// Missed is what a client does not know.
type Missed struct {
	Accepted
	Rooms []Difference `json:"rooms"`
	Users []User       `json:"users"`
}

// Difference is what a client has missed in a room. With Reset it is too much to send: the client starts anew. With Gone
// the client is no member any more.
type Difference struct {
	Room     chat.RoomID `json:"room"`
	Messages []Message   `json:"messages"` // ascending by rev
	Reset    bool        `json:"reset,omitzero"`
	Gone     bool        `json:"gone,omitzero"`
}

// ReadMark is up to where a room was read.
type ReadMark struct {
	Room chat.RoomID `json:"room"`
	Seq  int64       `json:"seq"`
}

// ReadAnswer is up to where it was read now, by whichever tab.
type ReadAnswer struct {
	Accepted
	Seq int64 `json:"seq"`
}

// Query is what a name has in it.
type Query struct {
	Query string `json:"query"`
}

// Listings are public rooms.
type Listings struct {
	Accepted
	Rooms []Listing `json:"rooms"`
}

// RoomRef names a room.
type RoomRef struct {
	Room chat.RoomID `json:"room"`
}

// RoomAnswer is a room.
type RoomAnswer struct {
	Accepted
	Room Room `json:"room"`
}

// Members are the people in a room.
type Members struct {
	Accepted
	People []User        `json:"people"`
	Here   []chat.UserID `json:"here"` // those of them who are here
}

// RoomDraft is a room that somebody wants.
type RoomDraft struct {
	Name  string `json:"name"`
	Topic string `json:"topic"`
}

// PersonRef names a person.
type PersonRef struct {
	User chat.UserID `json:"user"`
}
