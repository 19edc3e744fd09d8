package parser_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
)

// The formats of these files are told in testdata/README.md.

type frame struct {
	Text, Repeat, Tail string
	Times              int
	Base64             *[]byte
	Zeros              int
}

func (f frame) bytes() (data []byte, binary bool) {
	switch {
	case f.Base64 != nil:
		return *f.Base64, true
	case f.Zeros > 0:
		return make([]byte, f.Zeros), true
	}
	return []byte(f.Text + strings.Repeat(f.Repeat, f.Times) + f.Tail), false
}

func (f frame) feed(d *parser.Decoder) (parser.Packet, bool, error) {
	data, binary := f.bytes()
	if binary {
		return d.Binary(data)
	}
	return d.Text(data)
}

type wirePacket struct {
	Type, Namespace string
	ID              *string
	Data            *string
	Attachments     [][]byte
}

func (w wirePacket) packet(t testing.TB) parser.Packet {
	t.Helper()
	p := parser.Packet{Namespace: w.Namespace, Attachments: w.Attachments}
	for p.Type.String() != w.Type {
		if p.Type++; p.Type > parser.BinaryAck {
			t.Fatalf("no such type: %q", w.Type)
		}
	}
	if w.ID != nil {
		id, err := strconv.ParseUint(*w.ID, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		p.ID, p.HasID = id, true
	}
	if w.Data != nil {
		p.Data = []byte(*w.Data)
	}
	return p
}

type vector struct {
	Name   string
	Packet wirePacket
	Frames []frame
	Event  *string
	Args   []string
	Reason parser.Reason
}

func load(t testing.TB, name string) (vectors []vector) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "socketio", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return vectors
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

// decode feeds the frames of one packet; each but the last must leave the decoder waiting.
func decode(t *testing.T, d *parser.Decoder, frames []frame) parser.Packet {
	t.Helper()
	for i, f := range frames {
		p, done, err := f.feed(d)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		if last := i == len(frames)-1; done != last {
			t.Fatalf("frame %d of %d: done is %v", i, len(frames), done)
		} else if last {
			return p
		}
	}
	return parser.Packet{}
}

func TestEncode(t *testing.T) {
	var d parser.Decoder // one for all: packets leave nothing behind
	for _, v := range load(t, "encode.json") {
		t.Run(v.Name, func(t *testing.T) {
			want := v.Packet.packet(t)
			if text := want.AppendText([]byte("before")); string(text) != "before"+v.Frames[0].Text {
				t.Errorf("AppendText = %s, want %s", text, "before"+v.Frames[0].Text)
			}
			if got := decode(t, &d, v.Frames); !equal(got, want) {
				t.Errorf("decoded %+v, want %+v", got, want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	var d parser.Decoder
	for _, v := range load(t, "decode.json") {
		t.Run(v.Name, func(t *testing.T) {
			want, got := v.Packet.packet(t), decode(t, &d, v.Frames)
			if !equal(got, want) {
				t.Errorf("decoded %+v, want %+v", got, want)
			}
			if v.Event == nil {
				return
			}
			name, args := parser.EventName(got)
			if name != *v.Event {
				t.Errorf("event %q, want %q", name, *v.Event)
			}
			if got := string(bytes.Join(args, []byte("\n"))); len(args) != len(v.Args) || got != strings.Join(v.Args, "\n") {
				t.Errorf("arguments %s, want %s", args, v.Args)
			}
			if all := parser.Elements(got.Data); len(all) != 1+len(args) {
				t.Errorf("%d elements, want %d: %s", len(all), 1+len(args), all)
			}
		})
	}
}

func TestReject(t *testing.T) {
	for _, v := range load(t, "reject.json") {
		t.Run(v.Name, func(t *testing.T) {
			var d parser.Decoder
			for i, f := range v.Frames {
				p, done, err := f.feed(&d)
				if i < len(v.Frames)-1 {
					if err != nil {
						t.Fatalf("frame %d: %v", i, err)
					}
					continue
				}
				var e *parser.Error
				if !errors.As(err, &e) || e.Reason != v.Reason {
					t.Errorf("%v, want %s", err, v.Reason)
				}
				if done || p.Data != nil || p.Attachments != nil {
					t.Errorf("a packet came with the error: %+v", p)
				}
			}
			if d.Pending() {
				t.Error("the refused packet is kept")
			}
		})
	}
}
