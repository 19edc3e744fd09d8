package deflate

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
)

// Compressor compresses messages, each by itself. It is safe for use by several goroutines.
type Compressor struct{ workers workers[*worker] }

// worker is what one compression needs.
type worker struct {
	out bytes.Buffer
	w   *flate.Writer
}

// DefaultLevel is the level that zlib, and so the reference, takes for its default.
const DefaultLevel = 6

// NewCompressor makes a compressor of a level from 1, fast, to 9, small. Zero is [DefaultLevel]. It panics on any other.
func NewCompressor(level int) *Compressor {
	if level == 0 {
		level = DefaultLevel
	}
	if level < flate.BestSpeed || level > flate.BestCompression {
		panic("deflate: the level of compression must be 1 to 9")
	}
	c := new(Compressor)
	c.workers.init(func() *worker {
		w := new(worker)
		w.w, _ = flate.NewWriter(&w.out, level) // the level is valid
		return w
	})
	return c
}

// keepOut is how large a buffer may be that is kept for the next message.
const keepOut = 64 << 10

// release makes the worker ready for the next message, and gives it back.
func (c *Compressor) release(w *worker) {
	if w.out.Reset(); w.out.Cap() > keepOut {
		w.out = bytes.Buffer{}
	}
	c.workers.give(w)
}

// compress gives the worker that has the compressed data in out, behind head. The caller must release it.
func (c *Compressor) compress(head string, data []byte, finish func(*flate.Writer) error) *worker {
	w := c.workers.take()
	w.out.WriteString(head)
	w.w.Reset(&w.out)
	w.w.Write(data) // writing to memory does not fail
	finish(w.w)
	return w
}

// tail ends every flush of a compressor; permessage-deflate leaves it out (RFC 7692 section 7.2.1).
const tail = "\x00\x00\xff\xff"

// Message compresses a WebSocket message as permessage-deflate sends it, without a context from the message before (RFC
// 7692 section 7.2.1). The result has room bytes in front for the caller. It is nil if compressing does not make the
// message smaller.
func (c *Compressor) Message(data []byte, room int) []byte {
	w := c.compress("", data, (*flate.Writer).Flush)
	defer c.release(w)
	out := bytes.TrimSuffix(w.out.Bytes(), []byte(tail))
	if len(out) >= len(data) {
		return nil
	}
	message := make([]byte, room+len(out))
	copy(message[room:], out)
	return message
}

// Body compresses the body of an HTTP message. The coding must not be [Identity].
func (c *Compressor) Body(data []byte, coding Coding) []byte {
	// RFC 1952 section 2.3 without a name and a time, from an unknown system; RFC 1950 section 2.2 with a window of 32 KiB.
	head := "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	if coding == Deflate {
		head = "\x78\x9c"
	}
	w := c.compress(head, data, (*flate.Writer).Close)
	defer c.release(w)
	body := append(make([]byte, 0, w.out.Len()+8), w.out.Bytes()...)
	if coding == Deflate {
		return binary.BigEndian.AppendUint32(body, adler32.Checksum(data))
	}
	body = binary.LittleEndian.AppendUint32(body, crc32.ChecksumIEEE(data))
	return binary.LittleEndian.AppendUint32(body, uint32(len(data)))
}
