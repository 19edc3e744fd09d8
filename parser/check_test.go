package parser_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
)

// What a decoder returns is what Check lets pass.
func TestCheckPassesWhatIsDecoded(t *testing.T) {
	for _, file := range []string{"encode.json", "decode.json"} {
		for _, v := range load(t, file) {
			if err := v.Packet.packet(t).Check(parser.Limits{}); err != nil {
				t.Errorf("%s: %v", v.Name, err)
			}
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	const at0 = `{"_placeholder":true,"num":0}`
	few := parser.Limits{Attachments: 2, AttachmentBytes: 4, Arguments: 2, Depth: 3}
	p := func(kind parser.Type, namespace, data string, attachments ...string) parser.Packet {
		p := parser.Packet{Type: kind, Namespace: namespace, Data: []byte(data)}
		for _, a := range attachments {
			p.Attachments = append(p.Attachments, []byte(a))
		}
		return p
	}
	for _, c := range []struct {
		packet parser.Packet
		want   parser.Reason
	}{
		{p(parser.Event, "/", `["a",`+at0+`]`, "1234"), ""},
		{p(parser.Connect, "/", `{"key":`+at0+`}`, "1234"), ""},
		{p(parser.BinaryEvent, "/", `["a"]`), parser.UnknownType},
		{p(parser.Event, "", `["a"]`), parser.IllegalNamespace},
		{p(parser.Event, "a", `["a"]`), parser.IllegalNamespace},
		{p(parser.Event, "/", `["a",`+at0+`]`, "12345"), parser.AttachmentsTooLarge},
		{p(parser.Event, "/", `["a"]`, "", "", ""), parser.TooManyAttachments},
		{p(parser.Event, "/", `["a"]`, ""), parser.IllegalPlaceholder},
		{p(parser.Event, "/", `["a",`+at0+`,`+at0+`]`, ""), parser.IllegalPlaceholder},
		{p(parser.Event, "/", `["a",1,2,3]`), parser.TooManyArguments},
		{p(parser.Event, "/", `["a",[[[]]]]`), parser.TooDeep},
		{p(parser.Event, "/", `["connect"]`), parser.ReservedEvent},
		{p(parser.Event, "/", `[null]`), parser.InvalidPayload},
		{p(parser.Event, "/", `["a"`), parser.InvalidPayload},
		{p(parser.Ack, "/", ``), parser.InvalidPayload},
		{p(parser.Disconnect, "/", `{}`), parser.InvalidPayload},
	} {
		if got := reason(c.packet.Check(few)); got != c.want {
			t.Errorf("%s %s %q: %q, want %q", c.packet.Type, c.packet.Namespace, c.packet.Data, got, c.want)
		}
	}
}

// The dialect that every client speaks is the text of the packet and its attachments.
func TestJSONDialect(t *testing.T) {
	for _, v := range load(t, "encode.json") {
		ms, err := parser.JSON{}.AppendMessages(nil, v.Packet.packet(t))
		same := slices.EqualFunc(ms, v.Frames, func(m parser.Message, f frame) bool {
			data, binary := f.bytes()
			return m.Binary == binary && string(m.Data) == string(data)
		})
		if err != nil || !same {
			t.Errorf("%s: %+v, %v", v.Name, ms, err)
		}
		d := parser.JSON{}.NewDecoder(parser.Limits{})
		for i, m := range ms {
			take := d.Text
			if m.Binary {
				take = d.Binary
			}
			p, done, err := take(m.Data)
			if err != nil || done != (i == len(ms)-1) || done && !equal(p, v.Packet.packet(t)) {
				t.Errorf("%s: message %d: %+v, %t, %v", v.Name, i, p, done, err)
			}
		}
	}
	p := parser.Packet{Type: parser.Event, Data: []byte(`["a"` + strings.Repeat(`,{}`, 11) + `]`), Attachments: make([][]byte, 11)}
	if _, err := (parser.JSON{}).AppendMessages(nil, p); reason(err) != parser.TooManyAttachments {
		t.Errorf("eleven attachments: %v", err)
	}
}
