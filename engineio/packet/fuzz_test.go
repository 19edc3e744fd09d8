package packet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

// A record that parses is the one spelling of its packet.
func FuzzParse(f *testing.F) {
	var vectors []record
	load(f, "records.json", &vectors)
	for _, v := range vectors {
		f.Add([]byte(v.Record))
	}
	f.Add([]byte("abc"))
	f.Add([]byte("bAB=="))
	f.Add([]byte("bAQID\nBA=="))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := packet.Parse(text)
		if err != nil {
			return
		}
		if p.Type > packet.Noop || p.Binary && p.Type != packet.Message {
			t.Fatalf("%q gives %+v", text, p)
		}
		if again := p.AppendRecord(nil); !bytes.Equal(again, text) {
			t.Fatalf("%q is written as %q", text, again)
		}
		if p.RecordLen() != len(text) {
			t.Fatalf("%q: RecordLen %d", text, p.RecordLen())
		}
	})
}

// A payload that is read to its end is its packets joined again, and never has more packets than allowed.
func FuzzSplitPayload(f *testing.F) {
	f.Add([]byte("4hello\x1ebAQIDBA==\x1e2probe"), 0)
	f.Add([]byte("\x1e\x1e\x1e"), 2)
	f.Add([]byte("6\x1e6\x1e6"), 3)
	for _, attack := range []string{
		strings.Repeat("\x1e", 20_000), strings.Repeat("6\x1e", 16_384), "4" + strings.Repeat("2", 5000), "42222\x1e\x1e4", "b\x1e", "bAB==\x1e4", "bAQID\nBA==", "\x00\x01\x02\xff",
		"4\xff\xfe\x1e4\xed\xa0\x80", "7\x1e8", "{\x1e[", "0{\"sid\":\"__proto__\"}", "451-[\"echo\",{\"_placeholder\":true,\"num\":\"splice\"}]\x1eb", "1\x1e1\x1e4after",
	} {
		f.Add([]byte(attack), 0)
	}
	f.Fuzz(func(t *testing.T, body []byte, max int) {
		var records [][]byte
		var failed bool
		for p, err := range packet.SplitPayload(body, max) {
			if failed {
				t.Fatal("went on after an error")
			}
			if failed = err != nil; !failed {
				records = append(records, p.AppendRecord(nil))
			}
		}
		if limit := max; limit > 0 && len(records) > limit || len(records) > packet.MaxRecords && limit <= 0 {
			t.Fatalf("%d packets, limit %d", len(records), limit)
		}
		again := packet.AppendPayload(nil, records...)
		if !failed && !bytes.Equal(again, body) || !bytes.HasPrefix(body, again) {
			t.Fatalf("%q is written as %q", body, again)
		}
	})
}
