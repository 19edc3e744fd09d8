package packet_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

var reasons = map[string]error{"type": packet.ErrType, "base64": packet.ErrBase64, "records": packet.ErrRecords}

func load(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "engineio", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

type record struct {
	Name, Record, Type string
	Text, Base64       *string
}

func (r record) packet(t testing.TB) packet.Packet {
	t.Helper()
	for typ := packet.Open; typ <= packet.Noop; typ++ {
		if typ.String() != r.Type {
			continue
		}
		if r.Base64 == nil {
			return packet.Packet{Type: typ, Data: []byte(*r.Text)}
		}
		data, err := base64.StdEncoding.DecodeString(*r.Base64)
		if err != nil {
			t.Fatal(err)
		}
		return packet.Packet{Type: typ, Binary: true, Data: data}
	}
	t.Fatalf("no such type: %q", r.Type)
	return packet.Packet{}
}

func equal(a, b packet.Packet) bool {
	return a.Type == b.Type && a.Binary == b.Binary && bytes.Equal(a.Data, b.Data)
}

func TestRecords(t *testing.T) {
	var vectors []record
	load(t, "records.json", &vectors)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			want := v.packet(t)
			got, err := packet.Parse([]byte(v.Record))
			if err != nil || !equal(got, want) {
				t.Errorf("Parse(%q) = %+v, %v; want %+v", v.Record, got, err, want)
			}
			if text := want.AppendRecord([]byte("before")); string(text) != "before"+v.Record {
				t.Errorf("AppendRecord = %q, want %q", text, "before"+v.Record)
			}
			if n := want.RecordLen(); n != len(v.Record) {
				t.Errorf("RecordLen = %d, want %d", n, len(v.Record))
			}
		})
	}
}

func TestPayloads(t *testing.T) {
	var vectors []struct {
		Name, Payload string
		Records       []string
	}
	load(t, "payloads.json", &vectors)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			var records [][]byte
			for _, r := range v.Records {
				records = append(records, []byte(r))
			}
			if got := packet.AppendPayload(nil, records...); string(got) != v.Payload {
				t.Errorf("AppendPayload = %q, want %q", got, v.Payload)
			}
			i := 0
			for p, err := range packet.SplitPayload([]byte(v.Payload), 0) {
				if err != nil {
					t.Fatal(err)
				}
				if got := p.AppendRecord(nil); string(got) != v.Records[i] {
					t.Errorf("record %d = %q, want %q", i, got, v.Records[i])
				}
				i++
			}
			if i != len(v.Records) {
				t.Errorf("%d packets, want %d", i, len(v.Records))
			}
		})
	}
}

func TestRejects(t *testing.T) {
	var vectors []struct {
		Name, Payload, Repeat, Reason string
		Times, Good                   int
	}
	load(t, "reject.json", &vectors)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			want, ok := reasons[v.Reason]
			if !ok {
				t.Fatalf("no such reason: %q", v.Reason)
			}
			good := 0
			var last error
			for _, err := range packet.SplitPayload([]byte(v.Payload+strings.Repeat(v.Repeat, v.Times)), 0) {
				if last != nil {
					t.Fatal("went on after an error")
				}
				if last = err; err == nil {
					good++
				}
			}
			if !errors.Is(last, want) || good != v.Good {
				t.Errorf("%d packets, then %v; want %d, then %v", good, last, v.Good, want)
			}
		})
	}
}

// Every byte that is neither a type digit nor b is refused, on its own and with data.
func TestOnlySevenTypes(t *testing.T) {
	for c := range 256 {
		known := c >= '0' && c <= '6' || c == 'b'
		for _, tail := range []string{"", "AAAA"} {
			_, err := packet.Parse(append([]byte{byte(c)}, tail...))
			if known != (err == nil) {
				t.Errorf("Parse(%q%q): %v", byte(c), tail, err)
			}
		}
	}
}

func TestRecordLimit(t *testing.T) {
	full := []byte("6" + strings.Repeat("\x1e6", packet.MaxRecords-1))
	n := 0
	for _, err := range packet.SplitPayload(full, 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != packet.MaxRecords {
		t.Errorf("%d packets of %d", n, packet.MaxRecords)
	}
	for p, err := range packet.SplitPayload([]byte("4a\x1e4b\x1e4c"), 2) {
		if !errors.Is(err, packet.ErrRecords) {
			t.Errorf("limit of 2: got %+v, %v", p, err)
		}
	}
}

func TestSplitStopsWhenAsked(t *testing.T) {
	n := 0
	for range packet.SplitPayload([]byte("4a\x1e4b\x1eabc"), 0) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d packets after a break", n)
	}
}

// Text data is a view of the input, so appending to it must not reach the next record.
func TestDataDoesNotReachTheNextRecord(t *testing.T) {
	body := []byte("4a\x1e4b")
	var got []string
	for p := range packet.SplitPayload(body, 0) {
		got = append(got, string(p.Data))
		_ = append(p.Data, "!!!"...)
	}
	if strings.Join(got, ",") != "a,b" {
		t.Errorf("messages %q", got)
	}
}

func TestAllocations(t *testing.T) {
	text, binary := []byte("4"+strings.Repeat("x", 100)), []byte("b"+strings.Repeat("AAAA", 100))
	payload := packet.AppendPayload(nil, text, text, text)
	dst := make([]byte, 0, 1024)
	msg := packet.Packet{Type: packet.Message, Data: text[1:]}
	bin := packet.Packet{Type: packet.Message, Binary: true, Data: text[1:]}
	for name, c := range map[string]struct {
		max float64
		do  func()
	}{
		"parse text":    {0, func() { packet.Parse(text) }},
		"parse binary":  {1, func() { packet.Parse(binary) }},
		"append text":   {0, func() { msg.AppendRecord(dst) }},
		"append binary": {0, func() { bin.AppendRecord(dst) }},
		"split": {0, func() {
			for range packet.SplitPayload(payload, 0) {
			}
		}},
	} {
		if n := testing.AllocsPerRun(100, c.do); n > c.max {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.max)
		}
	}
}

// All receivers of a prepared packet see one and the same wire form, also when they ask at once.
func TestPreparedKeepsOneForm(t *testing.T) {
	p := packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte("hello")})
	got := make([][]byte, 16)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			got[i] = p.Form(packet.Record, func(p packet.Packet) []byte { return p.AppendRecord(nil) })
		})
	}
	wg.Wait()
	for _, b := range got {
		if string(b) != "4hello" || &b[0] != &got[0][0] {
			t.Fatalf("form %q at %p, first one at %p", b, b, got[0])
		}
	}
	frame := p.Form(packet.Frame, func(packet.Packet) []byte { return []byte("frame") })
	again := p.Form(packet.Frame, func(packet.Packet) []byte { t.Error("built twice"); return nil })
	if string(frame) != "frame" || string(again) != "frame" {
		t.Errorf("forms are mixed up: %q, %q", frame, again)
	}
}
