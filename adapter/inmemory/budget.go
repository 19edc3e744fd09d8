package inmemory

import "sync/atomic"

// Budget is what several stores may hold together. A store that is over it forgets of its own; one that has little is not
// robbed for one that has much, but it can't keep more while nothing is left. The zero value allows nothing.
type Budget struct {
	Bytes        int64 // of events
	SessionBytes int64

	bytes, sessionBytes atomic.Int64
}

// Held is what the stores hold together.
func (b *Budget) Held() (bytes, sessionBytes int64) { return b.bytes.Load(), b.sessionBytes.Load() }

func (b *Budget) addEvent(size int) {
	if b != nil {
		b.bytes.Add(int64(size))
	}
}

func (b *Budget) addSession(size int) {
	if b != nil {
		b.sessionBytes.Add(int64(size))
	}
}

func (b *Budget) eventsOver() bool   { return b != nil && b.bytes.Load() > b.Bytes }
func (b *Budget) sessionsOver() bool { return b != nil && b.sessionBytes.Load() > b.SessionBytes }
