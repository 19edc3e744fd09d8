package packet

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// The wire forms of Engine.IO protocol 3, which clients of Socket.IO 1 and 2 speak. A text packet is written as in
// protocol 4. A binary one keeps its type: as a digit behind the b of base64, or as the first byte of the bytes. In a
// payload each record says its own length.

var (
	// ErrLength: a record of a payload of protocol 3 has no length, or another one than it says.
	ErrLength = errors.New("engine.io payload: bad length")
	// ErrUTF8: a text in a binary payload of protocol 3 is not UTF-8.
	ErrUTF8 = errors.New("engine.io packet: not UTF-8")
)

// Parse3 reads one text packet of protocol 3, such as 4hello or b4AQIDBA==: the content of a WebSocket text frame, or a
// record of a payload without its length. The data of a text packet aliases text; the data of a binary one is fresh
// memory.
//
// The error is [ErrType] or [ErrBase64].
func Parse3(text []byte) (Packet, error) {
	if len(text) == 0 || text[0] != binaryMark {
		return Parse(text)
	}
	if len(text) == 1 {
		return Packet{}, ErrType
	}
	t := Type(text[1] - '0')
	if t > Noop {
		return Packet{}, ErrType
	}
	data, err := decodeBase64(text[2:])
	if err != nil {
		return Packet{}, err
	}
	return Packet{Type: t, Binary: t == Message, Data: data}, nil
}

// ParseBytes3 reads one binary packet of protocol 3, the content of a WebSocket binary frame: the type as a number, then
// the data, which aliases b. The error is [ErrType].
func ParseBytes3(b []byte) (Packet, error) {
	if len(b) == 0 || Type(b[0]) > Noop {
		return Packet{}, ErrType
	}
	return Packet{Type: Type(b[0]), Binary: Type(b[0]) == Message, Data: b[1:]}, nil
}

// AppendText3 appends p as a text packet of protocol 3 and returns the extended slice.
func (p Packet) AppendText3(dst []byte) []byte {
	if p.Binary {
		return coding.AppendEncode(append(dst, binaryMark, '0'+byte(p.Type)), p.Data)
	}
	return p.AppendRecord(dst)
}

// TextLen3 is the number of bytes that [Packet.AppendText3] appends.
func (p Packet) TextLen3() int {
	if p.Binary {
		return 2 + coding.EncodedLen(len(p.Data))
	}
	return p.RecordLen()
}

// AppendBytes3 appends a binary packet as protocol 3 has it in a binary frame and returns the extended slice.
func (p Packet) AppendBytes3(dst []byte) []byte {
	return append(append(dst, byte(p.Type)), p.Data...)
}

// AppendRecord3 appends p as a record of a text payload, <length>:<packet>, and returns the extended slice. The length
// counts as JavaScript does, in UTF-16 code units. Bytes of a text that are not UTF-8 become U+FFFD, as they would on
// their way to the peer, which then would count others.
func (p Packet) AppendRecord3(dst []byte) []byte {
	if p.Binary {
		dst = append(strconv.AppendInt(dst, int64(p.TextLen3()), 10), ':')
		return p.AppendText3(dst)
	}
	if !utf8.Valid(p.Data) {
		p.Data = bytes.ToValidUTF8(p.Data, []byte("\uFFFD"))
	}
	dst = append(strconv.AppendInt(dst, int64(1+units(p.Data)), 10), ':')
	return p.AppendRecord(dst)
}

// AppendBytesRecord3 appends p as a record of a binary payload and returns the extended slice: a byte that tells binary
// (1) from text (0), the decimal digits of the length as the numbers 0 to 9, 255, and the packet. The length counts
// bytes.
func (p Packet) AppendBytesRecord3(dst []byte) []byte {
	kind, n := byte(textRecord), 1+len(p.Data)
	if p.Binary {
		kind = bytesRecord
	}
	dst = append(dst, kind)
	start := len(dst)
	dst = strconv.AppendInt(dst, int64(n), 10)
	for i := start; i < len(dst); i++ {
		dst[i] -= '0'
	}
	dst = append(dst, endOfLength)
	if p.Binary {
		return p.AppendBytes3(dst)
	}
	return p.AppendRecord(dst)
}

// What a record of a binary payload begins with, and what ends its length.
const (
	textRecord  = 0
	bytesRecord = 1
	endOfLength = 255
)

// units is the length of a valid UTF-8 text in UTF-16 code units: one for each character, two beyond the first 65,536.
func units(text []byte) (n int) {
	for _, b := range text {
		if b&0xc0 != 0x80 {
			n++
		}
		if b >= 0xf0 {
			n++
		}
	}
	return n
}
