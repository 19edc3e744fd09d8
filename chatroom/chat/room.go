package chat

import (
	"strings"
	"time"
	"unicode/utf8"
)

// RoomID identifies a room for good. Ids are positive and never used twice.
type RoomID int64

// Kind says who may see and enter a room.
type Kind string

const (
	Public Kind = "public" // listed; everybody may join; only members get its messages
	Direct Kind = "direct" // two people, never listed, joined by nobody else
)

// MaxTopic is the longest topic of a room, in runes.
const MaxTopic = 160

// MaxRooms is how many public rooms a server holds. Creating one more is refused with [CodeFull].
const MaxRooms = 500

// MaxDirect is how many direct rooms a person is shown, those with the latest messages. Older ones are kept and come back
// with their next message.
const MaxDirect = 200

// Lobby is the name of the room that exists from the start and that every newcomer is a member of.
const Lobby = "general"

// Room is a place where messages are said, in one order.
type Room struct {
	ID    RoomID
	Kind  Kind
	Name  string // empty in a direct room
	Topic string
	// Seq numbers the messages of the room from 1, without gaps. It is the number of the newest one.
	Seq int64
	// Rev counts the changes of the room. Each message takes the next one, and so will each later change of a message:
	// who knows everything up to a rev can ask for the difference.
	Rev     int64
	Created time.Time
	Active  time.Time // of the newest message, or Created
}

// Membership is a room as one of its members sees it.
type Membership struct {
	Room
	// Read is the seq up to which the member has read. What is after it is unread.
	Read int64
	// Peer is the other person of a direct room, else nil.
	Peer *User
}

// Unread is the number of messages that the member has not read yet.
func (m Membership) Unread() int64 { return max(0, m.Seq-m.Read) }

// CleanRoomName returns the name that a room gets when someone types raw: a leading "#" is dropped and spaces become
// hyphens, so that a name can be said in one piece. It refuses what [CleanName] refuses.
func CleanRoomName(raw string) (string, error) {
	name, err := CleanName(strings.TrimLeft(strings.TrimSpace(raw), "#"))
	if err != nil {
		return "", err
	}
	return strings.ReplaceAll(name, " ", "-"), nil
}

// CleanTopic returns the topic on one line, or a refusal when it is too long.
func CleanTopic(raw string) (string, error) {
	topic := strings.Join(strings.Fields(visible(raw)), " ")
	if utf8.RuneCountInString(topic) > MaxTopic {
		return "", Refuse(CodeTopicLong)
	}
	return topic, nil
}
