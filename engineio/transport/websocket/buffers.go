package websocket

import (
	"net"
	"sync"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/descriptor"
)

const (
	// readSize is how much is read at once. A buffer of this size is held while the messages in it are handled.
	readSize = 16 << 10
	// writeSize is how much is written in the time of one write timeout, and how much of frames is copied together.
	writeSize = 64 << 10
	// writeMost is how much is written at once when that does not block.
	writeMost = 256 << 10
	// byReference is the length from which on a piece is not copied behind the others, but has a place of its own in the
	// system call (BenchmarkAnswer).
	byReference = 4 << 10
)

var (
	readPool = descriptor.NewBuffers(func(b *readBuffer) []byte { return b.bytes[:] })
	vectors  = sync.Pool{New: func() any { return new(vector) }}
)

// readBuffer holds what was read at once. What has no pointers stands last, so that the collector does not look for any.
type readBuffer struct {
	spare    []byte // fresh memory for short messages in bytes, see take
	together [mostTogether]packet.Packet
	bytes    [readSize]byte
}

// mostTogether is how many packets are handed over at once.
const mostTogether = 32

const (
	// short is the length up to which messages that were read at once may share memory.
	short = 128
	// shared is how much memory they share: who keeps one of them keeps no more than that.
	shared = 512
)

// take returns fresh memory for a short message of n bytes, when so many bytes wait behind it. Messages that came together
// share an allocation.
func (b *readBuffer) take(n, behind int) []byte {
	if b == nil {
		return make([]byte, n)
	}
	if len(b.spare) < n {
		b.spare = make([]byte, min(n+behind, shared))
	}
	data := b.spare[:n:n]
	b.spare = b.spare[n:]
	return data
}

// vector is what one system call is to write: short pieces gathered in a buffer, long ones where they are.
type vector struct {
	pieces net.Buffers
	size   int // of all pieces
	limit  int // of size
	used   int // of buffer
	last   int // where the last piece begins in buffer, if it is there; else -1

	places [descriptor.MaxPieces][]byte
	buffer [writeSize]byte
}

// add adds b, which must stay as it is until the vector is written, or the part of it that fits. It reports whether there
// is room for more.
func (v *vector) add(b []byte) bool {
	if len(b) < byReference {
		return v.copy(b)
	}
	if len(v.pieces) == len(v.places) || v.size == v.limit {
		return false
	}
	b = b[:min(len(b), v.limit-v.size)]
	v.push(b)
	v.last = -1
	return v.size < v.limit
}

// copy is add for what is short, and may change.
func (v *vector) copy(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	room := min(len(v.buffer)-v.used, v.limit-v.size)
	if room == 0 || (v.last < 0 || len(v.pieces) == 0) && len(v.pieces) == len(v.places) {
		return false
	}
	whole := len(b) <= room
	b = b[:min(len(b), room)]
	start := v.used
	v.used += copy(v.buffer[start:], b)
	if len(v.pieces) == 0 || v.last < 0 {
		v.last = start
		v.push(v.buffer[start:v.used])
		return whole
	}
	v.pieces[len(v.pieces)-1] = v.buffer[v.last:v.used]
	v.size += len(b)
	return whole
}

func (v *vector) push(b []byte) {
	if v.pieces == nil {
		v.pieces = v.places[:0]
	}
	v.pieces = append(v.pieces, b)
	v.size += len(b)
}

// release gives the vector back.
func (v *vector) release() {
	clear(v.places[:])
	v.pieces, v.size, v.used, v.last = nil, 0, 0, 0
	vectors.Put(v)
}
