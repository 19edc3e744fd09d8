package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
)

// Errors of a store, besides the refusals of package chat (*chat.Error) that the methods name.
var (
	// ErrClosed: the store is closed or closing. What was accepted before is committed.
	ErrClosed = errors.New("store: closed")
	// ErrNewer: the data was written by a later version of the program, which must not be guessed at.
	ErrNewer = errors.New("store: the data was written by a newer version")
)

// Store keeps a chat. All methods are safe for use by several goroutines. A context ends the wait for an answer; a
// change that was accepted already is still made.
type Store interface {
	Accounts
	Rooms
	Members
	Messages

	// Close commits what was accepted, makes the calls that are due (see [Messages.Append]) and waits for both.
	Close() error
}

// TokenHash is what a store keeps of a session's secret token: someone who reads the data can't sign in with it.
type TokenHash [sha256.Size]byte

// HashToken returns the hash of a token. Tokens are long and random, so one round is enough.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// SessionLife is how long a session lasts after it was last used. A guest whose sessions have all ended gives the name
// back.
const SessionLife = 30 * 24 * time.Hour

// Accounts keeps people and their sessions.
type Accounts interface {
	// SignIn makes a guest with this name, a member of the lobby, and a session for them.
	// Refusal: name_taken, by the name's [chat.NameKey].
	SignIn(ctx context.Context, name string, token TokenHash) (chat.User, error)

	// Session returns whose session it is and prolongs it. Refusal: auth.
	Session(ctx context.Context, token TokenHash) (chat.User, error)

	// SignOut ends the session. No session is no error.
	SignOut(ctx context.Context, token TokenHash) error

	// Users returns those of the people who exist, in any order.
	Users(ctx context.Context, ids []chat.UserID) ([]chat.User, error)
}

// Rooms keeps rooms.
type Rooms interface {
	// CreateRoom makes a public room whose only member is its creator. Refusals: name_taken; full, at [chat.MaxRooms].
	CreateRoom(ctx context.Context, creator chat.UserID, name, topic string) (chat.Room, error)

	// DirectRoom returns the room of two people and makes it if need be. Refusal: not_found, when one of them does not
	// exist or both are the same.
	DirectRoom(ctx context.Context, a, b chat.UserID) (chat.Room, error)

	// PublicRooms lists the public rooms whose name holds the query, those with the most members first.
	PublicRooms(ctx context.Context, query string, limit int) ([]Listing, error)
}

// Listing is a public room as the list of rooms shows it.
type Listing struct {
	chat.Room
	Members int
}

// Members keeps who is in which room.
type Members interface {
	// Join makes the person a member of a public room; what was said before counts as read. joined is false for someone
	// who was one already. Refusal: not_found, also for a room that is not public.
	Join(ctx context.Context, room chat.RoomID, user chat.UserID) (joined bool, err error)

	// Leave ends a membership of a public room. left is false for someone who was none. Refusal: not_found, as for Join.
	Leave(ctx context.Context, room chat.RoomID, user chat.UserID) (left bool, err error)

	// Memberships returns the person's rooms, ascending by room: all public ones, and the [chat.MaxDirect] direct rooms
	// that were active last. A direct room in which nothing was said yet is left out.
	Memberships(ctx context.Context, user chat.UserID) ([]chat.Membership, error)

	// Membership returns one of the person's rooms. Refusal: not_found, whether the room does not exist or the person is
	// no member.
	Membership(ctx context.Context, room chat.RoomID, user chat.UserID) (chat.Membership, error)

	// People returns members of a room, ascending by id.
	People(ctx context.Context, room chat.RoomID, limit int) ([]chat.User, error)
}

// Messages keeps what was said.
type Messages interface {
	// Append takes the draft into the queue of the store; it blocks only while the queue is full (refusal: busy, when ctx
	// ends first). An error means that the draft was not taken and done will not be called.
	//
	// Otherwise done is called once: after the commit that holds the message, or with the reason why there is none
	// (refusals: not_found for who is no member; cid_reused). Calls of done come one at a time, in the order of commit,
	// so whoever acknowledges and broadcasts there does both in the one order of the room. done must not block and must
	// not call the store.
	//
	// A draft whose author and CID were taken before is the same message: done gets it again with fresh false, and the
	// room does not change.
	Append(ctx context.Context, d chat.Draft, done func(r Receipt, err error)) error

	// History returns a page of a room, ascending by seq. more tells whether there is more beyond the page, in its
	// direction.
	History(ctx context.Context, room chat.RoomID, p Page) (messages []chat.Message, more bool, err error)

	// Sync returns the messages of a room that changed after rev, ascending by rev. reset means that they are more than
	// MaxSync, or that rev is ahead of the room: the asker should forget what it has and start from the newest page.
	Sync(ctx context.Context, room chat.RoomID, rev int64) (messages []chat.Message, reset bool, err error)

	// MarkRead moves the member's read position forward to seq, never beyond the room's newest message and never back,
	// and returns where it is now. Refusal: not_found for who is no member.
	MarkRead(ctx context.Context, room chat.RoomID, user chat.UserID, seq int64) (int64, error)
}

// Receipt is the answer to an Append.
type Receipt struct {
	chat.Message
	// Fresh is false when the message was there already.
	Fresh bool
	// Members are the two people of a direct room; nil for other rooms.
	Members []chat.UserID
}

// MaxSync is the largest difference that Sync returns.
const MaxSync = 500

// MaxPage is the largest page of History.
const MaxPage = 100

// Page asks for a part of a room's history: the Limit messages before Before, or after After, or else the newest ones.
type Page struct {
	Before int64 // exclusive seq; 0 means none
	After  int64 // exclusive seq; 0 means none; ignored when Before is set
	Limit  int   // 1 to MaxPage; others are moved into that range
}
