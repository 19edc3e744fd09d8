package event_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

func received(json string, attachments ...[]byte) []event.Value {
	return event.Values(parser.Elements([]byte(json)), attachments)
}

type corner struct{ X, Y int }

func TestArgumentsAreBoundToTypes(t *testing.T) {
	two := 2
	for _, c := range []struct {
		name string
		got  func(values []event.Value) (any, error)
		json string
		want any
	}{
		{"one", bound[string](), `["a"]`, "a"},
		{"extra arguments are ignored", bound[string](), `["a",2,3]`, "a"},
		{"none", bound[struct{}](), `["a"]`, struct{}{}},
		{"none of none", bound[struct{}](), `[]`, struct{}{}},
		{"a struct", bound[corner](), `[{"x":1,"Y":2}]`, corner{1, 2}},
		{"a slice of an array", bound[[]int](), `[[1,2]]`, []int{1, 2}},
		{"any", bound[any](), `[{"a":[true,null]}]`, map[string]any{"a": []any{true, nil}}},
		{"a pointer", bound[*int](), `[2]`, &two},
		{"a pointer may be missing", bound[*int](), `[]`, (*int)(nil)},
		{"a pointer may be null", bound[*int](), `[null]`, (*int)(nil)},
		{"two", bound[event.Args2[string, int]](), `["a",1]`, event.Args2[string, int]{A: "a", B: 1}},
		{"two of three", bound[event.Args2[string, int]](), `["a",1,2]`, event.Args2[string, int]{A: "a", B: 1}},
		{"the last may be missing", bound[event.Args2[string, *int]](), `["a"]`, event.Args2[string, *int]{A: "a"}},
		{"three", bound[event.Args3[string, *int, bool]](), `["a",2,true]`, event.Args3[string, *int, bool]{A: "a", B: &two, C: true}},
	} {
		got, err := c.got(received(c.json))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, %v", c.name, got, err)
		}
	}
}

func bound[T any]() func(values []event.Value) (any, error) {
	bind := event.Bind[T]()
	return func(values []event.Value) (any, error) { return bind(values) }
}

func TestWhatDoesNotFitIsAnError(t *testing.T) {
	for _, c := range []struct {
		name    string
		bind    func(values []event.Value) (any, error)
		json    string
		index   int
		missing bool
	}{
		{"missing", bound[string](), `[]`, 0, true},
		{"second missing", bound[event.Args2[string, int]](), `["a"]`, 1, true},
		{"third missing", bound[event.Args3[string, *int, bool]](), `["a",1]`, 2, true},
		{"wrong type", bound[int](), `["a"]`, 0, false},
		{"second of the wrong type", bound[event.Args2[string, int]](), `["a",{}]`, 1, false},
	} {
		_, err := c.bind(received(c.json))
		e, ok := errors.AsType[*event.ArgumentError](err)
		if !ok || e.Index != c.index || (e.Err == nil) != c.missing {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestRawArgumentsComeAsTheyWere(t *testing.T) {
	values := received(`[{"a" : 1e0},[],"x"]`)
	v, err := event.Bind[event.Value]()(values)
	if err != nil || string(v.Raw()) != `{"a" : 1e0}` {
		t.Errorf("value %s, %v", v.Raw(), err)
	}
	args, err := event.Bind[event.Args]()(values)
	if err != nil || len(args) != 3 || string(args.Value(2).Raw()) != `"x"` {
		t.Errorf("args %v, %v", args, err)
	}
	data, _, err := event.AppendArgs(args)
	if err != nil || string(data) != `[{"a":1e0},[],"x"]` && string(data) != `[{"a" : 1e0},[],"x"]` {
		t.Errorf("went out as %s, %v", data, err)
	}
}

func TestArgsDecode(t *testing.T) {
	args := event.ArgsOf(received(`["a",2]`))
	var (
		s    string
		n    int
		gone *string
		raw  event.Value
	)
	if err := args.Decode(&s, &n, &gone); err != nil || s != "a" || n != 2 || gone != nil {
		t.Errorf("%q %d %v, %v", s, n, gone, err)
	}
	if err := args.Decode(nil, &raw); err != nil || string(raw.Raw()) != "2" {
		t.Errorf("%s, %v", raw.Raw(), err)
	}
	for i, dst := range [][]any{{&n}, {nil, &s}, {nil, nil, &s}} {
		if e, ok := errors.AsType[*event.ArgumentError](args.Decode(dst...)); !ok || e.Index != i {
			t.Errorf("argument %d: %v", i, e)
		}
	}
	if string(args.Value(5).Raw()) != "null" || string(args.Value(-1).Raw()) != "null" {
		t.Error("a value that is not there is not null")
	}
}

func TestBinaryIsBound(t *testing.T) {
	type file struct {
		Name string
		Data []byte
	}
	values := received(`[{"name":"f","data":{"_placeholder":true,"num":0}}]`, []byte("bytes"))
	f, err := event.Bind[file]()(values)
	if err != nil || f.Name != "f" || string(f.Data) != "bytes" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestResults(t *testing.T) {
	for _, c := range []struct {
		got  []any
		want string
	}{
		{event.Results("a"), `[a]`},
		{event.Results(struct{}{}), `[]`},
		{event.Results(event.Args2[string, int]{A: "a", B: 1}), `[a 1]`},
		{event.Results(event.Args3[string, int, bool]{A: "a", B: 1, C: true}), `[a 1 true]`},
		{event.Results(event.Args{1, 2}), `[1 2]`},
		{event.Results([]int{1, 2}), `[[1 2]]`},
	} {
		if got := fmt.Sprint(c.got); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
