package wire

import "github.com/socketio-go/socketio/chatroom/chat"

// User is a person.
type User struct {
	ID   chat.UserID `json:"id"`
	Name string      `json:"name"`
}

// Room is a room as one of its members sees it.
type Room struct {
	ID     chat.RoomID `json:"id"`
	Kind   chat.Kind   `json:"kind"`
	Name   string      `json:"name,omitempty"`
	Topic  string      `json:"topic,omitempty"`
	Peer   *User       `json:"peer,omitempty"` // the other one in a direct room
	Seq    int64       `json:"seq"`            // the number of the newest message
	Rev    int64       `json:"rev"`            // the number of changes
	Read   int64       `json:"read"`           // up to where the member has read, a seq
	Active int64       `json:"active"`         // when something was said
}

// Listing is a room as the list of all public rooms shows it.
type Listing struct {
	ID      chat.RoomID `json:"id"`
	Name    string      `json:"name"`
	Topic   string      `json:"topic,omitempty"`
	Members int         `json:"members"`
}

// Message is something that was said.
type Message struct {
	ID   chat.MessageID `json:"id"`
	Room chat.RoomID    `json:"room"`
	User chat.UserID    `json:"user"` // its author
	Seq  int64          `json:"seq"`  // its place in the room
	Rev  int64          `json:"rev"`  // the room's rev of its last change
	TS   int64          `json:"ts"`
	Body string         `json:"body"`
	CID  string         `json:"cid,omitempty"` // the id that its author gave it before it was sent; for the author only
}

// Yes is always true.
type Yes bool

const yes Yes = true

// No is always false.
type No bool

const no No = false

// Accepted begins every answer that is no [Refusal].
type Accepted struct {
	OK Yes `json:"ok"`
}

// OK is what the answers begin with.
var OK = Accepted{OK: yes}

// Refusal is the answer to what can't be done.
type Refusal struct {
	OK         No        `json:"ok"`
	Code       chat.Code `json:"code"`
	RetryAfter float64   `json:"retryAfter,omitzero"` // seconds after which the same can succeed
}
