package msgpack_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
)

// unhex reads hex digits; blanks are for the eye, and 'text' stands for itself.
func unhex(t testing.TB, s string) (data []byte) {
	t.Helper()
	for i, part := range strings.Split(s, "'") {
		if i%2 == 1 {
			data = append(data, part...)
			continue
		}
		b, err := hex.DecodeString(strings.ReplaceAll(part, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, b...)
	}
	return data
}

// packet is the message of a packet {type, data, nsp: "/"}, given the hex of its data.
func packet(t testing.TB, kind byte, data string) []byte {
	t.Helper()
	return unhex(t, "83 a4'type' 0"+strconv.Itoa(int(kind))+" a4'data'"+data+" a3'nsp' a1'/'")
}

func decode(data []byte, l parser.Limits) (parser.Packet, error) {
	p, done, err := msgpack.Dialect{}.NewDecoder(l).Binary(data)
	if done != (err == nil) {
		panic("neither done nor an error, or both")
	}
	return p, err
}

func encode(t testing.TB, p parser.Packet) []byte {
	t.Helper()
	ms, err := msgpack.Dialect{}.AppendMessages(nil, p)
	if err != nil || len(ms) != 1 || !ms[0].Binary {
		t.Fatalf("%+v becomes %v, %v; want one binary message", p, ms, err)
	}
	return ms[0].Data
}

func equal(a, b parser.Packet) bool {
	if a.Type != b.Type || a.Namespace != b.Namespace || a.ID != b.ID || a.HasID != b.HasID ||
		!bytes.Equal(a.Data, b.Data) || len(a.Attachments) != len(b.Attachments) {
		return false
	}
	for i := range a.Attachments {
		if !bytes.Equal(a.Attachments[i], b.Attachments[i]) {
			return false
		}
	}
	return true
}

const at0, at1 = `{"_placeholder":true,"num":0}`, `{"_placeholder":true,"num":1}`

// Each packet is sent as this message, and this message is read as that packet. The messages are those of the npm
// package, byte for byte, for members in this order.
func TestPackets(t *testing.T) {
	for _, c := range []struct {
		name, message string
		packet        parser.Packet
	}{
		{"connect", "82 a4'type'00 a3'nsp'a1'/'", parser.Packet{Type: parser.Connect, Namespace: "/"}},
		{"connect with credentials", "83 a4'type'00 a4'data'81a5'token'a3'123' a3'nsp'a6'/admin'",
			parser.Packet{Type: parser.Connect, Namespace: "/admin", Data: []byte(`{"token":"123"}`)}},
		{"disconnect", "82 a4'type'01 a3'nsp'a5'/chat'", parser.Packet{Type: parser.Disconnect, Namespace: "/chat"}},
		{"event", "83 a4'type'02 a4'data'92a1'a'01 a3'nsp'a1'/'",
			parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["a",1]`)}},
		{"event that asks", "84 a4'type'02 a4'data'91a1'a' a2'id'cd0200 a3'nsp'a1'/'",
			parser.Packet{Type: parser.Event, Namespace: "/", ID: 512, HasID: true, Data: []byte(`["a"]`)}},
		{"acknowledgement", "84 a4'type'03 a4'data'90 a2'id'00 a3'nsp'a1'/'",
			parser.Packet{Type: parser.Ack, Namespace: "/", HasID: true, Data: []byte(`[]`)}},
		{"refusal", "83 a4'type'04 a4'data'81a7'message'a2'no' a3'nsp'a1'/'",
			parser.Packet{Type: parser.ConnectError, Namespace: "/", Data: []byte(`{"message":"no"}`)}},
		{"refusal in a word", "83 a4'type'04 a4'data'a2'no' a3'nsp'a1'/'",
			parser.Packet{Type: parser.ConnectError, Namespace: "/", Data: []byte(`"no"`)}},
		{"binary", "83 a4'type'02 a4'data'93a1'b'c40201ff81a1'c'c400 a3'nsp'a1'/'",
			parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["b",` + at0 + `,{"c":` + at1 + `}]`), Attachments: [][]byte{{1, 255}, {}}}},
		{"a map that is no placeholder", "83 a4'type'02 a4'data'92a1'b'82ac'_placeholder'c3a3'num'00 a3'nsp'a1'/'",
			parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["b",` + at0 + `]`)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			message := unhex(t, c.message)
			if got := encode(t, c.packet); !bytes.Equal(got, message) {
				t.Errorf("sent as\n%x, want\n%x", got, message)
			}
			got, err := decode(message, parser.Limits{})
			if err != nil || !equal(got, c.packet) {
				t.Errorf("read as %+v, %v; want %+v", got, err, c.packet)
			}
		})
	}
}

// Every value is sent in its shortest form, and read from there.
func TestValues(t *testing.T) {
	long, longer := strings.Repeat("x", 300), strings.Repeat("x", 70_000)
	for _, c := range []struct{ json, message string }{
		{`null`, "c0"}, {`false`, "c2"}, {`true`, "c3"},
		{`0`, "00"}, {`127`, "7f"}, {`128`, "cc80"}, {`255`, "ccff"}, {`256`, "cd0100"}, {`65535`, "cdffff"},
		{`65536`, "ce00010000"}, {`4294967295`, "ceffffffff"}, {`4294967296`, "cf0000000100000000"},
		{`18446744073709551615`, "cfffffffffffffffff"},
		{`-1`, "ff"}, {`-32`, "e0"}, {`-33`, "d0df"}, {`-128`, "d080"}, {`-129`, "d1ff7f"}, {`-32768`, "d18000"},
		{`-32769`, "d2ffff7fff"}, {`-2147483648`, "d280000000"}, {`-2147483649`, "d3ffffffff7fffffff"},
		{`-9223372036854775808`, "d38000000000000000"},
		{`1.5`, "cb3ff8000000000000"}, {`1e+300`, "cb7e37e43c8800759c"}, {`-1e+300`, "cbfe37e43c8800759c"},
		{`""`, "a0"}, {`"a\"\n€😀"`, "aa'a\"\n€😀'"},
		{`"` + strings.Repeat("x", 31) + `"`, "bf'" + strings.Repeat("x", 31) + "'"},
		{`"` + strings.Repeat("x", 32) + `"`, "d920'" + strings.Repeat("x", 32) + "'"},
		{`"` + long + `"`, "da012c'" + long + "'"},
		{`"` + longer + `"`, "db00011170'" + longer + "'"},
		{`[]`, "90"}, {`{}`, "80"}, {`[[],{"a":[1,{"b":null}]}]`, "92 90 81a1'a' 92 01 81a1'b'c0"},
		{`[` + strings.Repeat("1,", 15) + `1]`, "dc0010" + strings.Repeat("01", 16)},
		{`[` + strings.Repeat("1,", 70_000) + `1]`, "dd00011171" + strings.Repeat("01", 70_001)},
	} {
		name := c.json[:min(20, len(c.json))]
		json := `["v",` + c.json + `]`
		message := packet(t, 2, "92a1'v'"+c.message)
		p := parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(json)}
		if got := encode(t, p); !bytes.Equal(got, message) {
			t.Errorf("%s is sent as %x", name, got[:min(60, len(got))])
		}
		if got, err := decode(message, parser.Limits{}); err != nil || string(got.Data) != json {
			t.Errorf("%s is read as %.60s, %v", name, got.Data, err)
		}
	}
}

// What nobody sends from here, but others do.
func TestForeignValues(t *testing.T) {
	for _, c := range []struct{ name, message, json string }{
		{"float 32", "ca3fc00000", `1.5`},
		{"float that is whole", "cb4059000000000000", `100`},
		{"zero below zero", "cb8000000000000000", `0`},
		{"no number", "cb7ff8000000000000", `null`},
		{"infinity", "ca7f800000", `null`},
		{"wide forms", "93 cf0000000000000001 d3ffffffffffffffff df00000001 d90161 db0000000162", `[1,-1,{"a":"b"}]`},
		{"not UTF-8", "a3'a'ff'b'", `"a` + "\ufffd" + `b"`},
		{"undefined in an array", "93 d40000 01 d40000", `[null,1,null]`},
		{"undefined in a map", "83 a1'a'd40000 a1'b'01 a1'c'd40000", `{"b":1}`},
		{"undefined alone in a map", "82 a1'a'd40000 a1'b'd40000", `{}`},
		{"Date of notepack", "d7000000015d3ef79800", `"2017-07-14T02:40:00.000Z"`},
		{"Date of notepack before 1970", "d700ffffffffffffffff", `"1969-12-31T23:59:59.999Z"`},
		{"Date of the far future", "d700001eb208c2dc0000", `"+275760-09-13T00:00:00.000Z"`},
		{"Date of the far past", "d700ffffc76e394a7400", `"-000001-01-01T00:00:00.000Z"`},
		{"Date beyond all", "d7007fffffffffffffff", `null`},
		{"timestamp 32", "d6ff59682f00", `"2017-07-14T02:40:00.000Z"`},
		{"timestamp 64", "d7ff 7735940059682f00", `"2017-07-14T02:40:00.500Z"`},
		{"timestamp 96", "c70cff 1dcd6500 ffffffffffffffff", `"1969-12-31T23:59:59.500Z"`},
		{"timestamp beyond all", "c70cff 00000000 7fffffffffffffff", `null`},
		{"key that is a number", "82 01c0 e002", `{"1":null,"-32":2}`},
		{"key that is a float", "81 cb3ff8000000000000 01", `{"1.5":1}`},
		{"key that is nil or a boolean", "82 c001 c302", `{"null":1,"true":2}`},
		{"name that comes twice", "82 a1'a'01 a1'a'02", `{"a":1,"a":2}`},
	} {
		p, err := decode(packet(t, 2, "92a1'v'"+c.message), parser.Limits{})
		if want := `["v",` + c.json + `]`; err != nil || string(p.Data) != want || p.Attachments != nil {
			t.Errorf("%s: %s, %v; want %s", c.name, p.Data, err, want)
		}
	}
	for _, c := range []struct{ name, message, json, data string }{
		{"ArrayBuffer", "c70300'abc'", at0, "abc"},
		{"large ArrayBuffer", "c90000000300'abc'", at0, "abc"},
		{"bin 32", "c600000003'abc'", at0, "abc"},
		{"ext of one byte", "d405'a'", `[5,` + at0 + `]`, "a"},
		{"ext of many", "c70380'abc'", `[-128,` + at0 + `]`, "abc"},
		{"timestamp with too many nanoseconds", "d7ffffffffff00000000", `[-1,` + at0 + `]`, "\xff\xff\xff\xff\x00\x00\x00\x00"},
	} {
		p, err := decode(packet(t, 2, "92a1'v'"+c.message), parser.Limits{})
		if want := `["v",` + c.json + `]`; err != nil || string(p.Data) != want || len(p.Attachments) != 1 || string(p.Attachments[0]) != c.data {
			t.Errorf("%s: %s %q, %v; want %s %q", c.name, p.Data, p.Attachments, err, want, c.data)
		}
	}
}

// JSON that is not as this package reads it, but as a handler may have relayed it.
func TestForeignJSON(t *testing.T) {
	for _, c := range []struct{ json, message string }{
		{` [ "v" , 1.0 ,	{ "a" : [ ] } ] `, "93a1'v' 01 81a1'a'90"},
		{`["v",1e2,-0,1e400,-1e400,1e19,18446744073709551616]`, "97a1'v' 64 00 cb7ff0000000000000 cbfff0000000000000 cf8ac7230489e80000 cb43f0000000000000"},
		{`["v","\u0041\ud83d\ude00\ud800"]`, "92a1'v' a8'A😀" + "\ufffd'"},
	} {
		p := parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(c.json)}
		if got, want := encode(t, p), packet(t, 2, c.message); !bytes.Equal(got, want) {
			t.Errorf("%s is sent as\n%x, want\n%x", c.json, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	deep := func(n int) string {
		return "92a1'v'" + strings.Repeat("91", n-2) + "90"
	}
	bins := func(n int) string {
		return "dc" + hex.EncodeToString([]byte{byte((n + 1) >> 8), byte(n + 1)}) + "a1'v'" + strings.Repeat("c400", n)
	}
	few := parser.Limits{Depth: 3, Arguments: 2, Attachments: 2, AttachmentBytes: 5}
	for _, c := range []struct {
		name    string
		message []byte
		limits  parser.Limits
		want    parser.Reason
	}{
		{"nothing", nil, few, parser.Malformed},
		{"a number", unhex(t, "01"), few, parser.Malformed},
		{"an array", unhex(t, "90"), few, parser.Malformed},
		{"an empty map", unhex(t, "80"), few, parser.UnknownType},
		{"no namespace", unhex(t, "82 a4'type'02 a4'data'91a1'a'"), few, parser.IllegalNamespace},
		{"namespace without a slash", unhex(t, "83 a4'type'02 a4'data'91a1'a' a3'nsp'a1'a'"), few, parser.IllegalNamespace},
		{"empty namespace", unhex(t, "83 a4'type'02 a4'data'91a1'a' a3'nsp'a0"), few, parser.IllegalNamespace},
		{"namespace of bytes", unhex(t, "83 a4'type'02 a4'data'91a1'a' a3'nsp'c401'/'"), few, parser.IllegalNamespace},
		{"type 5", packet(t, 5, "91a1'a'"), few, parser.UnknownType},
		{"type that is a text", unhex(t, "83 a4'type'a1'2' a4'data'91a1'a' a3'nsp'a1'/'"), few, parser.UnknownType},
		{"type below zero", unhex(t, "83 a4'type'ff a4'data'91a1'a' a3'nsp'a1'/'"), few, parser.UnknownType},
		{"type that is a fraction", unhex(t, "83 a4'type'cb3ff8000000000000 a4'data'91a1'a' a3'nsp'a1'/'"), few, parser.UnknownType},
		{"id that is nil", unhex(t, "84 a4'type'02 a4'data'91a1'a' a3'nsp'a1'/' a2'id'c0"), few, parser.IllegalID},
		{"id below zero", unhex(t, "84 a4'type'02 a4'data'91a1'a' a3'nsp'a1'/' a2'id'ff"), few, parser.IllegalID},
		{"id that is a text", unhex(t, "84 a4'type'02 a4'data'91a1'a' a3'nsp'a1'/' a2'id'a1'1'"), few, parser.IllegalID},
		{"connect with nil", packet(t, 0, "c0"), few, parser.InvalidPayload},
		{"connect with an array", packet(t, 0, "90"), few, parser.InvalidPayload},
		{"connect with bytes", packet(t, 0, "c400"), few, parser.InvalidPayload},
		{"disconnect with nil", packet(t, 1, "c0"), few, parser.InvalidPayload},
		{"refusal that is a Date", packet(t, 4, "d7000000015d3ef79800"), few, parser.InvalidPayload},
		{"event without data", unhex(t, "82 a4'type'02 a3'nsp'a1'/'"), few, parser.InvalidPayload},
		{"event with undefined", packet(t, 2, "d40000"), few, parser.InvalidPayload},
		{"event that is a map", packet(t, 2, "80"), few, parser.InvalidPayload},
		{"event that is bytes", packet(t, 2, "c400"), few, parser.InvalidPayload},
		{"event without a name", packet(t, 2, "90"), few, parser.InvalidPayload},
		{"event with nil for a name", packet(t, 2, "91c0"), few, parser.InvalidPayload},
		{"event with bytes for a name", packet(t, 2, "91c400"), few, parser.InvalidPayload},
		{"event with a map for a name", packet(t, 2, "9181a8'toString'a1'x'"), few, parser.InvalidPayload},
		{"reserved name", packet(t, 2, "91aa'disconnect'"), few, parser.ReservedEvent},
		{"acknowledgement without data", unhex(t, "83 a4'type'03 a2'id'01 a3'nsp'a1'/'"), few, parser.InvalidPayload},
		{"too many arguments", packet(t, 2, "94a1'v'010203"), few, parser.TooManyArguments},
		{"too many arguments of an answer", packet(t, 3, "93010203"), few, parser.TooManyArguments},
		{"too deep", packet(t, 2, deep(4)), few, parser.TooDeep},
		{"too deep by default", packet(t, 2, deep(513)), parser.Limits{}, parser.TooDeep},
		{"too deep elsewhere", unhex(t, "81 a1'x'91919190"), few, parser.TooDeep},
		{"too many bytes", packet(t, 2, "93a1'v'c403'abc'c403'def'"), few, parser.AttachmentsTooLarge},
		{"too many binary values", packet(t, 2, "94a1'v'c400c400c400"), few, parser.TooManyAttachments},
		{"too many binary values by default", packet(t, 2, bins(1001)), parser.Limits{}, parser.TooManyAttachments},
		{"look-alike beside binary", packet(t, 2, "93a1'v'c400 82ac'_placeholder'c3a3'num'00"), few, parser.IllegalPlaceholder},
		{"key that is an array", packet(t, 2, "92a1'v'819001"), few, parser.Malformed},
		{"member that is no text", unhex(t, "81 01 01"), few, parser.UnknownType},
		{"member that is bytes", unhex(t, "81 c401'a' 01"), few, parser.Malformed},
		{"something behind", append(packet(t, 2, "91a1'a'"), 0xc0), few, parser.Malformed},
		{"byte that means nothing", packet(t, 2, "92a1'v'c1"), few, parser.Malformed},
	} {
		_, err := decode(c.message, c.limits)
		var e *parser.Error
		if !errors.As(err, &e) || e.Reason != c.want || e.Offset < 0 || e.Offset > len(c.message) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
	if _, _, err := (msgpack.Dialect{}).NewDecoder(parser.Limits{}).Text([]byte("2[]")); err == nil {
		t.Error("text is taken")
	}
}

// A message cut anywhere is refused.
func TestCut(t *testing.T) {
	whole := packet(t, 2, "dc0010 a1'v' c4020102 c5000103 c70200'ab' d40501 cb3ff8000000000000 ca3fc00000 cd0100 d3ffffffffffffffff d903'abc' da0001'x' de0001a1'a'c0 c2 c3 c0 81a1'b'd7000000015d3ef79800")
	if _, err := decode(whole, parser.Limits{}); err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if _, err := decode(whole[:n:n], parser.Limits{}); err == nil {
			t.Errorf("%d bytes of %d are taken", n, len(whole))
		}
	}
}

// A length is only a claim: nothing is allocated for it.
func TestClaimsCostNothing(t *testing.T) {
	most := 1.0 // the error
	if raceEnabled {
		most = 4 // pools give at random there
	}
	for _, claim := range []string{"dcffff", "ddffffffff", "deffff", "dfffffffff", "dbffffffff", "c6ffffffff", "c9ffffffff00"} {
		message := packet(t, 2, "92a1'v'"+claim)
		d := msgpack.Dialect{}.NewDecoder(parser.Limits{})
		var err error
		if n := testing.AllocsPerRun(20, func() { _, _, err = d.Binary(message) }); n > most || err == nil {
			t.Errorf("%s: %v allocations, %v", claim, n, err)
		}
	}
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		return // pools give at random there
	}
	d := msgpack.Dialect{}.NewDecoder(parser.Limits{})
	message := packet(t, 2, "92a1'v' 83a1'a'01a1'b'c3a1'c'cb3ff8000000000000")
	p, _, _ := d.Binary(message)
	var dst []parser.Message
	for _, c := range []struct {
		name string
		max  float64
		do   func()
	}{
		{"decode", 1, func() { d.Binary(message) }},                                     // the JSON
		{"encode", 1, func() { dst, _ = msgpack.Dialect{}.AppendMessages(dst[:0], p) }}, // the message
	} {
		if n := testing.AllocsPerRun(100, c.do); n > c.max {
			t.Errorf("%s: %v allocations, want at most %v", c.name, n, c.max)
		}
	}
}

// What can't be a packet does no harm on its way out.
func TestEncodeBearsAnything(t *testing.T) {
	for _, data := range []string{`"`, `"\`, `[`, `]`, `{{`, `[1 2`, `nul`, `tru]`, `+1`, `[,,]`, `{"a"`, at0, `[` + at1} {
		p := parser.Packet{Type: parser.Event, Data: []byte(data), Attachments: [][]byte{{}}}
		msgpack.Dialect{}.AppendMessages(nil, p)
	}
	_, err := msgpack.Dialect{}.AppendMessages(nil, parser.Packet{Type: parser.Event, Data: []byte(`["a"`), Attachments: make([][]byte, 1001)})
	var e *parser.Error
	if !errors.As(err, &e) || e.Reason != parser.TooManyAttachments {
		t.Error(err)
	}
}
