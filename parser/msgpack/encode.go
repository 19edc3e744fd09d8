package msgpack

import (
	"encoding/binary"
	"encoding/json/jsontext"
	"math"
	"strconv"
	"sync"

	"github.com/socketio-go/socketio/parser"
)

// encode writes a packet as a message. It trusts its packet: the data is valid JSON, with one placeholder for each
// attachment. Anything else may be refused with a [*parser.Error], or make a message that is refused.
func encode(p parser.Packet) ([]byte, error) {
	if len(p.Attachments) > maxAttachments {
		return nil, &parser.Error{Reason: parser.TooManyAttachments}
	}
	t := p.Type
	switch t { // there are no binary types here
	case parser.BinaryEvent:
		t = parser.Event
	case parser.BinaryAck:
		t = parser.Ack
	}
	size := len(p.Data) + len(p.Namespace) + 48
	for _, a := range p.Attachments {
		size += len(a)
	}
	w := writers.Get().(*writer)
	defer w.release()
	w.data, w.pos, w.attachments, w.out = p.Data, 0, p.Attachments, make([]byte, 0, size)
	members := 2
	if len(p.Data) > 0 {
		members++
	}
	if p.HasID {
		members++
	}
	w.head(members, 0x80, 0xde)
	w.text("type")
	w.out = append(w.out, byte(t))
	if len(p.Data) > 0 {
		w.text("data")
		if !w.json() {
			return nil, &parser.Error{Reason: parser.InvalidPayload, Offset: w.pos}
		}
	}
	if p.HasID {
		w.text("id")
		w.uint(p.ID)
	}
	w.text("nsp")
	if p.Namespace == "" {
		p.Namespace = "/"
	}
	w.text(p.Namespace)
	return w.out, nil
}

// writer writes JSON with attachments as MessagePack.
type writer struct {
	data        []byte // the JSON
	pos         int
	attachments [][]byte
	out         []byte

	// Memory that is used again.
	lengths []int // of the arrays and objects, in the order in which they begin
	open    []int // indexes in lengths
	scratch []byte
}

var writers = sync.Pool{New: func() any { return new(writer) }}

// release gives the writer back to its pool, without anything of the packet.
func (w *writer) release() {
	w.data, w.attachments, w.out = nil, nil, nil
	if cap(w.scratch) <= maxPooled && cap(w.lengths) <= maxPooled/8 {
		writers.Put(w)
	}
}

// json writes the whole data, and reports whether it is JSON as far as it has to look. It does not recurse: an array or
// map needs no end.
func (w *writer) json() bool {
	w.measure()
	lengths := w.lengths
	for w.blanks(); w.pos < len(w.data); w.blanks() {
		switch c := w.data[w.pos]; c {
		case ',', ':', ']', '}':
			w.pos++
		case '{', '[':
			if len(lengths) == 0 {
				return false
			}
			n := lengths[0]
			lengths = lengths[1:]
			if w.placeholder() {
				continue
			}
			w.pos++
			if c == '{' {
				w.head(n, 0x80, 0xde)
			} else {
				w.head(n, 0x90, 0xdc)
			}
		default:
			if !w.scalar(c) {
				return false
			}
		}
	}
	return true
}

func (w *writer) blanks() {
	for w.pos < len(w.data) {
		switch w.data[w.pos] {
		case ' ', '\t', '\n', '\r':
			w.pos++
		default:
			return
		}
	}
}

// placeholder writes the attachment that the object at hand stands for, if it does.
func (w *writer) placeholder() bool {
	if len(w.attachments) == 0 || w.data[w.pos] != '{' {
		return false
	}
	num, size, ok := parser.Placeholder(w.data[w.pos:])
	if !ok || num >= len(w.attachments) {
		return false
	}
	w.pos += size
	w.bin(w.attachments[num])
	return true
}

// scalar writes the scalar at hand, which begins with c.
func (w *writer) scalar(c byte) bool {
	start := w.pos
	if c == '"' {
		if w.pos = endOfText(w.data, w.pos); w.pos > len(w.data) {
			return false
		}
		// An error says that half of a surrogate pair has been replaced, as it should be.
		w.scratch, _ = jsontext.AppendUnquote(w.scratch[:0], w.data[start:w.pos])
		w.text(w.scratch)
		return true
	}
	for w.pos < len(w.data) && !ends(w.data[w.pos]) {
		w.pos++
	}
	switch raw := w.data[start:w.pos]; {
	case string(raw) == "null":
		w.out = append(w.out, 0xc0)
	case string(raw) == "false":
		w.out = append(w.out, 0xc2)
	case string(raw) == "true":
		w.out = append(w.out, 0xc3)
	case c == '-' || c-'0' <= 9:
		w.number(raw)
	default:
		return false
	}
	return true
}

// ends tells whether c ends a number or a literal.
func ends(c byte) bool {
	switch c {
	case ',', ':', ']', '}', '[', '{', '"', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

// endOfText is behind the text that begins at i, or beyond the data when it has no end.
func endOfText(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(data) + 1
}

// number writes a number as JavaScript would after JSON.parse, but with all digits of a whole one: whole numbers that fit
// in 64 bits as such, others as floats.
func (w *writer) number(raw []byte) {
	if whole(raw) {
		if n, err := strconv.ParseUint(string(raw), 10, 64); err == nil {
			w.uint(n)
			return
		}
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			w.int(n)
			return
		}
	}
	f, _ := strconv.ParseFloat(string(raw), 64) // out of range is an infinity, as in JavaScript
	switch {
	case f != math.Trunc(f) || f < math.MinInt64 || f >= 1<<64:
		w.out = binary.BigEndian.AppendUint64(append(w.out, 0xcb), math.Float64bits(f))
	case f < 0:
		w.int(int64(f))
	default:
		w.uint(uint64(f))
	}
}

// whole tells whether a number is written without a fraction and an exponent.
func whole(raw []byte) bool {
	for _, c := range raw {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

// measure finds the number of elements of each array, and of members of each object.
func (w *writer) measure() {
	w.lengths, w.open = w.lengths[:0], w.open[:0]
	for i := 0; i < len(w.data); i++ {
		switch w.data[i] {
		case ' ', '\t', '\n', '\r':
		case '"':
			w.filled()
			i = endOfText(w.data, i) - 1
		case ',':
			if n := len(w.open); n > 0 {
				w.lengths[w.open[n-1]]++
			}
		case '[', '{':
			w.filled()
			w.open = append(w.open, len(w.lengths))
			w.lengths = append(w.lengths, 0)
		case ']', '}':
			if n := len(w.open); n > 0 {
				w.open = w.open[:n-1]
			}
		default:
			w.filled()
		}
	}
}

// filled notes that the innermost container is not empty. From there on commas count.
func (w *writer) filled() {
	if n := len(w.open); n > 0 && w.lengths[w.open[n-1]] == 0 {
		w.lengths[w.open[n-1]] = 1
	}
}
