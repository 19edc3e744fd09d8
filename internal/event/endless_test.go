package event

import (
	"errors"
	"reflect"
	"testing"
)

type (
	loop     *loop
	intoLoop *loop
)

// A value that leads to itself through pointers alone is an error: it would end the process, as no stack is that deep.
func TestEndlessValuesAreErrors(t *testing.T) {
	var p loop
	p = &p
	var into intoLoop = &p
	var a any
	a = &a
	var b, c any
	b, c = &c, &b
	type node struct{ Any any }
	type typed struct{ P loop }
	for name, v := range map[string]any{
		"pointer": p, "pointer to it": into, "interface": a, "two interfaces": b,
		"in a slice": []any{a}, "in a map": map[string]any{"a": a}, "in a field": node{a}, "behind a pointer": &node{a},
		"in a field of its type": typed{p}, "in a typed slice": []loop{p}, "in a typed map": map[string]loop{"p": p},
		"beside bytes": struct {
			B []byte
			P loop
		}{[]byte("b"), p},
	} {
		if data, _, err := AppendArgs([]any{v}); !errors.Is(err, errTooDeep) {
			t.Errorf("%s: %.100s, %v", name, data, err)
		}
	}
}

// Pointers that end are followed, and nil is null.
func TestPointersThatEnd(t *testing.T) {
	var v any = 7
	for range 100 {
		inner := v
		v = &inner
	}
	var none loop
	to := &none
	data, _, err := AppendArgs([]any{v, struct{ Any any }{v}, none, struct{ P loop }{to}})
	if want := `[7,{"Any":7},null,{"P":null}]`; err != nil || string(data) != want {
		t.Errorf("%s, %v; want %s", data, err, want)
	}
	if endlessType(reflect.TypeFor[***int]()) {
		t.Error("a pointer to int has no end")
	}
}
