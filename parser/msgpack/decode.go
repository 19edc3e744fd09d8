package msgpack

import (
	"bytes"
	"strconv"
	"strings"
	"sync"

	"github.com/socketio-go/socketio/parser"
)

// decode reads a message; known is a namespace that it may bear. The error is a [*parser.Error].
func decode(data []byte, limits parser.Limits, known string) (parser.Packet, error) {
	r := readers.Get().(*reader)
	defer r.release()
	r.tokens, r.limits, r.known = tokens{data: data}, limits, known
	p, reason := r.packet()
	if reason != "" {
		return parser.Packet{}, &parser.Error{Reason: reason, Offset: r.pos}
	}
	if err := p.Check(limits); err != nil {
		e := err.(*parser.Error)
		e.Offset = len(data) // it tells where in the JSON
		return parser.Packet{}, e
	}
	return p, nil
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// maxPooled is the capacity in bytes up to which a reader's memory is used again.
const maxPooled = 64 << 10

// release gives the reader back to its pool, without anything of the packet.
func (r *reader) release() {
	r.tokens, r.attachments, r.text = tokens{}, nil, nil
	if cap(r.out) <= maxPooled && cap(r.open) <= 1024 {
		readers.Put(r)
	}
}

// packet reads the whole message: a map. Members other than the four of a packet are nothing.
func (r *reader) packet() (p parser.Packet, reason parser.Reason) {
	head, ok := r.next()
	if !ok || head.kind != mapKind {
		return p, parser.Malformed
	}
	typed := false
	for range head.len {
		name, ok := r.next()
		if !ok || !name.names() {
			return p, parser.Malformed
		}
		k, there, reason := r.value()
		if reason == "" {
			switch string(name.bytes) { // the last one of a name counts, as in JavaScript
			case "type":
				typed = true
				reason = r.typeOf(&p)
			case "nsp":
				reason = r.namespaceOf(&p, k)
			case "id":
				reason = r.idOf(&p, there)
			case "data":
				reason = r.dataOf(&p, k, there)
			}
		}
		if reason != "" {
			return p, reason
		}
	}
	switch {
	case r.pos != len(r.data):
		return p, parser.Malformed
	case !typed:
		return p, parser.UnknownType
	}
	return p, ""
}

func (r *reader) typeOf(p *parser.Packet) parser.Reason {
	if len(r.out) != 1 || r.out[0]-'0' > byte(parser.ConnectError) { // one digit is a number
		return parser.UnknownType
	}
	p.Type = parser.Type(r.out[0] - '0')
	return ""
}

func (r *reader) namespaceOf(p *parser.Packet, k kind) parser.Reason {
	switch {
	case k != textKind:
		return parser.IllegalNamespace
	case string(r.text) == r.known: // nearly always
		p.Namespace = r.known
	default:
		p.Namespace = strings.ToValidUTF8(string(r.text), "\ufffd")
	}
	return ""
}

func (r *reader) idOf(p *parser.Packet, there bool) parser.Reason {
	if p.ID, p.HasID = 0, there; !there {
		return ""
	}
	id, err := strconv.ParseUint(string(r.out), 10, 64) // only a number is all digits
	if err != nil {
		return parser.IllegalID
	}
	p.ID = id
	return ""
}

func (r *reader) dataOf(p *parser.Packet, k kind, there bool) parser.Reason {
	if k == binKind || k == dateKind { // they would pass for an object or a text
		return parser.InvalidPayload
	}
	if p.Data, p.Attachments = nil, nil; there {
		p.Data, p.Attachments = bytes.Clone(r.out), r.attachments
	}
	return ""
}
