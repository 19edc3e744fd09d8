package event_test

import (
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/internal/event"
)

func jsonEncode(enc *jsontext.Encoder, v any) error { return jsonv2.MarshalEncode(enc, v) }

func (s *stream) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return jsonv2.UnmarshalDecode(dec, &s.data)
}

func TestDecode(t *testing.T) {
	one, two := []byte("one"), []byte("two")
	for _, c := range []struct {
		name string
		raw  string
		want any // what a zero value of the same type becomes
	}{
		{"a string", `"hello"`, "hello"},
		{"a string with escapes", `"a\n\u00e9\ud83d\ude00\/"`, "a\né😀/"},
		{"a string that is not UTF-8", "\"a\xffb\"", "a\ufffdb"},
		{"half a surrogate pair", `"\ud83d"`, "\ufffd"},
		{"an empty string", `""`, ""},
		{"null to a string", `null`, ""},
		{"true", `true`, true},
		{"false", `false`, false},
		{"null to a bool", `null`, false},
		{"an int", `-12`, -12},
		{"the largest int", `9223372036854775807`, int(1<<63 - 1)},
		{"minus zero to an int", `-0`, 0},
		{"an int64", `12`, int64(12)},
		{"a uint8", `255`, uint8(255)},
		{"a float", `1.5e3`, 1500.0},
		{"an integer to a float", `7`, 7.0},
		{"null to a float", `null`, 0.0},
		{"a duration", `1500000000`, 1500 * time.Millisecond},
		{"a time", `"2024-01-02T03:04:05.006Z"`, time.Date(2024, 1, 2, 3, 4, 5, 6000000, time.UTC)},
		{"a struct", `{"X":1,"Y":2,"Z":3}`, spot{1, 2}},
		{"names without case", `{"x":1,"y":2}`, spot{1, 2}},
		{"the exact name before the others", `{"X":1,"x":2}`, spot{2, 0}},
		{"duplicate names", `{"X":1,"X":3}`, spot{3, 0}},
		{"a pointer", `{"X":1}`, &spot{1, 0}},
		{"null to a pointer", `null`, (*spot)(nil)},
		{"a slice", `["a","b"]`, []string{"a", "b"}},
		{"a map", `{"a":1}`, map[string]int{"a": 1}},
		{"base64", `"b25l"`, one},
		{"null to bytes", `null`, []byte(nil)},
		{"raw JSON", `{"a" : 1}`, json.RawMessage(`{"a" : 1}`)},

		{"bytes", ph0, one},
		{"bytes of a type of their own", ph1, blob("two")},
		{"a placeholder in other words", ` { "num" : 1.0 , "x":2, "\u005fplaceholder" : true } `, two},
		{"bytes in a struct", `{"name":"n","data":` + ph1 + `}`, file{"n", two}},
		{"bytes in a slice", "[" + ph1 + "," + ph0 + "]", [][]byte{two, one}},
		{"bytes in a map", `{"f":{"data":` + ph0 + `}}`, map[string]*file{"f": {"", one}}},
		{"bytes in a type that holds itself", `{"left":{"leaf":` + ph0 + `}}`, tree{Left: &tree{Leaf: one}}},
		{"null and base64 beside an attachment", `[null,"b25l",` + ph1 + `]`, [][]byte{nil, one, two}},
		{"anything in a struct", `{"Any":[{"b":` + ph0 + `},1],"Blob":` + ph1 + `,"Degree":1.5}`,
			mixed{Any: []any{map[string]any{"b": one}, 1.0}, Blob: blob("two"), Degree: 1.5}},
		{"a type that reads from the decoder", ph0, stream{one}},
		{"a map of anything", `{"a":` + ph0 + `,"b":[` + ph1 + `]}`, map[string]any{"a": one, "b": []any{two}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := reflect.New(reflect.TypeOf(c.want))
			if err := values(t, "["+c.raw+"]", one, two)[0].Decode(got.Interface()); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Elem().Interface(), c.want) {
				t.Errorf("%#v, want %#v", got.Elem().Interface(), c.want)
			}
			if strings.Contains(c.raw, "placeholder") {
				return
			}
			// The same again as a packet without attachments, where other code is at work.
			got = reflect.New(reflect.TypeOf(c.want))
			if err := values(t, "["+c.raw+"]")[0].Decode(got.Interface()); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Elem().Interface(), c.want) {
				t.Errorf("without attachments: %#v, want %#v", got.Elem().Interface(), c.want)
			}
		})
	}
}

func TestDecodeIntoAny(t *testing.T) {
	one, two := []byte("one"), []byte("two")
	for raw, want := range map[string]any{
		`null`: nil,
		`true`: true,
		`1`:    1.0,
		`"a"`:  "a",
		`[]`:   []any{},
		`{}`:   map[string]any{},
		ph1:    two,
		`[[]]`: []any{[]any{}},
		`[1,"a",{"b":` + ph0 + `,"c":[` + ph1 + `,null]}]`: []any{1.0, "a", map[string]any{"b": one, "c": []any{two, nil}}},
		`{"_placeholder":false,"num":0}`:                   map[string]any{"_placeholder": false, "num": 0.0},
		`{"a":1,"a":2}`:                                    map[string]any{"a": 2.0},
		"\"\xff\"":                                         "\ufffd",
	} {
		v := values(t, "["+raw+"]", one, two)[0]
		dst := any("something else")
		if err := v.Decode(&dst); err != nil || !reflect.DeepEqual(dst, want) {
			t.Errorf("%s: %#v, %v; want %#v", raw, dst, err, want)
		}
	}
	// Without attachments there is nothing to restore.
	var dst any
	if err := values(t, "["+ph0+"]")[0].Decode(&dst); err != nil || !reflect.DeepEqual(dst, map[string]any{"_placeholder": true, "num": 0.0}) {
		t.Errorf("a look-alike became %#v, %v", dst, err)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct {
		raw string
		dst any
	}{
		{`"a"`, new(int)},
		{`1`, new(string)},
		{`1.5`, new(int)},
		{`256`, new(uint8)},
		{`9223372036854775808`, new(int)},
		{`1e400`, new(float64)},
		{`1e400`, new(any)},
		{`"not base64!"`, new([]byte)},
		{`{"a":1}`, new([]byte)},
		{`{"a":1}`, new(blob)},
		{`[{"a":1}]`, new([][]byte)},
		{`1`, nil},
		{`1`, 1},
		{`"a"`, (*string)(nil)},
		{`1`, (*int)(nil)},
		{ph0, (*[]byte)(nil)},
		{`1`, (*any)(nil)},
		{`1`, (*event.Value)(nil)},
		{`{"_placeholder":true,"num":9}`, new([]byte)},
		{`[{"_placeholder":true,"num":9}]`, new([][]byte)},
	} {
		for _, attachments := range [][][]byte{nil, {[]byte("one")}} {
			if err := values(t, "["+c.raw+"]", attachments...)[0].Decode(c.dst); err == nil {
				t.Errorf("%s into a %T: no error", c.raw, c.dst)
			}
		}
	}
}

func TestValue(t *testing.T) {
	one := []byte("one")
	vs := values(t, `[1, "a" ,`+ph0+`,{"f":`+ph0+`}]`, one)
	if string(vs[1].Raw()) != `"a"` || vs[1].String() != `"a"` {
		t.Errorf("raw %s", vs[1].Raw())
	}
	if data, ok := vs[2].Binary(); !ok || string(data) != "one" || cap(data) != 3 {
		t.Errorf("binary %q, %v", data, ok)
	}
	for _, v := range []event.Value{vs[0], vs[3], {}, values(t, "["+ph0+"]")[0], values(t, "["+ph1+"]", one)[0]} {
		if data, ok := v.Binary(); ok {
			t.Errorf("%s is binary: %q", v, data)
		}
	}

	// A value inside of another one keeps the attachments, and its JSON outlives the packet.
	var outer struct{ F event.Value }
	if err := vs[3].Decode(&outer); err != nil {
		t.Fatal(err)
	}
	if data, ok := outer.F.Binary(); !ok || string(data) != "one" {
		t.Errorf("binary %q, %v", data, ok)
	}
	var same event.Value
	if err := vs[3].Decode(&same); err != nil || string(same.Raw()) != string(vs[3].Raw()) {
		t.Errorf("%s, %v", same, err)
	}

	var zero event.Value
	var n = 7
	if err := zero.Decode(&n); err != nil || n != 0 || string(zero.Raw()) != "null" {
		t.Errorf("the zero value is %s and decodes to %d, %v", zero.Raw(), n, err)
	}
	if event.Values(nil, nil) != nil {
		t.Error("no elements, but values")
	}

	// Encoders of others see JSON.
	var back struct{ V event.Value }
	data, err := json.Marshal(struct{ V event.Value }{vs[1]})
	if err != nil || string(data) != `{"V":"a"}` || json.Unmarshal(data, &back) != nil || back.V.String() != `"a"` {
		t.Errorf("%s, %v, %v", data, err, back)
	}
}
