package event

import (
	"encoding"
	"encoding/json/v2"
	"reflect"
	"sync"
)

// holding says what the values of a type can hold, as far as binary data goes.
type holding byte

const (
	noBytes    holding = iota // no binary data, so encoding/json/v2 can have it as it is
	plainBytes                // []byte, and no other kind of binary data
	anything                  // interfaces, named slices of bytes, a Value: only the values tell
)

var holdings sync.Map // reflect.Type → holding. Bounded by the types of the program.

// holds looks at the type once.
func holds(t reflect.Type) holding {
	if h, ok := holdings.Load(t); ok {
		return h.(holding)
	}
	h := look(t, make(map[reflect.Type]bool))
	holdings.Store(t, h)
	return h
}

// look finds out what t holds, where the types in seen are being looked at already.
func look(t reflect.Type, seen map[reflect.Type]bool) holding {
	if seen[t] {
		return noBytes
	}
	seen[t] = true
	if endlessType(t) {
		return anything
	}
	if t.Kind() == reflect.Pointer { // its methods are found with those of what it points to
		return look(t.Elem(), seen)
	}
	if t == valueType {
		return anything
	}
	if isBinary(t) {
		if t == bytesType {
			return plainBytes
		}
		return anything
	}
	if hasOwnJSON(t) {
		if hasOpaqueJSON(t) {
			return noBytes
		}
		return anything
	}
	switch t.Kind() {
	case reflect.Interface:
		return anything
	case reflect.Slice, reflect.Array, reflect.Map:
		return look(t.Elem(), seen)
	case reflect.Struct:
		var h holding
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
				continue
			}
			h = max(h, look(f.Type, seen))
		}
		return h
	}
	return noBytes
}

// endlessType tells whether t is a pointer to pointers without end, such as type p *p.
func endlessType(t reflect.Type) bool {
	for range maxDepth {
		if t.Kind() != reflect.Pointer {
			return false
		}
		t = t.Elem()
	}
	return true
}

// endless tells whether v leads through pointers and interfaces alone to no end. JSON gets no deeper there, so its limit
// of depth does not help.
func endless(v reflect.Value) bool {
	for range maxDepth {
		if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface || v.IsNil() {
			return false
		}
		v = v.Elem()
	}
	return true
}

var (
	valueType = reflect.TypeFor[Value]()
	bytesType = reflect.TypeFor[[]byte]()

	streamTypes = []reflect.Type{reflect.TypeFor[json.MarshalerTo](), reflect.TypeFor[json.UnmarshalerFrom]()}
	writeTypes  = []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextAppender]()}
	readTypes   = []reflect.Type{reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}
)

// isBinary tells whether values of type t are binary data: a slice of bytes without JSON of its own.
func isBinary(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem() == bytesType.Elem() && !hasOwnJSON(t)
}

// hasOwnJSON tells whether t says itself how it is written or read.
func hasOwnJSON(t reflect.Type) bool {
	return implements(t, streamTypes) || implements(t, writeTypes) || implements(t, readTypes)
}

// hasOpaqueJSON tells whether nobody but t sees into its values, neither to write nor to read them. A type with methods
// for one direction only, or with those that work on a stream, is still looked into.
func hasOpaqueJSON(t reflect.Type) bool {
	return implements(t, writeTypes) && implements(t, readTypes) && !implements(t, streamTypes)
}

func implements(t reflect.Type, interfaces []reflect.Type) bool {
	if t.Kind() == reflect.Interface {
		return false
	}
	for _, i := range interfaces {
		if t.Implements(i) || reflect.PointerTo(t).Implements(i) {
			return true
		}
	}
	return false
}
