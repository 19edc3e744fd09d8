package descriptor

import (
	"errors"
	"sync"
)

// ErrNothing says that there is nothing to read now.
var ErrNothing = errors.New("nothing to read")

// MaxPieces is how many pieces one [Conn.Writev] takes.
const MaxPieces = 16

// Buffers lends memory to reads. It may be used by several goroutines.
type Buffers[B any] struct {
	bytes func(*B) []byte
	free  sync.Pool
	reads sync.Pool // of the calls that are under way: few wait, so a few serve all connections
}

// NewBuffers makes a pool of buffers, of which bytes gives the part to read into.
func NewBuffers[B any](bytes func(*B) []byte) *Buffers[B] {
	p := &Buffers[B]{bytes: bytes}
	p.free.New = func() any { return new(B) }
	p.reads.New = func() any { return newRead(p) }
	return p
}

// Get lends a buffer.
func (p *Buffers[B]) Get() *B { return p.free.Get().(*B) }

// Put gives one back.
func (p *Buffers[B]) Put(b *B) { p.free.Put(b) }
