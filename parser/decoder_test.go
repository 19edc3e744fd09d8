package parser_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
)

func reason(err error) parser.Reason {
	if e, ok := errors.AsType[*parser.Error](err); ok {
		return e.Reason
	}
	return ""
}

func placeholders(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`{"_placeholder":true,"num":%d}`, i)
	}
	return strings.Join(parts, ",")
}

// At each limit a packet passes, one beyond it does not.
func TestLimits(t *testing.T) {
	args := func(n int) string { return `2["a"` + strings.Repeat(",1", n) + "]" }
	answers := func(n int) string { return "31[" + strings.TrimPrefix(strings.Repeat(",1", n), ",") + "]" }
	arrays := func(n int) string { return `2["a",` + strings.Repeat("[", n-1) + strings.Repeat("]", n) }
	objects := func(n int) string { return "0" + strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	attachments := func(n int) string { return fmt.Sprintf(`5%d-["a",%s]`, n, placeholders(n)) }
	for _, c := range []struct {
		name   string
		limits parser.Limits
		limit  int
		text   func(n int) string
		reason parser.Reason
	}{
		{"arguments of an event", parser.Limits{}, 1000, args, parser.TooManyArguments},
		{"arguments of an answer", parser.Limits{}, 1000, answers, parser.TooManyArguments},
		{"three arguments", parser.Limits{Arguments: 3}, 3, args, parser.TooManyArguments},
		{"depth in arrays", parser.Limits{}, 512, arrays, parser.TooDeep},
		{"depth in objects", parser.Limits{}, 512, objects, parser.TooDeep},
		{"depth of two", parser.Limits{Depth: 2}, 2, arrays, parser.TooDeep},
		{"depth of ten thousand", parser.Limits{Depth: 10_000}, 10_000, objects, parser.TooDeep},
		{"attachments", parser.Limits{}, 10, attachments, parser.TooManyAttachments},
		{"two attachments", parser.Limits{Attachments: 2}, 2, attachments, parser.TooManyAttachments},
		{"six hundred attachments", parser.Limits{Attachments: 600}, 600, attachments, parser.TooManyAttachments},
		{"negative means default", parser.Limits{Attachments: -1, Depth: -1, Arguments: -1, AttachmentBytes: -1}, 10, attachments, parser.TooManyAttachments},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parser.Decoder{Limits: c.limits}
			if _, _, err := d.Text([]byte(c.text(c.limit))); err != nil {
				t.Errorf("%d: %v", c.limit, err)
			}
			d.Reset()
			if _, _, err := d.Text([]byte(c.text(c.limit + 1))); reason(err) != c.reason {
				t.Errorf("%d: %v, want %s", c.limit+1, err, c.reason)
			}
		})
	}
}

func TestAttachmentBytes(t *testing.T) {
	for _, limit := range []int{0, 5} {
		d := parser.Decoder{Limits: parser.Limits{AttachmentBytes: limit}}
		if limit == 0 {
			limit = 1_000_000
		}
		for range 2 { // the bytes of one packet do not count for the next
			d.Text([]byte(`52-["a",` + placeholders(2) + `]`))
			if _, _, err := d.Binary(make([]byte, limit-1)); err != nil {
				t.Fatal(err)
			}
			if _, done, err := d.Binary(make([]byte, 1)); !done || err != nil {
				t.Fatal(done, err)
			}
		}
		d.Text([]byte(`52-["a",` + placeholders(2) + `]`))
		d.Binary(make([]byte, limit))
		if _, _, err := d.Binary(make([]byte, 1)); reason(err) != parser.AttachmentsTooLarge {
			t.Errorf("limit %d: %v", limit, err)
		}
		if _, _, err := d.Binary(nil); reason(err) != parser.UnexpectedBinary {
			t.Errorf("the packet outlived its error: %v", err)
		}
	}
}

func TestReset(t *testing.T) {
	var d parser.Decoder
	d.Text([]byte(`52-["a",` + placeholders(2) + `]`))
	d.Binary([]byte{1})
	d.Reset()
	if d.Pending() {
		t.Error("pending after Reset")
	}
	if p, done, err := d.Text([]byte(`2["b"]`)); !done || err != nil || p.Attachments != nil {
		t.Errorf("%+v, %v, %v", p, done, err)
	}
}

// The payload is a view of the message and the attachments are the messages themselves: nothing is copied.
func TestNoCopies(t *testing.T) {
	var d parser.Decoder
	text, attachment := []byte(`51-/a,7["x",`+placeholders(1)+`]`), []byte{1, 2}
	d.Text(text)
	p, done, err := d.Binary(attachment)
	if !done || err != nil {
		t.Fatal(done, err)
	}
	if &p.Data[0] != &text[bytes.IndexByte(text, '[')] || &p.Attachments[0][0] != &attachment[0] {
		t.Error("the packet is a copy")
	}
}

// A refused packet costs an error and nothing that grows with its size or its claims.
func TestRefusalsAllocateNothingMore(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	huge := parser.Limits{Attachments: 1 << 40, Arguments: 1 << 40}
	for name, c := range map[string]struct {
		limits parser.Limits
		text   string
	}{
		"attachments above the limit":       {parser.Limits{}, `59999999999-["a"]`},
		"attachments without placeholders":  {huge, `59999999999-["a"]`},
		"a placeholder with a large number": {huge, `59999999999-["a",{"_placeholder":true,"num":9999999998}]`},
		"digits":                            {huge, "5" + strings.Repeat("9", 900_000)},
		"depth":                             {parser.Limits{}, "2" + strings.Repeat("[", 900_000)},
		"arguments":                         {parser.Limits{}, `2["a"` + strings.Repeat(",1", 400_000)},
		"namespace":                         {parser.Limits{}, "2/" + strings.Repeat("a", 900_000) + ",{}"},
	} {
		text := []byte(c.text)
		d := parser.Decoder{Limits: c.limits}
		var err error
		allocs := testing.AllocsPerRun(10, func() { _, _, err = d.Text(text) })
		if err == nil || allocs > 2 {
			t.Errorf("%s: %v allocations, %v", name, allocs, err)
		}
	}
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var d parser.Decoder
	plain := []byte(`2["message",{"text":"hello","to":[1,2,3]}]`)
	space := []byte(`2/chat,12["message",{"text":"hello","to":[1,2,3]}]`)
	file := []byte(`51-["file",` + placeholders(1) + `]`)
	data, one := make([]byte, 100), []byte(placeholders(1))
	packet, _, _ := d.Text(space)
	dst, args := make([]byte, 0, 256), make([][]byte, 0, 8)
	for name, c := range map[string]struct {
		max float64
		do  func()
	}{
		"text":                       {0, func() { d.Text(plain) }},
		"text of a namespace":        {0, func() { d.Text(space) }},
		"text and binary":            {1, func() { d.Text(file); d.Binary(data) }},
		"append":                     {0, func() { packet.AppendText(dst) }},
		"append to nothing":          {1, func() { packet.AppendText(nil) }},
		"name and arguments":         {2, func() { parser.EventName(packet) }},
		"name and arguments, pooled": {0, func() { parser.SplitEvent(packet.Data, args) }},
		"placeholder":                {0, func() { parser.Placeholder(one) }},
	} {
		if n := testing.AllocsPerRun(100, c.do); n > c.max {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.max)
		}
	}
}

// Strings are scanned eight bytes at a time; each byte must be seen at each place of its word.
func TestEveryByteAtEveryOffset(t *testing.T) {
	for offset := range 20 {
		for c := range 256 {
			text := `3["` + strings.Repeat("x", offset) + string([]byte{byte(c)}) + strings.Repeat("\x80", 9) + `"]`
			if c == '\\' {
				text = `3["` + strings.Repeat("x", offset) + `\n` + strings.Repeat("y", 9) + `"]`
			}
			var d parser.Decoder
			_, done, err := d.Text([]byte(text))
			if want := c >= ' ' && c != '"'; done != want {
				t.Errorf("byte %#x at %d: %v", c, offset, err)
			}
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for value, want := range map[string]int{
		`{"_placeholder":true,"num":0}`:                             0,
		` { "num" : 7 , "_placeholder" : true } `:                   7,
		`{"\u005fplaceholder":true,"num":1e1,"more":null}`:          10,
		`{"_placeholder":false,"num":0}`:                            -1,
		`{"_placeholder":true}`:                                     -1,
		`{"_placeholder":true,"num":"0"}`:                           -1,
		`{"_placeholder":true,"num":0,"a":[]}`:                      -1,
		`{"_placeholder":true,"num":1.5}`:                           -1,
		`{"_placeholder":true,"num":1,"_placeholder":null}`:         -1,
		`{"_placeholder":true,"num":1,"num":2,"_placeholder":true}`: 2,
		`{"a":{"_placeholder":true,"num":0}}`:                       -1,
		`{}`:                                                        -1,
		`[]`:                                                        -1,
		`"_placeholder"`:                                            -1,
		`null`:                                                      -1,
		``:                                                          -1,
	} {
		num, size, ok := parser.Placeholder([]byte(value + `,{"_placeholder":true,"num":3}]`))
		if ok != (want >= 0) || ok && num != want {
			t.Errorf("Placeholder(%s) = %d, %v; want %d", value, num, ok, want)
		}
		if ok && size != len(strings.TrimRight(value, " ")) {
			t.Errorf("Placeholder(%s): %d bytes", value, size)
		}
	}
}

func TestReservedNames(t *testing.T) {
	for _, name := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
		if !parser.IsReserved(name) || parser.IsReserved(strings.ToUpper(name)) || parser.IsReserved(name+" ") {
			t.Errorf("IsReserved(%q) is wrong", name)
		}
	}
	for _, name := range []string{"", "message", "error", "connection", "reconnect", "ping", "__proto__"} {
		if parser.IsReserved(name) {
			t.Errorf("%q is reserved", name)
		}
	}
}

// A namespace name must not be kept because it was huge, and one connection may use several.
func TestNamespacesDoNotMix(t *testing.T) {
	var d parser.Decoder
	for _, ns := range []string{"/a", "/b", "/a", "/" + strings.Repeat("x", 1000), "/b", "/"} {
		p, _, err := d.Text([]byte("2" + ns + `,["x"]`))
		if err != nil || p.Namespace != ns {
			t.Errorf("%q, %v; want %q", p.Namespace, err, ns)
		}
	}
}

// What is asked to be encoded as binary without attachments, or the other way round, comes out right.
func TestEncodePicksTheType(t *testing.T) {
	one := [][]byte{{1}}
	for _, c := range []struct {
		p    parser.Packet
		want string
	}{
		{parser.Packet{Type: parser.BinaryEvent, Data: []byte(`["a"]`)}, `2["a"]`},
		{parser.Packet{Type: parser.BinaryEvent, Data: []byte(`["a"]`), Attachments: one}, `51-["a"]`},
		{parser.Packet{Type: parser.BinaryAck, HasID: true, Data: []byte(`[]`)}, `30[]`},
		{parser.Packet{Type: parser.Ack, HasID: true, Data: []byte(`[]`), Attachments: one}, `61-0[]`},
		{parser.Packet{Type: parser.Event, Namespace: "", Data: []byte(`["a"]`)}, `2["a"]`},
	} {
		if got := string(c.p.AppendText(nil)); got != c.want {
			t.Errorf("%+v is %s, want %s", c.p, got, c.want)
		}
	}
}

func TestPlaced(t *testing.T) {
	two := parser.AppendPlaceholder([]byte(`["x",{"a":`), 1)
	two = append(parser.AppendPlaceholder(append(two, "},"...), 0), ']')
	for _, c := range []struct {
		data string
		n    int
		want bool
	}{
		{string(two), 2, true},
		{string(two), 3, false},
		{string(two), 1, false},
		{`["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":"splice"}]`, 1, false},
		{`["x",{"_placeholder":true,"num":0},{"_placeholder":true}]`, 1, false},
		{`["x"]`, 0, true},
		{`["x",{"_placeholder":true}]`, 0, true},
		{`["x"`, 0, false},
		{strings.Repeat("[", 3000) + strings.Repeat("]", 3000), 0, true},
	} {
		if got := parser.Placed([]byte(c.data), c.n); got != c.want {
			t.Errorf("Placed(%.80s, %d) = %v", c.data, c.n, got)
		}
	}
}

func TestNumbersAsJavaScriptPrintsThem(t *testing.T) {
	for _, c := range []struct {
		f    float64
		bits int
		want string
	}{
		{0, 64, "0"}, {math.Copysign(0, -1), 64, "0"}, {1, 64, "1"}, {-1.5, 64, "-1.5"}, {0.1, 64, "0.1"},
		{123456789012345680000, 64, "123456789012345680000"}, {1e21, 64, "1e+21"}, {-1.25e100, 64, "-1.25e+100"},
		{0.000001, 64, "0.000001"}, {1e-7, 64, "1e-7"}, {1.5e-10, 64, "1.5e-10"}, {5e-324, 64, "5e-324"},
		{math.MaxFloat64, 64, "1.7976931348623157e+308"}, {1 << 53, 64, "9007199254740992"},
		{float64(float32(0.1)), 32, "0.1"}, {float64(float32(1e-6)), 32, "0.000001"}, {float64(float32(1e21)), 32, "1e+21"},
	} {
		if got := string(parser.AppendNumber(nil, c.f, c.bits)); got != c.want {
			t.Errorf("%v is %s, want %s", c.f, got, c.want)
		}
	}
}
