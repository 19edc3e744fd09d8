package msgpack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	library "github.com/vmihailenco/msgpack/v5"

	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
)

// Whatever comes, a packet that is accepted keeps every promise, costs no more than its message can pay for, and is
// accepted again, unchanged, after it has been encoded.
func FuzzDecode(f *testing.F) {
	for _, data := range []string{
		"92a1'a'01", "92a1'b'c40201ff", "91d7000000015d3ef79800", "93a1'v'd40000d405'a'", "94a1'a'90 80 81a1'b'ca3fc00000",
		"92a1'v'd3ffffffffffffffff", "92a1'b'82ac'_placeholder'c3a3'num'00", "92a1'v'c70cff1dcd6500ffffffffffffffff", "dc000101", "df00000001a0c0",
	} {
		for kind := range byte(5) {
			f.Add(packet(f, kind, data))
		}
	}
	f.Add(unhex(f, "84 a4'type'03 a4'data'90 a2'id'ce00010000 a3'nsp'a5'/chat'"))
	f.Fuzz(func(t *testing.T, message []byte) {
		p, err := decode(message, parser.Limits{})
		if err != nil {
			var e *parser.Error
			if !errors.As(err, &e) || e.Reason == "" || e.Offset < 0 || e.Offset > len(message) {
				t.Fatalf("error %#v", err)
			}
			return
		}
		if err := p.Check(parser.Limits{Attachments: 1000}); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
		if len(p.Data) > 24*len(message) {
			t.Fatalf("%d bytes of JSON out of %d", len(p.Data), len(message))
		}
		again, err := decode(encode(t, p), parser.Limits{})
		if err != nil || !equal(again, p) {
			t.Fatalf("%+v becomes %+v, %v", p, again, err)
		}
	})
}

// Another implementation reads what is written here, and what it writes is read here.
func TestAnotherImplementation(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		value := anything(random, 5)
		message, err := library.Marshal(map[string]any{"type": 2, "nsp": "/", "data": []any{"v", value}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := decode(message, parser.Limits{})
		if err != nil {
			t.Fatalf("case %d: %x: %v", i, message, err)
		}
		if want, got := asJSON(t, []any{"v", value}), asJSON(t, restore(t, p)); got != want {
			t.Fatalf("case %d is read as\n%s, want\n%s", i, got, want)
		}
		var back struct {
			Type int    `msgpack:"type"`
			NSP  string `msgpack:"nsp"`
			Data []any  `msgpack:"data"`
		}
		if err := library.Unmarshal(encode(t, p), &back); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		if want, got := asJSON(t, []any{"v", value}), asJSON(t, back.Data); got != want || back.Type != 2 || back.NSP != "/" {
			t.Fatalf("case %d is sent as %d %s\n%s, want\n%s", i, back.Type, back.NSP, got, want)
		}
	}
}

// anything makes a value of every kind that JSON with attachments knows.
func anything(random *rand.Rand, depth int) any {
	text := func(n int) string { return strings.Repeat("aé€😀\"\n", n)[:n/2*2] }
	kinds := 12
	if depth == 0 {
		kinds = 10
	}
	switch random.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return random.IntN(2) == 0
	case 2:
		return int64(random.Uint64()) >> random.IntN(64)
	case 3:
		return random.Uint64() >> random.IntN(64)
	case 4:
		return math.Trunc(random.NormFloat64()*1e6) / 1e3
	case 5:
		return float32(random.IntN(1000)) / 8
	case 6:
		return strings.ToValidUTF8(text(random.IntN(40)), "")
	case 7:
		return strings.ToValidUTF8(text(random.IntN(700)), "")
	case 8:
		return []byte(text(random.IntN(300)))
	case 9:
		return random.IntN(200) - 100
	case 10:
		list := make([]any, random.IntN(20))
		for i := range list {
			list[i] = anything(random, depth-1)
		}
		return list
	}
	object := map[string]any{}
	for range random.IntN(20) {
		object[strings.ToValidUTF8(text(random.IntN(50)), "")] = anything(random, depth-1)
	}
	return object
}

// restore puts the attachments back where they belong.
func restore(t *testing.T, p parser.Packet) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(p.Data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			if v["_placeholder"] == true && len(p.Attachments) > 0 {
				num, _ := v["num"].(json.Number).Int64()
				return p.Attachments[num]
			}
			for k := range v {
				v[k] = walk(v[k])
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		}
		return v
	}
	return walk(v)
}

// asJSON is a value with its kinds told apart: bytes from text, and all digits of a number.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	var mark func(any) any
	mark = func(v any) any {
		switch v := v.(type) {
		case []byte:
			return map[string]any{"bytes": string(v)}
		case float32:
			return float64(v)
		case map[string]any:
			marked := map[string]any{}
			for k := range v {
				marked[k] = mark(v[k])
			}
			return marked
		case []any:
			marked := make([]any, len(v))
			for i := range v {
				marked[i] = mark(v[i])
			}
			return marked
		}
		if reflect.TypeOf(v) == reflect.TypeFor[float64]() && v.(float64) == 0 {
			return 0
		}
		return v
	}
	b, err := json.Marshal(mark(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func BenchmarkDecode(b *testing.B) {
	d := msgpack.Dialect{}.NewDecoder(parser.Limits{})
	message := packet(b, 2, "92a7'message' 85a2'id'cd1234 a4'room'a7'general' a4'text'b0'0123456789abcdef' a4'tags'92a1'a'a1'b' a2'at'cf0000018bcfe56800")
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := d.Binary(message); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	p := parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["message",{"id":4660,"room":"general","text":"0123456789abcdef","tags":["a","b"],"at":1700000000000}]`)}
	var dst []parser.Message
	b.SetBytes(int64(len(p.Data)))
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = (msgpack.Dialect{}).AppendMessages(dst[:0], p); err != nil {
			b.Fatal(err)
		}
	}
}
