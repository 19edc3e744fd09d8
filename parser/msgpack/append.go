package msgpack

import "encoding/binary"

// Each writes the shortest form there is (MessagePack specification, "Formats").

// head writes the head of an array or a map: fixed is the one for up to 15 values, wide that for 16 bits.
func (w *writer) head(n int, fixed, wide byte) {
	switch {
	case n < 16:
		w.out = append(w.out, fixed|byte(n))
	case n < 1<<16:
		w.out = binary.BigEndian.AppendUint16(append(w.out, wide), uint16(n))
	default:
		w.out = binary.BigEndian.AppendUint32(append(w.out, wide+1), uint32(n))
	}
}

func (w *writer) text[T string | []byte](s T) {
	if len(s) < 32 {
		w.out = append(w.out, 0xa0|byte(len(s)))
	} else {
		w.length(len(s), 0xd9)
	}
	w.out = append(w.out, s...)
}

func (w *writer) bin(data []byte) {
	w.length(len(data), 0xc4)
	w.out = append(w.out, data...)
}

// length writes a head of 8, 16 or 32 bits; narrow is the first of the three.
func (w *writer) length(n int, narrow byte) {
	switch {
	case n < 1<<8:
		w.out = append(w.out, narrow, byte(n))
	case n < 1<<16:
		w.out = binary.BigEndian.AppendUint16(append(w.out, narrow+1), uint16(n))
	default:
		w.out = binary.BigEndian.AppendUint32(append(w.out, narrow+2), uint32(n))
	}
}

func (w *writer) uint(n uint64) {
	switch {
	case n < 1<<7:
		w.out = append(w.out, byte(n))
	case n < 1<<8:
		w.out = append(w.out, 0xcc, byte(n))
	case n < 1<<16:
		w.out = binary.BigEndian.AppendUint16(append(w.out, 0xcd), uint16(n))
	case n < 1<<32:
		w.out = binary.BigEndian.AppendUint32(append(w.out, 0xce), uint32(n))
	default:
		w.out = binary.BigEndian.AppendUint64(append(w.out, 0xcf), n)
	}
}

// int writes a negative number.
func (w *writer) int(n int64) {
	switch {
	case n >= -1<<5:
		w.out = append(w.out, byte(n))
	case n >= -1<<7:
		w.out = append(w.out, 0xd0, byte(n))
	case n >= -1<<15:
		w.out = binary.BigEndian.AppendUint16(append(w.out, 0xd1), uint16(n))
	case n >= -1<<31:
		w.out = binary.BigEndian.AppendUint32(append(w.out, 0xd2), uint32(n))
	default:
		w.out = binary.BigEndian.AppendUint64(append(w.out, 0xd3), uint64(n))
	}
}
