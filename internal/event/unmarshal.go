package event

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"reflect"
	"sync"

	"github.com/socketio-go/socketio/parser"
)

var errNoAttachment = errors.New("an object where binary data belongs")

var decoders = sync.Pool{New: func() any { return newDecoder() }}

// decoder holds options of encoding/json/v2 that know the attachments of one value. Each instance has a cache of the
// types it has met, so it is used again. Not safe for use by several goroutines.
type decoder struct {
	value Value
	bytes json.Options // looks at each []byte
	all   json.Options // looks at everything
}

func newDecoder() *decoder {
	d := new(decoder)
	d.bytes = json.JoinOptions(options, json.WithUnmarshalers(json.UnmarshalFromFunc(d.unmarshalBytes)))
	d.all = json.JoinOptions(options, json.WithUnmarshalers(json.UnmarshalFromFunc(d.unmarshalAny)))
	return d
}

// unmarshal decodes raw, a part of a value with attachments, into a type that can hold them.
func (v Value) unmarshal(dst any, h holding) error {
	d := decoders.Get().(*decoder)
	d.value = v
	o := d.bytes
	if h == anything {
		o = d.all
	}
	err := json.Unmarshal(v.Raw(), dst, o)
	d.value = Value{}
	decoders.Put(d) // not after a panic of the user's code, which may still hold on to it
	return err
}

func (d *decoder) unmarshalBytes(dec *jsontext.Decoder, dst *[]byte) (err error) {
	if dec.PeekKind() != '{' {
		return errors.ErrUnsupported // null, or base64
	}
	*dst, err = d.attachment(dec)
	return err
}

// attachment reads a placeholder.
func (d *decoder) attachment(dec *jsontext.Decoder) ([]byte, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	num, _, ok := parser.Placeholder(raw)
	if !ok || num >= len(*d.value.packet()) {
		return nil, errNoAttachment
	}
	return d.value.attachment(num), nil
}

// unmarshalAny is given a pointer to everything that is going to be decoded.
func (d *decoder) unmarshalAny(dec *jsontext.Decoder, dst any) error {
	switch p := dst.(type) {
	case *[]byte:
		return d.unmarshalBytes(dec, p)
	case *any:
		if *p != nil {
			return errors.ErrUnsupported // encoding/json/v2 decodes into what is there
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		return valueOf(raw, d.value.packet()).any(p)
	case *Value:
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		*p = valueOf(bytes.Clone(raw), d.value.packet())
		return nil
	}
	if t := reflect.TypeOf(dst).Elem(); isBinary(t) && dec.PeekKind() == '{' {
		data, err := d.attachment(dec)
		if err == nil {
			reflect.ValueOf(dst).Elem().SetBytes(data)
		}
		return err
	}
	return errors.ErrUnsupported
}
