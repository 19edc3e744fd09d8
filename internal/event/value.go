package event

import (
	"bytes"
	"slices"

	"github.com/socketio-go/socketio/parser"
)

// Value is one argument as it was received: JSON that nobody has decoded yet, with the attachments of its packet. Given
// to [AppendEvent] it goes out as it came. The zero Value is null. A Value is immutable; it may be copied, and used by
// several goroutines.
//
// It is a pointer, so that an any takes one without an allocation (BenchmarkArgs). Two that are equal need not be ==.
type Value struct{ of *Received }

// Received is where the bytes of one [Value] stand.
type Received struct {
	raw []byte
	// packet holds the attachments of the whole packet. It is nil when there are none, so that most values are small.
	packet *[][]byte
}

// Values are the arguments of a packet: the elements of its array, as [parser.Elements] or [parser.EventName] return
// them, and its attachments. All of them must stay unchanged.
func Values(elements [][]byte, attachments [][]byte) []Value {
	if len(elements) == 0 {
		return nil
	}
	var packet *[][]byte
	if len(attachments) > 0 {
		a := attachments // escapes, and only when there are some
		packet = &a
	}
	return appendValues(make([]Value, 0, len(elements)), elements, packet)
}

func appendValues(dst []Value, elements [][]byte, packet *[][]byte) []Value {
	places := make([]Received, len(elements))
	for i, e := range elements {
		dst = append(dst, places[i].Hold(e, packet))
	}
	return dst
}

// Hold makes a value of raw, and the attachments of its packet in a form that all its values share: nil if there are none.
// The place must not be used again.
func (r *Received) Hold(raw []byte, packet *[][]byte) Value {
	*r = Received{raw, packet}
	return Value{r}
}

// Break gives the elements of an array, which v was until now: the first one takes its place, so that the array of a packet
// and its only argument, as most have, share their memory. Nobody else may have v. The elements are appended to dst.
func (v Value) Break(dst []Value, elements [][]byte) []Value {
	if len(elements) == 1 {
		v.of.raw = elements[0]
		return append(dst, v)
	}
	return appendValues(slices.Grow(dst, len(elements)), elements, v.of.packet)
}

// valueOf is raw as a value of a packet.
func valueOf(raw []byte, packet *[][]byte) Value { return new(Received).Hold(raw, packet) }

// Raw is the JSON of the value, with a placeholder for each attachment. It must not be changed.
func (v Value) Raw() []byte {
	if raw := v.raw(); len(raw) > 0 {
		return raw
	}
	return []byte("null")
}

// raw is what came; nothing in the zero Value.
func (v Value) raw() []byte {
	if v.of == nil {
		return nil
	}
	return v.of.raw
}

// packet is nil if the packet had no attachments.
func (v Value) packet() *[][]byte {
	if v.of == nil {
		return nil
	}
	return v.of.packet
}

// Binary is the attachment that the value is, if it is one. It must not be changed.
func (v Value) Binary() (data []byte, ok bool) {
	packet := v.packet()
	if packet == nil {
		return nil, false
	}
	raw := v.raw()
	num, size, ok := parser.Placeholder(raw)
	if !ok || num >= len(*packet) || len(bytes.TrimRight(raw[size:], " \t\r\n")) > 0 {
		return nil, false
	}
	return v.attachment(num), true
}

// attachment is one of the packet's, without room for an append that would reach the next message.
func (v Value) attachment(num int) []byte {
	a := (*v.of.packet)[num]
	return a[:len(a):len(a)]
}

// String is the JSON of the value, for logs and test output.
func (v Value) String() string { return string(v.Raw()) }

// MarshalJSON returns [Value.Raw]. An encoder that is not of this package knows no attachments, so placeholders stay.
func (v Value) MarshalJSON() ([]byte, error) { return v.Raw(), nil }

// UnmarshalJSON keeps a copy of data. Inside of [Value.Decode] the new value has the attachments of the old one, too.
func (v *Value) UnmarshalJSON(data []byte) error {
	*v = valueOf(bytes.Clone(data), nil)
	return nil
}
