package packet_test

import (
	"bytes"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

func BenchmarkParse(b *testing.B) {
	for name, p := range map[string]packet.Packet{
		"text64":     {Type: packet.Message, Data: bytes.Repeat([]byte("x"), 64)},
		"binary1KiB": {Type: packet.Message, Binary: true, Data: bytes.Repeat([]byte{0xff}, 1024)},
	} {
		record := p.AppendRecord(nil)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(record)))
			for b.Loop() {
				if _, err := packet.Parse(record); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendRecord(b *testing.B) {
	for name, p := range map[string]packet.Packet{
		"text64":     {Type: packet.Message, Data: bytes.Repeat([]byte("x"), 64)},
		"binary1KiB": {Type: packet.Message, Binary: true, Data: bytes.Repeat([]byte{0xff}, 1024)},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			dst := make([]byte, 0, p.RecordLen())
			for b.Loop() {
				dst = p.AppendRecord(dst[:0])
			}
			b.SetBytes(int64(len(dst)))
		})
	}
}

func BenchmarkSplitPayload(b *testing.B) {
	b.ReportAllocs()
	record := append([]byte("4"), bytes.Repeat([]byte("x"), 64)...)
	records := make([][]byte, 32)
	for i := range records {
		records[i] = record
	}
	body := packet.AppendPayload(nil, records...)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		for _, err := range packet.SplitPayload(body, 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
