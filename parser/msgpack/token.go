package msgpack

import (
	"encoding/binary"
	"math"
)

// kind is what a token of MessagePack is.
type kind byte

const (
	nilKind kind = iota
	boolKind
	intKind
	uintKind
	floatKind
	textKind
	binKind
	extKind
	arrayKind
	mapKind

	dateKind // an ext; no token is one
)

// token is one token: a scalar with its bytes, or the head of an array or a map (MessagePack specification, "Formats").
type token struct {
	kind  kind
	bits  uint64 // of a number or bool: an int64, a uint64 or a float64
	bytes []byte // of a text, bin or ext; aliases the message
	ext   int8   // type of an ext
	fixed bool   // the ext has one of the fixed sizes
	len   int    // elements of an array, pairs of a map
}

// names tells whether the token may be the key of a map.
func (t token) names() bool { return t.kind <= textKind }

// tokens reads the tokens of a message.
type tokens struct {
	data []byte
	pos  int // of the next token; after a fault where it begins
}

// next reads a token. It reports false when there is none: the message ends, or claims to hold more than it does.
func (t *tokens) next() (token, bool) {
	if t.pos >= len(t.data) {
		return token{}, false
	}
	c, rest := t.data[t.pos], t.data[t.pos+1:]
	switch {
	case c <= 0x7f:
		return t.number(uintKind, uint64(c), 1)
	case c <= 0x8f:
		return t.container(mapKind, uint64(c&0x0f), 1)
	case c <= 0x9f:
		return t.container(arrayKind, uint64(c&0x0f), 1)
	case c <= 0xbf:
		return t.payload(token{kind: textKind}, uint64(c&0x1f), 1)
	case c >= 0xe0:
		return t.number(intKind, uint64(int8(c)), 1)
	}
	// The other heads hold a number of 1, 2, 4 or 8 bytes, or none.
	size := widths[c-0xc0]
	if size > len(rest) {
		return token{}, false
	}
	var n uint64
	switch size {
	case 1:
		n = uint64(rest[0])
	case 2:
		n = uint64(binary.BigEndian.Uint16(rest))
	case 4:
		n = uint64(binary.BigEndian.Uint32(rest))
	case 8:
		n = binary.BigEndian.Uint64(rest)
	}
	head := 1 + size
	switch c {
	case 0xc0:
		return t.number(nilKind, 0, head)
	case 0xc2, 0xc3:
		return t.number(boolKind, uint64(c&1), head)
	case 0xc4, 0xc5, 0xc6:
		return t.payload(token{kind: binKind}, n, head)
	case 0xc7, 0xc8, 0xc9:
		return t.extension(n, head, false)
	case 0xca:
		return t.number(floatKind, math.Float64bits(float64(math.Float32frombits(uint32(n)))), head)
	case 0xcb:
		return t.number(floatKind, n, head)
	case 0xcc, 0xcd, 0xce, 0xcf:
		return t.number(uintKind, n, head)
	case 0xd0:
		return t.number(intKind, uint64(int8(n)), head)
	case 0xd1:
		return t.number(intKind, uint64(int16(n)), head)
	case 0xd2:
		return t.number(intKind, uint64(int32(n)), head)
	case 0xd3:
		return t.number(intKind, n, head)
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
		return t.extension(1<<(c-0xd4), head, true)
	case 0xd9, 0xda, 0xdb:
		return t.payload(token{kind: textKind}, n, head)
	case 0xdc, 0xdd:
		return t.container(arrayKind, n, head)
	case 0xde, 0xdf:
		return t.container(mapKind, n, head)
	}
	return token{}, false // 0xc1 is never used
}

// widths of the number behind a head, from 0xc0 on.
var widths = [32]int{
	0xc4 - 0xc0: 1, 2, 4, // bin
	0xc7 - 0xc0: 1, 2, 4, // ext
	0xca - 0xc0: 4, 8, // float
	0xcc - 0xc0: 1, 2, 4, 8, // uint
	0xd0 - 0xc0: 1, 2, 4, 8, // int
	0xd9 - 0xc0: 1, 2, 4, // text
	0xdc - 0xc0: 2, 4, // array
	0xde - 0xc0: 2, 4, // map
}

func (t *tokens) number(k kind, bits uint64, head int) (token, bool) {
	t.pos += head
	return token{kind: k, bits: bits}, true
}

// container takes a head that claims n values. Each takes a byte at least, so what can't be there is refused at once.
func (t *tokens) container(k kind, n uint64, head int) (token, bool) {
	least := n
	if k == mapKind {
		least *= 2
	}
	if least > uint64(len(t.data)-t.pos-head) {
		return token{}, false
	}
	t.pos += head
	return token{kind: k, len: int(n)}, true
}

func (t *tokens) payload(tok token, n uint64, head int) (token, bool) {
	start := t.pos + head
	if n > uint64(len(t.data)-start) {
		return token{}, false
	}
	end := start + int(n)
	tok.bytes = t.data[start:end:end]
	t.pos = end
	return tok, true
}

func (t *tokens) extension(n uint64, head int, fixed bool) (token, bool) {
	if t.pos+head >= len(t.data) {
		return token{}, false
	}
	return t.payload(token{kind: extKind, ext: int8(t.data[t.pos+head]), fixed: fixed}, n, head+1)
}
