package event

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/socketio-go/socketio/parser"
)

// errLookAlike: among attachments no receiver could tell the two apart.
var errLookAlike = errors.New("an object marked as a placeholder can't travel with binary data")

// AppendEvent writes the payload of an event, ["name",…], and the attachments its placeholders stand for. Nothing of the
// result shares memory with the arguments, but for the attachments of a [Value]. The error says which argument can't be
// written; user code that panics while it is asked for its JSON is such an error.
func AppendEvent(name string, args []any) (data []byte, attachments [][]byte, err error) {
	return own(LendEvent(name, args))
}

// AppendArgs writes the payload of an acknowledgement, […], as [AppendEvent] does.
func AppendArgs(args []any) (data []byte, attachments [][]byte, err error) {
	return own(LendArgs(args))
}

// Marshal writes one value, as [AppendEvent] does.
func Marshal(v any) (data []byte, attachments [][]byte, err error) {
	e := encoders.Get().(*encoder)
	return own(e.result(e.value(v, 0)))
}

// Payload is what an event or an acknowledgement carries, in memory that is lent until Release: for who makes a message
// of it at once. The bytes of the attachments, other than their list, are not lent.
type Payload struct {
	Data        []byte
	Attachments [][]byte
	encoder     *encoder
}

// LendEvent is [AppendEvent] into memory that is lent.
func LendEvent(name string, args []any) (Payload, error) {
	e := encoders.Get().(*encoder)
	return e.result(e.event(name, args))
}

// LendArgs is [AppendArgs] into memory that is lent.
func LendArgs(args []any) (Payload, error) {
	e := encoders.Get().(*encoder)
	e.buf = append(e.buf, '[')
	return e.result(e.array(args))
}

// Release gives the memory back. It is called once, for a payload that came without an error.
func (p Payload) Release() { p.encoder.release() }

// own makes a payload the caller's own.
func own(p Payload, err error) ([]byte, [][]byte, error) {
	if err != nil {
		return nil, nil, err
	}
	data := bytes.Clone(p.Data)
	var attachments [][]byte
	if len(p.Attachments) > 0 {
		attachments = slices.Clone(p.Attachments)
	}
	p.Release()
	return data, attachments, nil
}

var encoders = sync.Pool{New: func() any { return newEncoder() }}

// maxPooled is the capacity in bytes up to which the buffer of an encoder is used again.
const maxPooled = 64 << 10

// maxPooledList is the same for its list of attachments.
const maxPooledList = 64

// encoder writes one payload. Not safe for use by several goroutines.
type encoder struct {
	buf         []byte
	attachments [][]byte
	names       []string   // of the maps that are being written
	scratch     []byte     // what buf is while a part is written for somebody else
	marshalers  marshalers // made once for each encoder, as they write to its attachments
}

// result lends what has been written. On an error the encoder is back in its pool.
func (e *encoder) result(err error) (Payload, error) {
	if err == nil && len(e.attachments) > 0 && !e.placed() {
		err = errLookAlike
	}
	if err != nil {
		e.release()
		return Payload{}, err
	}
	return Payload{e.buf, e.attachments, e}, nil
}

// placed reports whether the only placeholders in the payload are those that attach wrote. Mostly their number tells, as
// without escapes there is one way to spell them (BenchmarkAppendEvent/bytes).
func (e *encoder) placed() bool {
	if bytes.Count(e.buf, placeholderName) == len(e.attachments) && bytes.IndexByte(e.buf, '\\') < 0 {
		return true
	}
	return parser.Placed(e.buf, len(e.attachments))
}

var placeholderName = []byte("_placeholder")

// release returns the encoder to its pool.
func (e *encoder) release() {
	clear(e.attachments)
	clear(e.names) // an error leaves some
	e.buf, e.attachments, e.names = e.buf[:0], e.attachments[:0], e.names[:0]
	if cap(e.buf)+cap(e.scratch) <= maxPooled && cap(e.attachments) <= maxPooledList {
		encoders.Put(e)
	}
}

func (e *encoder) event(name string, args []any) error {
	e.buf = append(e.buf, '[')
	e.string(name)
	if len(args) > 0 {
		e.buf = append(e.buf, ',')
	}
	return e.array(args)
}

// array writes the arguments and the bracket behind them.
func (e *encoder) array(args []any) error {
	for i, v := range args {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := e.value(v, 0); err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

// string writes a JSON string.
func (e *encoder) string(s string) {
	// The only error there is says that bytes that are not UTF-8 have been replaced, as they should be.
	e.buf, _ = jsontext.AppendQuote(e.buf, s)
}

// attach makes data an attachment and writes its placeholder.
func (e *encoder) attach(data []byte) {
	e.buf = parser.AppendPlaceholder(e.buf, len(e.attachments))
	e.attachments = append(e.attachments, data)
}

// received writes a value as it came. Its attachments join those of this payload, so they get new numbers.
func (e *encoder) received(v Value) error {
	raw := v.Raw()
	packet := v.packet()
	if packet == nil {
		e.buf = append(e.buf, raw...)
		return nil
	}
	for len(raw) > 0 {
		i := indexObject(raw)
		e.buf = append(e.buf, raw[:i]...)
		if raw = raw[i:]; len(raw) == 0 {
			break
		}
		num, size, ok := parser.Placeholder(raw)
		switch {
		case !ok:
			size = 1
			e.buf = append(e.buf, raw[0])
		case num >= len(*packet):
			return errors.New("placeholder without an attachment")
		default:
			e.attach(v.attachment(num))
		}
		raw = raw[size:]
	}
	return nil
}

// indexObject is where the next object of a JSON text begins, which may be cut between two tokens; else its length.
func indexObject(raw []byte) int {
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{':
			return i
		case '"':
			i = endOfString(raw, i)
		}
	}
	return len(raw)
}

// endOfString is the index of the quote that ends the string which begins at i.
func endOfString(raw []byte, i int) int {
	for {
		i++
		n := bytes.IndexByte(raw[i:], '"')
		if n < 0 {
			return len(raw)
		}
		i += n
		slashes := 0
		for raw[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
}
