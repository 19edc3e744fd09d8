package packet

import (
	"bytes"
	"encoding/base64"
	"errors"
)

// What [Parse] finds wrong with a record. Either ends the session that sent it.
var (
	// ErrType: the first byte is no packet type. An empty record has none, so this is its error too.
	ErrType = errors.New("engine.io packet: unknown type")
	// ErrBase64: what follows the b is not base64 as RFC 4648 section 4 writes it, padding included.
	ErrBase64 = errors.New("engine.io packet: bad base64")
)

// binaryMark begins a record that holds a binary message (Engine.IO protocol 4, "Packet encoding").
const binaryMark = 'b'

// coding refuses set bits behind the last byte, so that each message has one spelling.
var coding = base64.StdEncoding.Strict()

// Parse reads one text record, such as 4hello or bAQIDBA==: the content of a WebSocket text frame, or a part of a
// polling payload. The data of a text packet aliases text; the data of a binary one is fresh memory. Any bytes may
// follow the type digit, also ones that are not UTF-8.
//
// The error is [ErrType] or [ErrBase64].
func Parse(text []byte) (Packet, error) {
	if len(text) == 0 {
		return Packet{}, ErrType
	}
	if text[0] == binaryMark {
		data, err := decodeBase64(text[1:])
		if err != nil {
			return Packet{}, err
		}
		return Packet{Type: Message, Binary: true, Data: data}, nil
	}
	t := Type(text[0] - '0') // a byte below '0' wraps and is too large as well
	if t > Noop {
		return Packet{}, ErrType
	}
	return Packet{Type: t, Data: text[1:]}, nil
}

func decodeBase64(text []byte) ([]byte, error) {
	// The standard decoder skips line breaks, which no sender of this protocol writes: they would be a second spelling.
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 {
		return nil, ErrBase64
	}
	data := make([]byte, coding.DecodedLen(len(text)))
	n, err := coding.Decode(data, text)
	if err != nil {
		return nil, ErrBase64
	}
	return data[:n:n], nil
}

// AppendRecord appends p as one text record and returns the extended slice. A binary message becomes b and base64; for
// every other packet the record is also the content of its WebSocket text frame.
func (p Packet) AppendRecord(dst []byte) []byte {
	if p.Binary {
		return coding.AppendEncode(append(dst, binaryMark), p.Data)
	}
	return append(append(dst, '0'+byte(p.Type)), p.Data...)
}

// RecordLen is the number of bytes that [Packet.AppendRecord] appends.
func (p Packet) RecordLen() int {
	if p.Binary {
		return 1 + coding.EncodedLen(len(p.Data))
	}
	return 1 + len(p.Data)
}

// String names the type as the protocol does, for logs and test output.
func (t Type) String() string {
	switch t {
	case Open:
		return "open"
	case Close:
		return "close"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	case Message:
		return "message"
	case Upgrade:
		return "upgrade"
	case Noop:
		return "noop"
	}
	return "unknown"
}
