package websocket

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// next is step with a short cut. The buffer is that in which p was read, or nil.
func (d *decoder) next(p []byte, buffer *readBuffer) (m message, rest []byte, err error) {
	if m, rest, ok := d.whole(p, buffer); ok {
		return m, rest, nil
	}
	return d.step(p)
}

// whole takes a message from the beginning of p if it is one masked frame which is all there, as nearly every message of a
// client is: without the detours of a decoder that may be fed in pieces (BenchmarkDecoder). Anything else, also what is
// wrong, is left to step.
func (d *decoder) whole(p []byte, buffer *readBuffer) (m message, rest []byte, ok bool) {
	const (
		final      = 0x80
		masked     = 0x80
		text       = final | byte(ws.OpText)
		binaryData = final | byte(ws.OpBinary)
	)
	if len(p) < 6 || p[0] != text && p[0] != binaryData || p[1]&masked == 0 {
		return m, nil, false
	}
	if d.inPayload || d.message != 0 || d.head != 0 || d.client {
		return m, nil, false
	}
	n, at := int(p[1]&^masked), 2
	switch n {
	case 126:
		if n, at = int(binary.BigEndian.Uint16(p[2:])), 4; len(p) < 8 {
			return m, nil, false
		}
	case 127:
		return m, nil, false
	}
	rest = p[at+4:]
	if len(rest) < n || n > d.o.MaxMessage {
		return m, nil, false
	}
	key := [4]byte(p[at:])
	payload := rest[:n]
	rest = rest[n:]
	var data []byte
	ascii := false
	if n <= short {
		data = buffer.take(n, len(rest))
		ascii = unmaskShort(data, payload, key)
	} else {
		data = append(data, payload...)[:n:n] // which make would clear first
		ws.Cipher(data, key, 0)
	}
	if p[0] == binaryData {
		d.trust = max(d.trust, n)
		return message{ws.OpBinary, data}, rest, true
	}
	if !ascii && !utf8.Valid(data) {
		return m, nil, false
	}
	d.trust = max(d.trust, n)
	return message{ws.OpText, data}, rest, true
}

// unmaskShort copies a payload without its mask, and reports whether that is ASCII.
func unmaskShort(dst, src []byte, key [4]byte) (ascii bool) {
	mask := binary.LittleEndian.Uint32(key[:])
	mask8 := uint64(mask)<<32 | uint64(mask)
	var all uint64
	for len(src) >= 8 && len(dst) >= 8 {
		w := binary.LittleEndian.Uint64(src) ^ mask8
		binary.LittleEndian.PutUint64(dst, w)
		all |= w
		src, dst = src[8:], dst[8:]
	}
	for i, c := range src {
		c ^= key[i%4]
		dst[i] = c
		all |= uint64(c)
	}
	return all&0x8080808080808080 == 0
}
