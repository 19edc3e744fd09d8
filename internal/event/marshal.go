package event

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// marshalers are options of encoding/json/v2 that hand binary data to one encoder. Each instance has a cache of the
// types it has met, so it must live long.
type marshalers struct {
	bytes json.Options // takes each []byte
	all   json.Options // looks at every value there is
}

func newEncoder() *encoder {
	e := new(encoder)
	e.marshalers.bytes = json.JoinOptions(options, json.WithMarshalers(json.MarshalToFunc(e.marshalBytes)))
	e.marshalers.all = json.JoinOptions(options, json.WithMarshalers(json.MarshalToFunc(e.marshalAny)))
	return e
}

// Write takes the output of encoding/json/v2.
func (e *encoder) Write(p []byte) (int, error) {
	e.buf = append(e.buf, p...)
	return len(p), nil
}

// marshal writes a value of any type by way of encoding/json/v2.
func (e *encoder) marshal(v any) (err error) {
	defer func() {
		// MarshalJSON and its like are the user's. A panic there is an argument that can't be written.
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in the JSON method of a %T: %v", v, r)
		}
	}()
	if endless(reflect.ValueOf(v)) {
		return errTooDeep
	}
	start, attached := len(e.buf), len(e.attachments)
	switch holds(reflect.TypeOf(v)) {
	case noBytes:
		err = json.MarshalWrite(e, v, options)
	case plainBytes:
		err = json.MarshalWrite(e, v, e.marshalers.bytes)
	case anything:
		err = json.MarshalWrite(e, v, e.marshalers.all)
	}
	if _, ok := errors.AsType[*json.SemanticError](err); ok && holds(reflect.TypeOf(v)) != anything {
		// Most likely NaN or an infinity. To look for them in advance would make all others pay.
		e.buf, e.attachments = e.buf[:start], e.attachments[:attached]
		err = json.MarshalWrite(e, v, e.marshalers.all)
	}
	if err == nil {
		e.buf = e.buf[:start+unsignZeros(e.buf[start:])]
	}
	return err
}

func (e *encoder) marshalBytes(enc *jsontext.Encoder, data []byte) error {
	return e.divert(enc, func() error {
		e.attach(bytes.Clone(data))
		return nil
	})
}

// divert writes to enc what write appends to buf. While encoding/json/v2 is at work, buf is where its output ends up
// sooner or later, so the part is written elsewhere.
func (e *encoder) divert(enc *jsontext.Encoder, write func() error) error {
	buf := e.buf
	e.buf = e.scratch[:0]
	err := write()
	e.scratch, e.buf = e.buf, buf
	if err != nil {
		return err
	}
	return enc.WriteValue(e.scratch)
}

// marshalAny looks at every value, given as a pointer to it, and takes those that encoding/json/v2 would write in
// another way than JavaScript.
func (e *encoder) marshalAny(enc *jsontext.Encoder, v any) error {
	switch p := v.(type) {
	case *[]byte:
		return e.marshalBytes(enc, *p)
	case *Value:
		return e.divert(enc, func() error { return e.received(*p) })
	case *float64:
		return marshalFloat(enc, *p)
	case *float32:
		return marshalFloat(enc, float64(*p))
	case *string, *bool, *int, *map[string]any, *[]any:
		return errors.ErrUnsupported // most values; leave them to the default
	}
	switch t := reflect.TypeOf(v).Elem(); t.Kind() {
	case reflect.Pointer, reflect.Interface:
		if endless(reflect.ValueOf(v).Elem()) {
			return errTooDeep
		}
	case reflect.Slice:
		if isBinary(t) {
			return e.marshalBytes(enc, reflect.ValueOf(v).Elem().Bytes())
		}
	case reflect.Float64, reflect.Float32:
		if !hasOwnJSON(t) {
			return marshalFloat(enc, reflect.ValueOf(v).Elem().Float())
		}
	}
	return errors.ErrUnsupported
}

func marshalFloat(enc *jsontext.Encoder, f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return enc.WriteToken(jsontext.Null)
	}
	return errors.ErrUnsupported
}

// unsignZeros makes each -0 of a JSON text a 0, in place, and returns the new length.
func unsignZeros(data []byte) int {
	if !bytes.Contains(data, []byte("-0")) {
		return len(data)
	}
	n := 0
	for i := 0; i < len(data); i++ {
		if data[i] == '"' {
			end := min(endOfString(data, i), len(data)-1)
			n += copy(data[n:], data[i:end])
			i = end
		}
		if data[i] == '-' && isZero(data[i+1:]) {
			continue
		}
		data[n] = data[i]
		n++
	}
	return n
}

// isZero tells whether the number at hand is a bare 0.
func isZero(data []byte) bool {
	return len(data) > 0 && data[0] == '0' && (len(data) == 1 || data[1] == ',' || data[1] == ']' || data[1] == '}')
}
