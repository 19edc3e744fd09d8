package packet_test

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

func text3(s string) packet.Packet { return packet.Packet{Type: packet.Message, Data: []byte(s)} }
func bytes3(s string) packet.Packet {
	return packet.Packet{Type: packet.Message, Binary: true, Data: []byte(s)}
}

// Each packet of protocol 3 in its four wire forms: alone, as text and (if it is binary) as bytes, and as a record of
// either kind of payload.
func TestForms3(t *testing.T) {
	for _, tt := range []struct {
		name                             string
		packet                           packet.Packet
		text, bytes, record, bytesRecord string
	}{
		{"ping", packet.Packet{Type: packet.Ping}, "2", "", "1:2", "\x00\x01\xff2"},
		{"probe", packet.Packet{Type: packet.Ping, Data: []byte("probe")}, "2probe", "", "6:2probe", "\x00\x06\xff2probe"},
		{"text", text3("hello"), "4hello", "", "6:4hello", "\x00\x06\xff4hello"},
		{"empty text", text3(""), "4", "", "1:4", "\x00\x01\xff4"},
		{"one UTF-16 unit, two bytes", text3("é"), "4é", "", "2:4é", "\x00\x03\xff4é"},
		{"one UTF-16 unit, three bytes", text3("€"), "4€", "", "2:4€", "\x00\x04\xff4€"},
		{"two UTF-16 units, four bytes", text3("😀"), "4😀", "", "3:4😀", "\x00\x05\xff4😀"},
		{"a colon", text3("1:2"), "41:2", "", "4:41:2", "\x00\x04\xff41:2"},
		{"binary", bytes3("\x01\x02\x03\x04"), "b4AQIDBA==", "\x04\x01\x02\x03\x04", "10:b4AQIDBA==", "\x01\x05\xff\x04\x01\x02\x03\x04"},
		{"no bytes", bytes3(""), "b4", "\x04", "2:b4", "\x01\x01\xff\x04"},
		{"a length of three digits", bytes3(strings.Repeat("\xff", 150)), "b4" + strings.Repeat("/", 200),
			"\x04" + strings.Repeat("\xff", 150), "202:b4" + strings.Repeat("/", 200), "\x01\x01\x05\x01\xff\x04" + strings.Repeat("\xff", 150)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := func(form, got, want string) {
				t.Helper()
				if got != "before"+want {
					t.Errorf("%s %q, want %q", form, got, want)
				}
			}
			before := func() []byte { return []byte("before") }
			check("text", string(tt.packet.AppendText3(before())), tt.text)
			check("record", string(tt.packet.AppendRecord3(before())), tt.record)
			check("binary record", string(tt.packet.AppendBytesRecord3(before())), tt.bytesRecord)
			if n := tt.packet.TextLen3(); n != len(tt.text) {
				t.Errorf("TextLen3 = %d, want %d", n, len(tt.text))
			}
			if p, err := packet.Parse3([]byte(tt.text)); err != nil || !equal(p, tt.packet) {
				t.Errorf("Parse3(%q) = %+v, %v", tt.text, p, err)
			}
			if tt.packet.Binary {
				check("bytes", string(tt.packet.AppendBytes3(before())), tt.bytes)
				if p, err := packet.ParseBytes3([]byte(tt.bytes)); err != nil || !equal(p, tt.packet) {
					t.Errorf("ParseBytes3(%q) = %+v, %v", tt.bytes, p, err)
				}
			}
			// Twice in a payload, so that it is seen where the first ends.
			for body, split := range map[string]splitter{
				tt.record + tt.record: packet.SplitPayload3, tt.bytesRecord + tt.bytesRecord: packet.SplitBytesPayload3,
			} {
				ps, err := all(split, body, 0)
				if err != nil || !slices.EqualFunc(ps, []packet.Packet{tt.packet, tt.packet}, equal) {
					t.Errorf("%q is %+v, %v", body, ps, err)
				}
			}
		})
	}
}

// A binary packet that is no message is only its type and data.
func TestOnlyMessagesAreBinary3(t *testing.T) {
	want := packet.Packet{Type: packet.Ping, Data: []byte("a")}
	if p, err := packet.Parse3([]byte("b2YQ==")); err != nil || !equal(p, want) {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := packet.ParseBytes3([]byte("\x02a")); err != nil || !equal(p, want) {
		t.Errorf("%+v, %v", p, err)
	}
}

// A text that is not UTF-8 is written as its receiver would read it, so that the length fits.
func TestLengthOfWhatIsNoText3(t *testing.T) {
	if got := string(text3("a\xffb").AppendRecord3(nil)); got != "4:4a\uFFFDb" {
		t.Errorf("%q", got)
	}
}

func TestRejects3(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		bytes      bool
		good       int
		err        error
	}{
		{"nothing", "", false, 0, packet.ErrLength},
		{"no bytes are no packets", "", true, 0, nil},
		{"records without a packet are no packets", "0:1:20:", false, 1, nil},
		{"binary records without a packet are no packets", "\x00\x00\xff\x01\x00\xff\x00\x01\xff2", true, 1, nil},
		{"no length", ":4a", false, 0, packet.ErrLength},
		{"no colon", "abc", false, 0, packet.ErrLength},
		{"a length and nothing else", "6", false, 0, packet.ErrLength},
		{"a negative length", "-1:4", false, 0, packet.ErrLength},
		{"a length with an exponent", "1e0:4", false, 0, packet.ErrLength},
		{"a length with a blank", " 1:4", false, 0, packet.ErrLength},
		{"longer than there is", "1:27:4hello", false, 1, packet.ErrLength},
		{"a length without end", strings.Repeat("9", 400), false, 0, packet.ErrLength},
		{"a length beyond all", "9999999999:4", false, 0, packet.ErrLength},
		{"half a surrogate pair", "1:22:4😀", false, 1, packet.ErrLength},
		{"an unknown type", "1:21:7", false, 1, packet.ErrType},
		{"an unknown type in base64", "2:b9", false, 0, packet.ErrType},
		{"base64 without a type", "1:b", false, 0, packet.ErrType},
		{"the binary form of protocol 4", "9:bAQIDBA==", false, 0, packet.ErrType},
		{"bad base64", "5:b4AQ*", false, 0, packet.ErrBase64},
		{"one record more than allowed", strings.Repeat("1:6", 16385), false, 0, packet.ErrRecords},
		{"empty records, one more than allowed", strings.Repeat("0:", 16385), false, 0, packet.ErrRecords},
		{"as many records as allowed", strings.Repeat("1:6", 16384), false, 16384, nil},
		{"bad before there are too many", "x" + strings.Repeat("1:6", 16385), false, 0, packet.ErrLength},

		{"binary: no length", "\x00\xff4", true, 0, packet.ErrLength},
		{"binary: a flag and nothing else", "\x00", true, 0, packet.ErrLength},
		{"binary: no end of the length", "\x00\x01\x01", true, 0, packet.ErrLength},
		{"binary: a digit of ten", "\x00\x0a\xff4hello4hell", true, 0, packet.ErrLength},
		{"binary: digits of a text", "\x001\xff4", true, 0, packet.ErrLength},
		{"binary: longer than there is", "\x00\x01\xff2\x00\x06\xff4hell", true, 1, packet.ErrLength},
		{"binary: a length without end", "\x01" + strings.Repeat("\x09", 400) + "\xff", true, 0, packet.ErrLength},
		{"binary: an unknown type", "\x01\x02\xff\x07a", true, 0, packet.ErrType},
		{"binary: an unknown type of a text", "\x00\x02\xff7a", true, 0, packet.ErrType},
		{"binary: what is no text", "\x00\x02\xff4\xff", true, 0, packet.ErrUTF8},
		{"binary: one record more than allowed", strings.Repeat("\x00\x01\xff6", 16385), true, 0, packet.ErrRecords},
		{"binary: as many records as allowed", strings.Repeat("\x00\x01\xff6", 16384), true, 16384, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			split := packet.SplitPayload3
			if tt.bytes {
				split = packet.SplitBytesPayload3
			}
			ps, err := all(split, tt.body, 0)
			if len(ps) != tt.good || !errors.Is(err, tt.err) {
				t.Errorf("%d packets and %v, want %d and %v", len(ps), err, tt.good, tt.err)
			}
			for range split([]byte(tt.body), 0) {
				break // and nothing comes after that
			}
		})
	}
	for _, b := range []string{"", "\x07", "\xff"} {
		if p, err := packet.ParseBytes3([]byte(b)); !errors.Is(err, packet.ErrType) {
			t.Errorf("ParseBytes3(%q) = %+v, %v", b, p, err)
		}
	}
}

type splitter = func(body []byte, max int) iter.Seq2[packet.Packet, error]

// all are the good packets of a payload, and what is wrong with the next.
func all(split splitter, body string, max int) (ps []packet.Packet, err error) {
	for p, err := range split([]byte(body), max) {
		if err != nil {
			return ps, err
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// Each of the forms of protocol 3 is built once, as those of protocol 4 are, and who has none pays nothing for them.
func TestPreparedKeepsForms3(t *testing.T) {
	p := packet.Prepare(bytes3("\x01"))
	for _, f := range []packet.Form{packet.Frame, packet.Frame3, packet.TextFrame3, packet.Record3, packet.BytesRecord3} {
		build := func(packet.Packet) []byte { return []byte{byte(f)} }
		first := p.Form(f, build)
		if again := p.Form(f, build); &first[0] != &again[0] || first[0] != byte(f) {
			t.Errorf("form %d was built twice", f)
		}
	}
}

// What is accepted is written again as the same packets, in both kinds of payload.
func FuzzPayload3(f *testing.F) {
	f.Add([]byte("6:4hello10:b4AQIDBA==1:2"), false)
	f.Add([]byte("3:4😀0:2:4é"), false)
	f.Add([]byte("\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04"), true)
	f.Add([]byte("\x00\x05\xff4😀\x01\x01\xff\x04"), true)
	f.Fuzz(func(t *testing.T, body []byte, binary bool) {
		split := packet.SplitPayload3
		if binary {
			split = packet.SplitBytesPayload3
		}
		const max = 100
		ps, err := all(split, string(body), max)
		if len(ps) > max {
			t.Fatalf("%d packets", len(ps))
		}
		var text, bin []byte
		for _, p := range ps {
			if p.Type > packet.Noop || p.Binary && p.Type != packet.Message {
				t.Fatalf("%q gives %+v", body, p)
			}
			p.Data = bytes.ToValidUTF8(p.Data, []byte("?")) // of a text; binary stays binary whatever its bytes
			text = p.AppendRecord3(text)
			bin = p.AppendBytesRecord3(bin)
		}
		if len(ps) == 0 {
			return
		}
		for again, split := range map[string]splitter{string(text): packet.SplitPayload3, string(bin): packet.SplitBytesPayload3} {
			qs, err2 := all(split, again, max)
			if err2 != nil || len(qs) != len(ps) {
				t.Fatalf("%q (%v) is written as %q: %d packets and %v, want %d", body, err, again, len(qs), err2, len(ps))
			}
			for i := range qs {
				ps[i].Data = bytes.ToValidUTF8(ps[i].Data, []byte("?"))
				if !equal(qs[i], ps[i]) {
					t.Fatalf("%q: packet %d is %+v, then %+v", body, i, ps[i], qs[i])
				}
			}
		}
	})
}
