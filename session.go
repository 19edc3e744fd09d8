package socketio

import (
	"encoding/json/jsontext"
	"sync/atomic"

	"github.com/socketio-go/socketio/adapter"
)

// session is what a socket has when recovery is on: what it takes to bring its client back.
type session struct {
	// Fixed by identify.
	pid       string
	recovered bool
	refused   error  // why it is a new one although the client asked
	from      string // where the replay begins

	// Guarded by Namespace.order.
	began string // the offset at which the socket was accepted
	sent  string // that of the last stored event for it, while it was connected
	exact string // from which on rooms tells all
	lost  string // at which it was lost
	rooms []adapter.Membership

	saved map[string]jsontext.Value // Guarded by dataMu. Data that were loaded and are not decoded yet.

	lostAt atomic.Int64 // nanoseconds since recovery.epoch; 0 unless it can be recovered
}

// maxPast is how many rooms that a socket has left are remembered. What was under way to it when it was lost may have
// been for one of them.
const maxPast = 64

// joined notes that the socket came into a room. It is called with the order lock held, as is parted.
func (e *session) joined(room, offset string) {
	e.rooms = append(e.rooms, adapter.Membership{Room: room, From: offset})
}

// parted notes that the socket left a room. When too many would have to be remembered the first is forgotten, and what
// happened until it was left can't be told any more.
func (e *session) parted(room, offset string) {
	past, oldest := 0, -1
	for i := range e.rooms {
		m := &e.rooms[i]
		if m.To == "" && m.Room == room {
			m.To = offset
		}
		if m.To != "" {
			if past++; oldest < 0 {
				oldest = i
			}
		}
	}
	if past > maxPast {
		e.exact = e.rooms[oldest].To
		e.rooms = append(e.rooms[:oldest], e.rooms[oldest+1:]...)
	}
}

// ticket is what a client shows to get its session back.
type ticket struct {
	pid    string
	offset *string
}

// ticketOf reads the payload of a CONNECT packet. A client that has received nothing has no offset; one that is not a text
// is an offset that nobody gave out.
func ticketOf(auth Value) (t ticket, asked bool) {
	var a struct {
		PID    any `json:"pid"`
		Offset any `json:"offset"`
	}
	if auth.Decode(&a) != nil {
		return t, false
	}
	t.pid, asked = a.PID.(string)
	switch offset := a.Offset.(type) {
	case nil:
	case string:
		t.offset = &offset
	default:
		t.offset = new(string)
	}
	return t, asked
}

// mayReturn says whether the client may come back after it went for the reason. Old clients don't know how.
func (s *Socket) mayReturn(reason DisconnectReason) bool {
	return reason.recoverable() && !s.conn.protocol4
}

// recoverable says whether the client may come back: it was lost, or this side gave up on it. A goodbye is none, nor is
// what can't be read.
func (r DisconnectReason) recoverable() bool {
	switch r {
	case TransportError, TransportClose, ForcedClose, PingTimeout, ServerShutdown, ForcedServerClose:
		return true
	}
	return false
}
