package chat

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MessageID identifies a message for good.
type MessageID int64

// MaxBody is the longest message, in runes.
const MaxBody = 4000

// MaxCID is the longest client id of a message, in bytes.
const MaxCID = 64

// Message is something that was said and is on disk.
type Message struct {
	ID     MessageID
	Room   RoomID
	Author UserID
	Seq    int64 // its place in the room
	Rev    int64 // the room's rev of the message's last change
	// CID is the id that the author's client gave the message before it was sent. It makes sending again harmless:
	// the same author and CID are the same message.
	CID     string
	Body    string
	Created time.Time
}

// Draft is a message that someone wants to say.
type Draft struct {
	Room   RoomID
	Author UserID
	CID    string
	Body   string
}

// Clean returns the draft as it will be stored, or a refusal.
func (d Draft) Clean() (Draft, error) {
	if !validCID(d.CID) || d.Room <= 0 || d.Author <= 0 {
		return Draft{}, Refuse(CodeBadRequest)
	}
	d.Body = strings.TrimRightFunc(visible(d.Body), unicode.IsSpace)
	d.Body = strings.Trim(d.Body, "\n")
	switch {
	case !strings.ContainsFunc(d.Body, drawnRune):
		return Draft{}, Refuse(CodeBodyEmpty)
	case utf8.RuneCountInString(d.Body) > MaxBody:
		return Draft{}, Refuse(CodeBodyLong)
	}
	return d, nil
}

// validCID accepts what a UUID or another random id is written with.
func validCID(cid string) bool {
	if cid == "" || len(cid) > MaxCID {
		return false
	}
	for i := range len(cid) {
		c := cid[i]
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// visible drops control characters other than tab and line feed; CR LF and a lone CR become LF.
func visible(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
