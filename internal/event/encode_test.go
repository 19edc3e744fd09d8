package event_test

import (
	"bytes"
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

type blob []byte // a slice of bytes without JSON of its own

type celsius float64

type spot struct {
	X, Y float64
}

type file struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

type tree struct {
	Leaf  []byte           `json:"leaf,omitzero"`
	Left  *tree            `json:"left,omitempty"`
	Named map[string]*tree `json:"named,omitempty"`
}

type mixed struct {
	Any    any
	Blob   blob
	Degree celsius
	Inner  struct{ Value event.Value }
	Skip   []byte `json:"-"`
}

// stream writes itself with the encoder it is given, so its bytes are found.
type stream struct{ data []byte }

func (s stream) MarshalJSONTo(enc *jsontext.Encoder) error { return jsonEncode(enc, s.data) }

// own writes JSON of its own, so its bytes are not binary.
type own []byte

func (o own) MarshalJSON() ([]byte, error) { return json.Marshal(string(o)) }

const (
	ph0 = `{"_placeholder":true,"num":0}`
	ph1 = `{"_placeholder":true,"num":1}`
)

func values(t testing.TB, array string, attachments ...[]byte) []event.Value {
	t.Helper()
	return event.Values(parser.Elements([]byte(array)), attachments)
}

func text(attachments [][]byte) string { return string(bytes.Join(attachments, []byte("|"))) }

func TestMarshal(t *testing.T) {
	one, two := []byte("one"), []byte("two")
	received := values(t, `["x",{"b":`+ph1+`,"a":[`+ph0+`]},`+ph0+`,{"num":7}]`, one, two)
	plain := values(t, `[ {"b" : 1.0, "a":-0 } ,"\u00e9"]`)
	for _, c := range []struct {
		name        string
		value       any
		want        string
		attachments string
	}{
		{"nil", nil, "null", ""},
		{"a string", "hello", `"hello"`, ""},
		{"a string that needs escapes", "a\"\\/\b\f\n\r\t\x01<>&\u2028é😀", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001<>&\u2028é😀\"", ""},
		{"a string that is not UTF-8", "a\xffb", "\"a\ufffdb\"", ""},
		{"a string in a struct that is not UTF-8", struct{ S string }{"a\xffb"}, "{\"S\":\"a\ufffdb\"}", ""},
		{"true", true, "true", ""},
		{"an int", -12, "-12", ""},
		{"an int64", int64(math.MinInt64), "-9223372036854775808", ""},
		{"a uint64", uint64(math.MaxUint64), "18446744073709551615", ""},
		{"an int8", int8(-3), "-3", ""},
		{"a float", 1.5, "1.5", ""},
		{"a float that is whole", 3.0, "3", ""},
		{"a large float", 1e21, "1e+21", ""},
		{"a small float", 1e-7, "1e-7", ""},
		{"a float32", float32(0.1), "0.1", ""},
		{"NaN", math.NaN(), "null", ""},
		{"infinity", math.Inf(-1), "null", ""},
		{"NaN as a float32", float32(math.NaN()), "null", ""},
		{"minus zero", math.Copysign(0, -1), "0", ""},
		{"NaN in a struct", spot{math.NaN(), 2}, `{"X":null,"Y":2}`, ""},
		{"infinity of a type of its own", []celsius{celsius(math.Inf(1)), -3.5}, "[null,-3.5]", ""},
		{"NaN behind a pointer", struct{ P *float64 }{new(math.NaN())}, `{"P":null}`, ""},
		{"NaN in a map", map[string]float64{"a": math.NaN(), "b": 1}, `{"a":null,"b":1}`, ""},
		{"NaN beside bytes", struct {
			B []byte
			F float64
		}{one, math.NaN()}, `{"B":` + ph0 + `,"F":null}`, "one"},
		{"minus zero in a struct", []spot{{math.Copysign(0, -1), -0.5}, {-10, math.Copysign(0, -1)}}, `[{"X":0,"Y":-0.5},{"X":-10,"Y":0}]`, ""},
		{"what looks like minus zero in strings", []string{"-0", "a\"-0,", "[-0]"}, `["-0","a\"-0,","[-0]"]`, ""},
		{"a type of its own over a float", celsius(math.Copysign(0, -1)), "0", ""},
		{"a slice", []any{1, "a", nil, []any{}}, `[1,"a",null,[]]`, ""},
		{"a map, sorted", map[string]any{"b": 1, "a": map[string]any{"d": 1, "c": 2}, "": nil}, `{"":null,"a":{"c":2,"d":1},"b":1}`, ""},
		{"a typed map, sorted", map[string]int{"b": 1, "a": 2, "c": 3}, `{"a":2,"b":1,"c":3}`, ""},
		{"a nil slice", []string(nil), "[]", ""},
		{"a nil map", map[string]int(nil), "{}", ""},
		{"a nil slice of anything", []any(nil), "[]", ""},
		{"a nil pointer", (*spot)(nil), "null", ""},
		{"a struct", spot{1, 2.5}, `{"X":1,"Y":2.5}`, ""},
		{"a time", time.Date(2024, 1, 2, 3, 4, 5, 6000000, time.UTC), `"2024-01-02T03:04:05.006Z"`, ""},
		{"a duration", 1500 * time.Millisecond, "1500000000", ""},
		{"a type with text", netip.MustParseAddr("::1"), `"::1"`, ""},
		{"raw JSON", json.RawMessage(`{"a":1}`), `{"a":1}`, ""},
		{"raw JSON of the other package", jsontext.Value(`[1]`), `[1]`, ""},
		{"raw JSON among others", []any{json.RawMessage(`{"a":1}`), one}, `[{"a":1},` + ph0 + `]`, "one"},

		{"bytes", one, ph0, "one"},
		{"no bytes", []byte(nil), ph0, ""},
		{"a slice of bytes of a type of its own", blob("one"), ph0, "one"},
		{"bytes with JSON of their own", own("one"), `"one"`, ""},
		{"bytes with JSON of their own, among others", []any{own("one"), two}, `["one",` + ph0 + `]`, "two"},
		{"an array of bytes", [3]byte{1, 2, 3}, `"AQID"`, ""},
		{"a pointer to bytes", &one, ph0, "one"},
		{"bytes in a slice", [][]byte{one, two}, "[" + ph0 + "," + ph1 + "]", "one|two"},
		{"bytes in anything", map[string]any{"b": []any{two}, "a": one}, `{"a":` + ph0 + `,"b":[` + ph1 + `]}`, "one|two"},
		{"bytes in a struct", file{"n", one}, `{"name":"n","data":` + ph0 + `}`, "one"},
		{"bytes behind a pointer", &file{"n", one}, `{"name":"n","data":` + ph0 + `}`, "one"},
		{"bytes in a map", map[string]file{"f": {"n", one}}, `{"f":{"name":"n","data":` + ph0 + `}}`, "one"},
		{"bytes in an array", [2][]byte{one, two}, "[" + ph0 + "," + ph1 + "]", "one|two"},
		{"bytes in a type that holds itself", tree{Left: &tree{Leaf: one}, Named: map[string]*tree{"x": {Leaf: two}}},
			`{"left":{"leaf":` + ph0 + `},"named":{"x":{"leaf":` + ph1 + `}}}`, "one|two"},
		{"an interface in a struct", struct{ A fmt.Stringer }{netip.MustParseAddr("::1")}, `{"A":"::1"}`, ""},
		{"no bytes in a struct", file{}, `{"name":"","data":` + ph0 + `}`, ""},
		{"zero bytes that are left out", tree{}, `{}`, ""},
		{"a type that writes to the encoder", stream{one}, ph0, "one"},
		{"every kind at once", mixed{Any: map[string]any{"b": blob("one"), "n": math.NaN()}, Blob: blob("two"), Skip: one,
			Inner: struct{ Value event.Value }{received[1]}},
			`{"Any":{"b":` + ph0 + `,"n":null},"Blob":` + ph1 + `,"Degree":0,"Inner":{"Value":{"b":{"_placeholder":true,"num":2},"a":[{"_placeholder":true,"num":3}]}}}`,
			"one|two|two|one"},
		{"a pointer to anything", new(any(one)), ph0, "one"},

		{"a received value", plain[0], `{"b" : 1.0, "a":-0 }`, ""},
		{"a received string", plain[1], `"\u00e9"`, ""},
		{"the zero value", event.Value{}, "null", ""},
		{"a received attachment", received[2], ph0, "one"},
		{"received attachments", []any{two, received[1], received[2], received[3]},
			`[` + ph0 + `,{"b":` + ph1 + `,"a":[{"_placeholder":true,"num":2}]},{"_placeholder":true,"num":3},{"num":7}]`, "two|two|one|one"},
		{"a received value behind a pointer", &received[2], ph0, "one"},
		{"received values in a slice", received[2:], `[` + ph0 + `,{"num":7}]`, "one"},
		{"what looks like a placeholder, without attachments", map[string]any{"_placeholder": true, "num": 0}, ph0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, attachments, err := event.Marshal(c.value)
			if err != nil || string(data) != c.want || text(attachments) != c.attachments {
				t.Errorf("%s, %q, %v\nwant %s, %q", data, attachments, err, c.want, c.attachments)
			}
		})
	}
}

func TestAppendEvent(t *testing.T) {
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"hi", nil, `["hi"]`},
		{`a"b`, []any{1}, `["a\"b",1]`},
		{"file", []any{[]byte("one"), file{"n", []byte("two")}}, `["file",` + ph0 + `,{"name":"n","data":` + ph1 + `}]`},
	} {
		data, _, err := event.AppendEvent(c.name, c.args)
		if err != nil || string(data) != c.want {
			t.Errorf("AppendEvent(%q, %v) = %s, %v; want %s", c.name, c.args, data, err, c.want)
		}
	}
	for _, c := range []struct {
		args []any
		want string
	}{{nil, `[]`}, {[]any{nil}, `[null]`}, {[]any{1, "a"}, `[1,"a"]`}} {
		data, _, err := event.AppendArgs(c.args)
		if err != nil || string(data) != c.want {
			t.Errorf("AppendArgs(%v) = %s, %v; want %s", c.args, data, err, c.want)
		}
	}
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("no") }

type fails struct{}

var errFails = errors.New("fails")

func (fails) MarshalJSON() ([]byte, error) { return nil, errFails }

func TestWhatCannotBeEncoded(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["self"] = []any{cyclic}
	pointer := &struct{ Next any }{}
	pointer.Next = pointer
	lookAlike := values(t, `[{"_placeholder":true,"num":0},{"_placeholder":true,"num":"splice"}]`)
	for name, v := range map[string]any{
		"a map that holds itself":            cyclic,
		"a pointer that points to itself":    pointer,
		"a function":                         func() {},
		"a channel":                          make(chan int),
		"a function deep inside":             map[string]any{"a": []any{func() {}}},
		"a method that panics":               panics{},
		"a method that panics deep inside":   []any{struct{ P any }{panics{}}},
		"a method on a nil pointer":          []*panics{nil, {}},
		"a method that fails":                fails{},
		"raw JSON that is none":              json.RawMessage("{"),
		"a struct with nothing to show":      &bytes.Buffer{},
		"a complex number":                   1i,
		"a look-alike beside an attachment":  []any{map[string]any{"_placeholder": true, "num": 0}, []byte("x")},
		"a mark beside an attachment":        []any{map[string]any{"_placeholder": true}, []byte("x")},
		"a received look-alike":              []any{lookAlike[0], []byte("x")},
		"a received mark":                    []any{[]byte("x"), lookAlike[1]},
		"raw JSON with a mark":               []any{[]byte("x"), json.RawMessage(`{"\u005fplaceholder":true}`)},
		"a value whose attachment is absent": []any{values(t, `[`+ph1+`]`, []byte("x"))[0]},
	} {
		data, attachments, err := event.AppendEvent("x", []any{1, v})
		if err == nil || data != nil || attachments != nil {
			t.Errorf("%s: %s, %q, %v", name, data, attachments, err)
		}
	}
	if _, _, err := event.AppendArgs([]any{1, fails{}}); !errors.Is(err, errFails) || !strings.Contains(err.Error(), "argument 2") {
		t.Errorf("the error says too little: %v", err)
	}
	// And what was written before an error is not in the way of the next one.
	if data, _, err := event.AppendArgs([]any{map[string]any{"a": 1}, []byte("x")}); err != nil || string(data) != `[{"a":1},`+ph0+`]` {
		t.Errorf("after errors: %s, %v", data, err)
	}
}

// The caller may reuse its memory as soon as the payload is written; the bytes of a received value are shared.
func TestAttachmentsAreCopies(t *testing.T) {
	buf := []byte("one")
	received := []byte("two")
	v := values(t, "["+ph0+"]", received)[0]
	for _, args := range [][]any{{buf, v}, {[][]byte{buf}, v}, {map[string]any{"a": blob(buf)}, []event.Value{v}}} {
		_, attachments, err := event.AppendArgs(args)
		if err != nil {
			t.Fatal(err)
		}
		buf[0] = 'X'
		if string(attachments[0]) != "one" {
			t.Errorf("the attachment changed with the argument: %q", attachments[0])
		}
		if &attachments[1][0] != &received[0] {
			t.Error("a received attachment was copied")
		}
		buf[0] = 'o'
	}
}

// Whoever emits a value may go on using it: encoding takes bytes out of a copy of it.
func TestEncodingLeavesTheValuesAlone(t *testing.T) {
	args := func() []any {
		return []any{[]byte{1, 2, 3}, []byte{4, 5, 6}, map[string]any{"b": []any{[]byte{7}, "x"}}, []any{[]byte{8}}}
	}
	given := args()
	if _, attachments, err := event.AppendArgs(given); err != nil || len(attachments) != 4 {
		t.Fatalf("%d attachments, %v", len(attachments), err)
	}
	if !reflect.DeepEqual(given, args()) {
		t.Errorf("the values are %v, they were %v", given, args())
	}
}

// A large value is flushed by encoding/json/v2 in parts, also between the placeholders that it does not write itself.
func TestLargeValues(t *testing.T) {
	var files []file
	var want bytes.Buffer
	want.WriteByte('[')
	for i := range 50 {
		name := strings.Repeat(string(rune('a'+i%26)), 5000)
		files = append(files, file{name, []byte{byte(i)}})
		if i > 0 {
			want.WriteByte(',')
		}
		fmt.Fprintf(&want, `{"name":"%s","data":{"_placeholder":true,"num":%d}}`, name, i)
	}
	want.WriteByte(']')
	for _, v := range []any{files, struct{ F any }{files}.F, []any{files}[0]} {
		data, attachments, err := event.Marshal(v)
		if err != nil || len(attachments) != 50 || !bytes.Equal(data, want.Bytes()) {
			t.Errorf("%d bytes, %d attachments, %v", len(data), len(attachments), err)
		}
	}
}
