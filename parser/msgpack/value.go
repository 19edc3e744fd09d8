package msgpack

import (
	"encoding/json/jsontext"
	"math"
	"strconv"

	"github.com/socketio-go/socketio/parser"
)

// reader writes the values of a message as JSON with attachments. It does not recurse.
type reader struct {
	tokens
	limits parser.Limits
	known  string // a namespace that the packet may bear

	out         []byte   // the JSON of the value at hand
	attachments [][]byte // and its attachments
	text        []byte   // itself, if it is a text
	open        []container
}

// container is an array or a map that is being written.
type container struct {
	left   int // values, or pairs, still to come
	object bool
	filled bool // a comma goes before the next one
}

// value reads one value to its end, into out and attachments. Undefined is not there.
func (r *reader) value() (k kind, there bool, reason parser.Reason) {
	r.out, r.open, r.attachments, r.text = r.out[:0], r.open[:0], nil, nil
	tok, ok := r.next()
	if !ok {
		return 0, false, parser.Malformed
	}
	if k, there, reason = r.write(tok); reason != "" {
		return 0, false, reason
	}
	if k == textKind {
		r.text = tok.bytes
	}
	for len(r.open) > 0 {
		if reason = r.step(); reason != "" {
			return 0, false, reason
		}
	}
	return k, there, ""
}

// step reads the next value, or what there is of it, of the innermost container, or closes that.
func (r *reader) step() parser.Reason {
	n := len(r.open) - 1
	c := &r.open[n]
	if c.left == 0 {
		r.close()
		return ""
	}
	c.left--
	before := len(r.out)
	if reason := r.before(c); reason != "" {
		return reason
	}
	tok, ok := r.next()
	if !ok {
		return parser.Malformed
	}
	_, there, reason := r.write(tok)
	if reason != "" {
		return reason
	}
	c = &r.open[n] // it may have moved
	if !there && c.object {
		r.out = r.out[:before]
		return ""
	}
	if !there {
		r.out = append(r.out, "null"...)
	}
	c.filled = true
	return ""
}

// before writes what stands before a value of the container: a comma, and the name of a member.
func (r *reader) before(c *container) parser.Reason {
	if c.filled {
		r.out = append(r.out, ',')
	}
	if !c.object {
		return ""
	}
	tok, ok := r.next()
	if !ok {
		return parser.Malformed
	}
	switch {
	case tok.kind == textKind:
		r.quote(tok.bytes)
	case tok.names():
		r.out = append(r.out, '"')
		r.out = appendScalar(r.out, tok)
		r.out = append(r.out, '"')
	default:
		return parser.Malformed
	}
	r.out = append(r.out, ':')
	return ""
}

// close ends the innermost container.
func (r *reader) close() {
	n := len(r.open) - 1
	bracket := byte(']')
	if r.open[n].object {
		bracket = '}'
	}
	r.out = append(r.out, bracket)
	r.open = r.open[:n]
}

// write writes a token, and tells what it is and whether it is anything.
func (r *reader) write(tok token) (k kind, there bool, reason parser.Reason) {
	switch tok.kind {
	case textKind:
		r.quote(tok.bytes)
	case binKind:
		reason = r.attach(tok.bytes)
	case extKind:
		return r.extension(tok)
	case arrayKind, mapKind:
		reason = r.enter(tok)
	case floatKind:
		if f := math.Float64frombits(tok.bits); math.IsNaN(f) || math.IsInf(f, 0) {
			tok = token{kind: nilKind}
		}
		r.out = appendScalar(r.out, tok)
	default:
		r.out = appendScalar(r.out, tok)
	}
	return tok.kind, true, reason
}

func (r *reader) enter(tok token) parser.Reason {
	if len(r.open) == r.limits.Depth {
		return parser.TooDeep
	}
	object, bracket := tok.kind == mapKind, byte('[')
	if object {
		bracket = '{'
	}
	r.out = append(r.out, bracket)
	r.open = append(r.open, container{left: tok.len, object: object})
	return ""
}

func (r *reader) quote(text []byte) {
	// The only error there is says that bytes that are not UTF-8 have been replaced, as they should be.
	r.out, _ = jsontext.AppendQuote(r.out, text)
}

func (r *reader) attach(data []byte) parser.Reason {
	if len(r.attachments) == r.limits.Attachments {
		return parser.TooManyAttachments
	}
	r.out = parser.AppendPlaceholder(r.out, len(r.attachments))
	r.attachments = append(r.attachments, data)
	return ""
}

// appendScalar writes nil, a boolean or a number as JavaScript prints it, but for whole numbers beyond 2^53, which keep
// their digits.
func appendScalar(dst []byte, tok token) []byte {
	switch tok.kind {
	case nilKind:
		return append(dst, "null"...)
	case boolKind:
		return strconv.AppendBool(dst, tok.bits == 1)
	case intKind:
		return strconv.AppendInt(dst, int64(tok.bits), 10)
	case uintKind:
		return strconv.AppendUint(dst, tok.bits, 10)
	}
	switch f := math.Float64frombits(tok.bits); {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	default:
		return parser.AppendNumber(dst, f, 64)
	}
}
