package inmemory

import (
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// entry is one stored event.
type entry struct {
	message adapter.Message
	at      time.Time
	size    int
}

// entryCost is what an event weighs beside its bytes: the entry itself, slice and string headers, its offset.
const entryCost = 256

func sizeOf(m *adapter.Message) int {
	n := entryCost + len(m.Event)
	for _, a := range m.Attachments {
		n += len(a) + 24
	}
	for _, r := range m.Rooms {
		n += len(r) + 16
	}
	for _, r := range m.Except {
		n += len(r) + 16
	}
	return n
}

// ring is the log: the entries at the positions first to last, which count up from 1 and never start anew.
// The zero value is empty.
type ring struct {
	buf   []entry // its length is a power of two; position p is at p modulo that
	last  uint64
	count int
	bytes int
}

// smallRing is the length that an idle log may keep.
const smallRing = 64

func (r *ring) first() uint64           { return r.last - uint64(r.count) + 1 }
func (r *ring) at(pos uint64) *entry    { return &r.buf[pos&uint64(len(r.buf)-1)] }
func (r *ring) oldest() *entry          { return r.at(r.first()) }
func (r *ring) reaches(pos uint64) bool { return pos+1 >= r.first() }

// push puts an entry behind the last.
func (r *ring) push(e entry) {
	if r.count == len(r.buf) {
		r.resize(max(smallRing, 2*len(r.buf)))
	}
	r.last++
	r.count++
	r.bytes += e.size
	*r.at(r.last) = e
}

// shift takes the first entry out.
func (r *ring) shift() {
	e := r.oldest()
	r.bytes -= e.size
	*e = entry{}
	r.count--
}

// shrink gives memory back that a burst has left.
func (r *ring) shrink() {
	switch {
	case r.count == 0:
		r.buf = nil
	case len(r.buf) > smallRing && r.count <= len(r.buf)/8:
		r.resize(max(smallRing, len(r.buf)/4))
	}
}

func (r *ring) resize(n int) {
	old := *r
	r.buf = make([]entry, n)
	for p := old.first(); p <= old.last; p++ {
		*r.at(p) = *old.at(p)
	}
}
