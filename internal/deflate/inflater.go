package deflate

import (
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// What is wrong with a compressed message.
var (
	ErrTooLarge = errors.New("deflate: message too large")
	ErrCorrupt  = errors.New("deflate: corrupt message")
)

// Inflater inflates messages, each by itself. It is safe for use by several goroutines.
type Inflater struct{ workers workers[*unpacker] }

// NewInflater makes an inflater.
func NewInflater() *Inflater {
	i := new(Inflater)
	i.workers.init(func() *unpacker {
		u := new(unpacker)
		u.r = flate.NewReader(&u.source)
		return u
	})
	return i
}

// Message inflates a WebSocket message that permessage-deflate compressed, without a context from the message before (RFC
// 7692 section 7.2.2). It never makes more than max bytes, and a few on the way: beyond that is [ErrTooLarge]. The result
// is fresh memory of the message's size.
func (i *Inflater) Message(data []byte, max int) ([]byte, error) {
	u := i.workers.take()
	defer i.workers.give(u)
	defer u.release()
	if err := u.unpack(data, max); err != nil {
		return nil, err
	}
	message := make([]byte, 0, u.size)
	for k, c := range u.chunks {
		message = append(message, c[:min(chunkSize, u.size-k*chunkSize)]...)
	}
	return message, nil
}

// unpacker is what one inflation needs.
type unpacker struct {
	source source
	r      io.ReadCloser
	chunks []*[chunkSize]byte // what has been inflated, all full but the last
	size   int
	dict   []byte // memory for window
}

// The result grows in chunks, which go back to their pool: a bomb leaves no garbage behind it.
const chunkSize = 32 << 10 // no less than the window, see window

var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// end follows every message: the four bytes that its sender left out, which end in a block boundary, and an empty block
// that is the last.
const end = tail + "\x01\x00\x00\xff\xff"

// maxLasts is how many blocks of a message may say that they are the last. It takes some microseconds to go on after one,
// however short it is.
const maxLasts = 1024

// unpack inflates data into chunks.
func (u *unpacker) unpack(data []byte, max int) error {
	u.source, u.size = source{data: data}, 0
	u.r.(flate.Resetter).Reset(&u.source, nil)
	lasts := 0
	for {
		if u.size == len(u.chunks)*chunkSize {
			u.chunks = append(u.chunks, chunks.Get().(*[chunkSize]byte))
		}
		n, err := u.r.Read(u.chunks[len(u.chunks)-1][u.size%chunkSize:])
		u.size += n
		switch {
		case u.size > max:
			return ErrTooLarge
		case err == nil:
		case err != io.EOF:
			return ErrCorrupt
		case u.source.over():
			return nil
		case lasts == maxLasts:
			return ErrCorrupt
		default:
			// A block that says it is the last need not be: some senders can't flush otherwise (RFC 7692 section 7.2.3.4).
			lasts++
			u.r.(flate.Resetter).Reset(&u.source, u.window())
		}
	}
}

// window is what blocks may refer back to, 32 KiB at most.
func (u *unpacker) window() []byte {
	last := len(u.chunks) - 1
	used := u.size - last*chunkSize
	if last == 0 || used == chunkSize {
		return u.chunks[last][:used]
	}
	u.dict = append(append(u.dict[:0], u.chunks[last-1][used:]...), u.chunks[last][:used]...)
	return u.dict
}

// release gives the chunks back.
func (u *unpacker) release() {
	for k, c := range u.chunks {
		chunks.Put(c)
		u.chunks[k] = nil
	}
	u.chunks = u.chunks[:0]
	u.source = source{}
}

// source reads a message and its end.
type source struct {
	data []byte
	at   int
}

func (s *source) ReadByte() (byte, error) {
	i := s.at
	switch {
	case i < len(s.data):
		s.at++
		return s.data[i], nil
	case i < len(s.data)+len(end):
		s.at++
		return end[i-len(s.data)], nil
	}
	return 0, io.EOF
}

func (s *source) Read(p []byte) (n int, err error) {
	if s.at < len(s.data) {
		n = copy(p, s.data[s.at:])
	} else if n = copy(p, end[s.at-len(s.data):]); n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	s.at += n
	return n, nil
}

// over reports whether all has been read.
func (s *source) over() bool { return s.at == len(s.data)+len(end) }
