package wire

import (
	"encoding/binary"
	"errors"
)

// Opcodes of WebSocket frames.
const (
	Text   = 1
	Binary = 2
	Close  = 8
	Ping   = 9
	Pong   = 10
)

const (
	fin    = 0x80
	masked = 0x80
)

// mask is the key of every frame. It is not zero, so that a server has to unmask.
var mask = [4]byte{0x37, 0xfa, 0x21, 0x3d}

// AppendFrame appends one masked frame with the payload.
func AppendFrame(dst []byte, opcode byte, payload []byte) []byte {
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, fin|opcode, masked|byte(n))
	case n <= 0xffff:
		dst = binary.BigEndian.AppendUint16(append(dst, fin|opcode, masked|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, fin|opcode, masked|127), uint64(n))
	}
	dst = append(dst, mask[:]...)
	from := len(dst)
	dst = append(dst, payload...)
	unmask(dst[from:])
	return dst
}

// unmask applies the mask in place, eight bytes at a time.
func unmask(b []byte) {
	half := uint64(binary.LittleEndian.Uint32(mask[:]))
	key := half<<32 | half
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^key)
	}
	for i := range b {
		b[i] ^= mask[i%4]
	}
}

// Errors of [Frame].
var (
	ErrFragment = errors.New("a fragment, a compressed or a masked frame")
	ErrTooLong  = errors.New("a frame longer than any of the load")
)

// maxFrame is far above what a load asks for.
const maxFrame = 16 << 20

// Frame reads the first frame of b. The size is how many bytes of b it takes, 0 when it is not complete; the payload
// points into b.
func Frame(b []byte) (opcode byte, payload []byte, size int, err error) {
	if len(b) < 2 {
		return 0, nil, 0, nil
	}
	if b[0]&0xf0 != fin || b[1]&masked != 0 {
		return 0, nil, 0, ErrFragment
	}
	head, n := 2, uint64(b[1])
	switch n {
	case 126:
		if len(b) < 4 {
			return 0, nil, 0, nil
		}
		head, n = 4, uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		if len(b) < 10 {
			return 0, nil, 0, nil
		}
		head, n = 10, binary.BigEndian.Uint64(b[2:])
	}
	if n > maxFrame {
		return 0, nil, 0, ErrTooLong
	}
	size = head + int(n)
	if len(b) < size {
		return 0, nil, 0, nil
	}
	return b[0] & 0x0f, b[head:size:size], size, nil
}
