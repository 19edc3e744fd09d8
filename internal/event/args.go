package event

import "reflect"

// Args are arguments as they were received: each is a [Value], which decodes when asked to and goes out again as it
// came. They can be handed on to whatever takes arguments: e.Ack(args...).
type Args []any

// ArgsOf returns values as arguments.
func ArgsOf(values []Value) Args {
	args := make(Args, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// Value returns argument i, from 0; the zero Value if there is none, which is an argument's type other than Value too.
func (a Args) Value(i int) Value {
	if i < 0 || i >= len(a) {
		return Value{}
	}
	v, _ := a[i].(Value)
	return v
}

// Decode decodes the arguments into the pointers dst, in order; a nil skips one. Arguments beyond are ignored. A missing
// one is an [ArgumentError], unless dst points to a pointer, which is then left as it is.
func (a Args) Decode(dst ...any) error {
	for i, d := range dst {
		if d == nil {
			continue
		}
		if i >= len(a) {
			t := reflect.TypeOf(d)
			if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Pointer {
				continue
			}
			return &ArgumentError{Index: i}
		}
		v := a.Value(i)
		if raw, ok := d.(*Value); ok {
			*raw = v
			continue
		}
		if err := v.Decode(d); err != nil {
			return &ArgumentError{Index: i, Err: err}
		}
	}
	return nil
}
