package parser_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
)

// pack writes messages as one input for the fuzzer: each with a byte for its kind and two for its length.
func pack(frames []frame) (input []byte) {
	for _, f := range frames {
		data, binaryFrame := f.bytes()
		if len(data) > 1<<16-1 {
			data = data[:1<<16-1]
		}
		kind := byte(0)
		if binaryFrame {
			kind = 1
		}
		input = binary.LittleEndian.AppendUint16(append(input, kind), uint16(len(data)))
		input = append(input, data...)
	}
	return input
}

func unpack(input []byte) (kind byte, data, rest []byte, ok bool) {
	if len(input) < 3 {
		return 0, nil, nil, false
	}
	n := min(int(binary.LittleEndian.Uint16(input[1:])), len(input)-3)
	return input[0] % 2, input[3 : 3+n], input[3+n:], true
}

func addVectors(f *testing.F) {
	for _, file := range []string{"encode.json", "decode.json", "reject.json"} {
		for _, v := range load(f, file) {
			f.Add(pack(v.Frames))
		}
	}
}

// The quick look and the scan agree: a blank behind the text changes nothing, but the former does not know it.
func FuzzPlainPayload(f *testing.F) {
	for _, text := range []string{
		`2["a",1,-2,0,true,false,null,"b"]`, `2["a",01]`, `2["a",-]`, `2["a",tru]`, `2["a",1.5]`, `2["a","\n"]`, "2[\"a\",\"\n\"]", `2["a",]`, `2["a"`, `2["a"]]`,
		`2["disconnect"]`, `2[""]`, `2[1]`, `2[null]`, `2[]`, `3[]`, `31["x",[1]]`, `3["connect"]`,
		`52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, `52-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]`,
		`51-["a",{"_placeholder":true,"num":1}]`, `51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]`, `51-["a"]`, `2["a",{"_placeholder":true,"num":0}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasSuffix(text, "]") {
			return
		}
		var quick, slow parser.Decoder
		p, done, err := quick.Text([]byte(text))
		if err == nil && len(p.Data) == 0 {
			return // the blank would belong to the namespace
		}
		q, also, serr := slow.Text([]byte(text + " "))
		if done != also || (err == nil) != (serr == nil) {
			t.Fatalf("%q: %v, %v; with a blank: %v, %v", text, done, err, also, serr)
		}
		if string(p.Data) != strings.TrimSuffix(string(q.Data), " ") || p.Type != q.Type || p.ID != q.ID || p.Namespace != q.Namespace {
			t.Fatalf("%q: %+v, with a blank %+v", text, p, q)
		}
	})
}

// Whatever messages come, a packet that is accepted keeps every promise, and is accepted again, unchanged, after it has
// been encoded. An error leaves nothing behind.
func FuzzDecoder(f *testing.F) {
	addVectors(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		var d, again parser.Decoder
		kept := 0
		for {
			kind, data, rest, ok := unpack(input)
			if !ok {
				return
			}
			input = rest
			decode := d.Text
			if kind == 1 {
				decode = d.Binary
			}
			p, done, err := decode(data)
			if err != nil {
				var e *parser.Error
				if !errors.As(err, &e) || e.Reason == "" || e.Offset < 0 || e.Offset > len(data) {
					t.Fatalf("error %#v", err)
				}
				if done || d.Pending() {
					t.Fatal("something is left behind an error")
				}
				kept = 0
				continue
			}
			if kept += len(data); done == d.Pending() {
				t.Fatal("neither done nor pending, or both")
			}
			if !done {
				continue
			}
			if size := len(p.Data); size > kept {
				t.Fatalf("%d bytes came, %d in the packet", kept, size)
			}
			kept = 0
			checkPacket(t, p)
			roundTrip(t, &again, p)
		}
	})
}

// checkPacket holds an accepted packet against the standard library and the rules of the protocol.
func checkPacket(t *testing.T, p parser.Packet) {
	t.Helper()
	if p.Data != nil && !json.Valid(p.Data) {
		t.Fatalf("not JSON: %q", p.Data)
	}
	if !strings.HasPrefix(p.Namespace, "/") || strings.Contains(p.Namespace, ",") {
		t.Fatalf("namespace %q", p.Namespace)
	}
	var elements []json.RawMessage
	if p.Type == parser.Event || p.Type == parser.Ack {
		if err := json.Unmarshal(p.Data, &elements); err != nil {
			t.Fatal(err)
		}
		got := parser.Elements(p.Data)
		if len(got) != len(elements) {
			t.Fatalf("%d elements of %q, want %d", len(got), p.Data, len(elements))
		}
		for i := range got {
			if !bytes.Equal(got[i], elements[i]) {
				t.Fatalf("element %d of %q is %q, want %q", i, p.Data, got[i], elements[i])
			}
		}
	}
	switch p.Type {
	case parser.Event:
		name, args := parser.EventName(p)
		if parser.IsReserved(name) || len(args) != len(elements)-1 || len(args) > 1000 {
			t.Fatalf("event %q with %d arguments of %q", name, len(args), p.Data)
		}
		var want any
		if err := json.Unmarshal(elements[0], &want); err == nil {
			if s, ok := want.(string); ok && s != strings.ToValidUTF8(name, "\ufffd") && !strings.ContainsRune(s, '\ufffd') {
				t.Fatalf("event %q of %q, want %q", name, p.Data, s)
			}
		}
	case parser.Ack:
		if len(elements) > 1000 {
			t.Fatalf("%d arguments", len(elements))
		}
	case parser.Connect, parser.Disconnect, parser.ConnectError:
		if len(p.Attachments) > 0 {
			t.Fatalf("attachments to a %s", p.Type)
		}
	default:
		t.Fatalf("type %s", p.Type)
	}
	if len(p.Attachments) > 10 {
		t.Fatalf("%d attachments", len(p.Attachments))
	}
}

func roundTrip(t *testing.T, d *parser.Decoder, p parser.Packet) {
	t.Helper()
	text := p.AppendText(nil)
	got, done, err := d.Text(text)
	for _, a := range p.Attachments {
		if err != nil || done {
			break
		}
		got, done, err = d.Binary(a)
	}
	if err != nil || !done || !equal(got, p) {
		t.Fatalf("%q gives %+v, %v, %v; want %+v", text, got, done, err, p)
	}
}

// The scanner takes exactly what the standard library takes for JSON, as long as the limits are not met.
func FuzzJSON(f *testing.F) {
	for _, file := range []string{"encode.json", "decode.json", "reject.json"} {
		for _, v := range load(f, file) {
			if data, binaryFrame := v.Frames[0].bytes(); !binaryFrame && len(data) > 1 && len(data) < 1<<16 {
				f.Add(data[1:])
			}
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if len(value) > 9000 {
			return // the standard library ends at a depth of 10,000
		}
		text := append(append([]byte("3["), value...), ']')
		d := parser.Decoder{Limits: parser.Limits{Depth: len(text), Arguments: len(text)}}
		_, done, err := d.Text(text)
		if valid := json.Valid(text[1:]); done != valid {
			t.Fatalf("%q: %v; valid: %v", text, err, valid)
		}
	})
}

// The accessors must bear any bytes: they are exported, and a packet is a plain struct.
func FuzzAccessors(f *testing.F) {
	for _, v := range load(f, "reject.json") {
		if data, binaryFrame := v.Frames[0].bytes(); !binaryFrame && len(data) > 1 && len(data) < 1<<16 {
			f.Add(data[1:])
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		parser.EventName(parser.Packet{Type: parser.Event, Data: data})
		for _, e := range parser.Elements(data) {
			if len(e) == 0 {
				t.Fatalf("an empty element of %q", data)
			}
			parser.Placeholder(e)
		}
		parser.Placeholder(data)
	})
}
