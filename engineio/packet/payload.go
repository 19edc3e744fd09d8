package packet

import (
	"bytes"
	"errors"
	"iter"
)

// MaxRecords is how many records a payload may have unless its reader says otherwise. Clients split their requests by
// bytes alone, so it leaves room for a payload of the default size made of small messages, and yet keeps the work that
// one request can cause within bounds.
const MaxRecords = 16384

// ErrRecords says that a payload has more records than allowed.
var ErrRecords = errors.New("engine.io payload: too many packets")

// separator stands between two records of a payload (Engine.IO protocol 4, "Packet encoding").
const separator = 0x1e

// AppendPayload appends the records, joined by the separator 0x1e, and returns the extended slice. When dst already
// holds a payload, append the separator first. A record must not hold 0x1e itself: JSON text and base64 never do, a raw
// text message is its sender's care, as the protocol has no escape for it.
func AppendPayload(dst []byte, records ...[]byte) []byte {
	for i, r := range records {
		if i > 0 {
			dst = append(dst, separator)
		}
		dst = append(dst, r...)
	}
	return dst
}

// SplitPayload walks the packets of a payload, in order. It stops at the first record that is wrong, with its error;
// the packets before that one are good and have been yielded (the protocol has no transactions). More than max records
// (zero or less: [MaxRecords]) are refused before any is yielded, with [ErrRecords]. An empty body is one empty record,
// which is [ErrType].
//
// Text data aliases body: a packet that is kept keeps the whole body.
func SplitPayload(body []byte, max int) iter.Seq2[Packet, error] {
	if max <= 0 {
		max = MaxRecords
	}
	return func(yield func(Packet, error) bool) {
		// Counting first costs a fraction of the parsing and leaves nothing half done.
		if len(body) >= max && bytes.Count(body, []byte{separator}) >= max {
			yield(Packet{}, ErrRecords)
			return
		}
		for {
			end := bytes.IndexByte(body, separator)
			record := body
			if end >= 0 {
				record = body[:end:end]
			}
			p, err := Parse(record)
			if !yield(p, err) || err != nil || end < 0 {
				return
			}
			body = body[end+1:]
		}
	}
}
