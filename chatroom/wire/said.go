package wire

import "github.com/socketio-go/socketio/chatroom/chat"

// Hello is what the first screen shows.
type Hello struct {
	Version int    `json:"v"`
	Build   string `json:"build"`           // of the page's files: another one than its own tells a page to reload
	Token   string `json:"token,omitempty"` // of the session, for who came with a name instead
	Me      User   `json:"me"`
	Rooms   []Room `json:"rooms"`
	Here    Here   `json:"here"`
}

// Here says who is here: how many, and the first few of them.
type Here struct {
	Count  int    `json:"count"`
	People []User `json:"people"`
}

// Arrival is somebody who is here now. Quiet asks for no notice: they came back after a restart of the server.
type Arrival struct {
	User  User `json:"user"`
	Quiet bool `json:"quiet,omitzero"`
}

// Departure is somebody who is not here any more.
type Departure struct {
	User chat.UserID `json:"user"`
}

// NewMessage is a message with its author.
type NewMessage struct {
	Message Message `json:"message"`
	User    User    `json:"user"`
}

// NewRoom is a room that one is a member of now.
type NewRoom struct {
	Room Room `json:"room"`
}

// RoomMember is somebody who is a member of a room now, or was.
type RoomMember struct {
	Room chat.RoomID `json:"room"`
	User User        `json:"user"`
}

// TypingNotice is somebody who types, or stops to.
type TypingNotice struct {
	Room chat.RoomID `json:"room"`
	User chat.UserID `json:"user"`
	On   bool        `json:"on"`
}
