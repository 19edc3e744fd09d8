package packet

import (
	"iter"
	"unicode/utf8"
)

// maxDigits of a length. No payload has room for a longer one.
const maxDigits = 9

// SplitPayload3 walks the packets of a text payload of protocol 3, such as 6:4hello2:2x, in order. It stops at the first
// record that is wrong, with its error: [ErrLength] or one of [Parse3]; the packets before that one are good and have
// been yielded. More than max records (zero or less: [MaxRecords]) are refused before any is yielded, with
// [ErrRecords]. A record of length zero is no packet and is passed over; an empty body is [ErrLength].
//
// Text data aliases body: a packet that is kept keeps the whole body.
func SplitPayload3(body []byte, max int) iter.Seq2[Packet, error] {
	if len(body) == 0 {
		return func(yield func(Packet, error) bool) { yield(Packet{}, ErrLength) }
	}
	return split3(body, max, cutText3, func(_ byte, text []byte) (Packet, error) { return Parse3(text) })
}

// SplitBytesPayload3 is the same for a binary payload (see [Packet.AppendBytesRecord3]). An empty body has no packets. A
// text that is not UTF-8 is [ErrUTF8].
func SplitBytesPayload3(body []byte, max int) iter.Seq2[Packet, error] {
	return split3(body, max, cutBytes3, func(kind byte, record []byte) (Packet, error) {
		switch {
		case kind != textRecord:
			return ParseBytes3(record)
		case !utf8.Valid(record):
			return Packet{}, ErrUTF8
		}
		return Parse3(record)
	})
}

// cutter takes the first record off a payload. False means that its length is wrong.
type cutter func(body []byte) (kind byte, record, rest []byte, ok bool)

func split3(body []byte, max int, cut cutter, parse func(byte, []byte) (Packet, error)) iter.Seq2[Packet, error] {
	if max <= 0 {
		max = MaxRecords
	}
	return func(yield func(Packet, error) bool) {
		if len(body)/minRecord3 > max && more(body, max, cut) {
			yield(Packet{}, ErrRecords)
			return
		}
		for len(body) > 0 {
			kind, record, rest, ok := cut(body)
			if !ok {
				yield(Packet{}, ErrLength)
				return
			}
			body = rest
			if len(record) == 0 {
				continue
			}
			if p, err := parse(kind, record); !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// minRecord3 is the length of the shortest record: a length of one digit and what ends it.
const minRecord3 = 2

// more reports whether body begins with more than max records.
func more(body []byte, max int, cut cutter) bool {
	for n := 0; len(body) > 0; n++ {
		if n == max {
			return true
		}
		var ok bool
		if _, _, body, ok = cut(body); !ok {
			return false
		}
	}
	return false
}

// cutText3 takes <length>:<packet> off a text payload. The length counts UTF-16 code units.
func cutText3(body []byte) (_ byte, record, rest []byte, ok bool) {
	length, start, ok := length3(body, '0', ':')
	if !ok {
		return 0, nil, nil, false
	}
	end := start
	for ; length > 0 && end < len(body); length-- {
		if body[end] < utf8.RuneSelf {
			end++
			continue
		}
		r, size := utf8.DecodeRune(body[end:])
		if r > 0xffff {
			length-- // a character of two units, which no length may divide
		}
		end += size
	}
	return 0, body[start:end:end], body[end:], length == 0
}

// cutBytes3 takes a record off a binary payload.
func cutBytes3(body []byte) (kind byte, record, rest []byte, ok bool) {
	length, start, ok := length3(body[1:], 0, endOfLength)
	start++
	if !ok || length > len(body)-start {
		return 0, nil, nil, false
	}
	end := start + length
	return body[0], body[start:end:end], body[end:], true
}

// length3 reads the decimal number that body begins with, its digits counted from zero and ended by the byte end. What
// follows begins at start.
func length3(body []byte, zero, end byte) (length, start int, ok bool) {
	for i, b := range body {
		switch digit := b - zero; {
		case b == end:
			return length, i + 1, i > 0
		case digit > 9 || i == maxDigits:
			return 0, 0, false
		default:
			length = length*10 + int(digit)
		}
	}
	return 0, 0, false
}
