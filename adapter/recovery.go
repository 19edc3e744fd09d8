package adapter

import (
	"context"
	"encoding"
	"errors"
	"time"
)

// Recovery is what an adapter has beside [Adapter] if it can bring a client back to where its connection broke: it keeps
// events in a log, in one order, and the sessions of sockets that were lost. An adapter without it takes part as well:
// the namespace then keeps the log in its own memory, and a client recovers on the node that it left.
//
// An offset is a place in the log. It is a string of the adapter's own making, never empty, which tells itself from other
// strings as well as it can: a client hands back the last argument of the last event it got, and what that is depends on
// the client. The methods are safe for use by several goroutines.
type Recovery interface {
	// Store puts m behind all that was stored before, and returns the offset of m. It is called as Publish is, and
	// instead of it: in order, under the lock that keeps the order, so it must not block and must not call the node.
	//
	// An empty offset says that the log is elsewhere: nobody gets m now; the adapter gives it to [Node.Deliver], with
	// its offset, on this node too, once it has its place. An error means that nobody gets m.
	Store(m Message) (offset string, err error)
	// Offset is the place behind all that was stored or, with a log elsewhere, delivered.
	Offset() string
	// Keep keeps the session of a socket that was lost, until somebody takes it or its time is over.
	Keep(s Session) error
	// Take hands a session to one caller, who alone has it from then on. Offset is what the client says that it has
	// received last, and nil if it says nothing. From is where to read on, for Missed. With a log elsewhere Take waits
	// until this node was given everything up to there, or the client would get it again. The error is
	// [ErrSessionUnknown], [ErrSessionExpired], [ErrOffsetUnknown] or [ErrGapLost], or says why the session can't be had.
	Take(ctx context.Context, pid string, offset *string) (s Session, from string, err error)
	// Missed reads a part of what was stored behind from, and not behind to, and is for the session: in order, with
	// offsets. If there is more, reading goes on at next. It must not block if ctx has ended: the last part is read under
	// the lock that keeps the order, so that nothing comes between it and what follows. What this node was given last is
	// then at to. Of the session it has the ids and the rooms.
	Missed(ctx context.Context, s *Session, from, to string) (missed []Message, next string, more bool, err error)
}

// Session is what is kept of a socket that was lost.
type Session struct {
	PID   string       // private id, known to the client alone
	ID    string       // of the socket
	Rooms []Membership // what it is in, and was in lately
	Data  Data         // what it carried; nil is nothing

	Began string    // the offset at which it was accepted: what a client has received that names no other
	Sent  string    // the offset of the last stored event that was for it while it was connected; may be Began
	Exact string    // the offset from which on Rooms tells all; may be Began
	Lost  string    // the offset at which it was lost: all that was for it up to here has been sent, if not received
	Until time.Time // when it expires
}

// Membership is the time of a socket in a room: what was stored behind From and not behind To was for it. An empty To is
// that it has not left.
type Membership struct{ Room, From, To string }

// Data is what a socket carried. An adapter that keeps it in this process keeps the value; one that takes it elsewhere, or
// to a later process, takes the bytes and gives back [Bytes]. An error of MarshalBinary means that it is not for that.
type Data interface{ encoding.BinaryMarshaler }

// Bytes are data that were elsewhere.
type Bytes []byte

func (b Bytes) MarshalBinary() ([]byte, error) { return b, nil }

// Why a session can't be had. Each of them means a new session, with no harm done.
var (
	ErrSessionUnknown = errors.New("adapter: session unknown: expired, dropped for newer ones, or never kept")
	ErrSessionExpired = errors.New("adapter: session expired")
	ErrOffsetUnknown  = errors.New("adapter: offset unknown")
	ErrGapLost        = errors.New("adapter: the log does not reach back to the offset")
)
