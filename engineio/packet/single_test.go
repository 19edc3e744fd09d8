package packet_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

// A packet for one receiver shows nothing of the packet that had its memory before, and one that is kept stays as it is.
func TestMemoryOfAPacketForOneIsUsedAgain(t *testing.T) {
	kept := packet.NewSingle(5)
	kept.Packet = packet.Packet{Type: packet.Message, Data: append(kept.Room(), "keep "...)}
	kept.Keep()
	kept.Release()
	for i := range 100 {
		p := packet.NewSingle(100)
		if p.Type != packet.Open || p.Data != nil || p.Binary || p.NoCompress || !p.Single || len(p.Room()) != 0 || cap(p.Room()) < 100 {
			t.Fatalf("a new packet is %+v", p)
		}
		text := fmt.Sprintf("number %d", i)
		p.Packet = packet.Packet{Type: packet.Message, Data: append(p.Room(), text...)}
		p.NoCompress = i%2 == 0
		got := p.Form(packet.Record, func(p packet.Packet) []byte { return p.AppendRecord(nil) })
		if string(got) != "4"+text {
			t.Fatalf("the record is %q", got)
		}
		if list := p.List(); len(list) != 1 || list[0] != p {
			t.Fatalf("the list is %v", list)
		}
		p.Release()
	}
	if !bytes.Equal(kept.Data, []byte("keep ")) {
		t.Errorf("what was kept is %q", kept.Data)
	}
	shared := packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte("x")})
	shared.Release()
	shared.Keep()
	if string(shared.Data) != "x" {
		t.Error("a shared packet was given back")
	}
}
