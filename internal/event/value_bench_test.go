package event_test

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/internal/event"
)

type message struct {
	ID   string   `json:"id"`
	Room string   `json:"room"`
	From int      `json:"from"`
	Text string   `json:"text"`
	Tags []string `json:"tags"`
}

var chat = message{"0192f0c1", "general", 7, strings.Repeat("x", 50), []string{"a", "b"}}

var encodings = []struct {
	name   string
	args   []any
	allocs float64 // at most, the payload and its attachments included
}{
	{"none", nil, 1},
	{"string", []any{strings.Repeat("x", 50)}, 1},
	{"scalars", []any{1, 2.5, true, nil, int64(7)}, 1},
	{"map", []any{map[string]any{"id": "0192f0c1", "from": 7, "tags": []any{"a", "b"}}}, 1},
	{"struct", []any{chat}, 2},
	{"pointer", []any{&chat}, 1},
	{"bytes", []any{make([]byte, 1024)}, 3},
	{"bytes in a map", []any{map[string]any{"name": "n", "data": make([]byte, 1024)}}, 3},
	{"bytes in a struct", []any{file{"n", make([]byte, 1024)}}, 4},
}

func TestEncodeAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, c := range encodings {
		if n := testing.AllocsPerRun(200, func() { event.AppendEvent("message", c.args) }); n > c.allocs {
			t.Errorf("%s: %v allocations, want at most %v", c.name, n, c.allocs)
		}
	}
	args := []any{values(t, `[`+ph0+`]`, make([]byte, 1024))[0]}
	if n := testing.AllocsPerRun(200, func() { event.AppendEvent("message", args) }); n > 2 {
		t.Errorf("a received value: %v allocations, want at most 2", n)
	}
}

func TestDecodeAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	one := make([]byte, 1024)
	for name, c := range map[string]struct {
		raw string
		dst any
		max float64
	}{
		"string": {`"hello"`, new(string), 1},
		"int":    {`12`, new(int), 0},
		"float":  {`1.5`, new(float64), 0},
		"bool":   {`true`, new(bool), 0},
		"value":  {`{"a":1}`, new(event.Value), 0},
		"bytes":  {ph0, new([]byte), 0},
		"struct": {`{"id":"0192f0c1","room":"general","from":7,"text":"hello"}`, new(message), 4},
		"file":   {`{"name":"n","data":` + ph0 + `}`, new(file), 3},
	} {
		v := values(t, "["+c.raw+"]", one)[0]
		if n := testing.AllocsPerRun(200, func() { v.Decode(c.dst) }); n > c.max {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.max)
		}
	}
	elements := values(t, `[1,2,3]`)
	raw := make([][]byte, len(elements))
	for i, v := range elements {
		raw[i] = v.Raw()
	}
	if n := testing.AllocsPerRun(200, func() { event.Values(raw, nil) }); n > 2 {
		t.Errorf("values: %v allocations, want at most 2", n)
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	for _, c := range encodings {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := event.AppendEvent("message", c.args); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	one := make([]byte, 1024)
	for _, c := range []struct {
		name, raw   string
		attachments [][]byte
		dst         any
	}{
		{"string", `"` + strings.Repeat("x", 50) + `"`, nil, new(string)},
		{"int", `12`, nil, new(int)},
		{"struct", `{"id":"0192f0c1","room":"general","from":7,"text":"hello","tags":["a","b"]}`, nil, new(message)},
		{"any", `{"id":"0192f0c1","room":"general","from":7,"text":"hello","tags":["a","b"]}`, nil, new(any)},
		{"bytes", ph0, [][]byte{one}, new([]byte)},
		{"bytes in a struct", `{"name":"n","data":` + ph0 + `}`, [][]byte{one}, new(file)},
		{"bytes in any", `{"name":"n","data":` + ph0 + `}`, [][]byte{one}, new(any)},
		{"bytes in a mixed struct", `{"Any":{"name":"n","data":` + ph0 + `},"Degree":1.5}`, [][]byte{one}, new(mixed)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			v := values(b, "["+c.raw+"]", c.attachments...)[0]
			for b.Loop() {
				if err := v.Decode(c.dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
