package webtransport

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socketio-go/socketio/engineio/packet"
)

// encode is a frame as it is sent.
func encode(p packet.Packet) []byte { return append(appendHead(nil, p), p.Data...) }

func TestEncode(t *testing.T) {
	for _, tt := range []struct {
		name   string
		packet packet.Packet
		head   string // of the frame, in hexadecimal; the data follows
	}{
		{"a packet without data", packet.Packet{Type: packet.Ping}, "01 32"},
		{"plaintext", packet.Packet{Type: packet.Message, Data: []byte("1€")}, "05 34"},
		{"binary", packet.Packet{Type: packet.Message, Binary: true, Data: []byte{1, 2, 3, 4}}, "84"},
		{"the last of one byte", packet.Packet{Type: packet.Message, Binary: true, Data: make([]byte, 125)}, "fd"},
		{"the first of three", packet.Packet{Type: packet.Message, Binary: true, Data: make([]byte, 126)}, "fe 00 7e"},
		{"the type counts", packet.Packet{Type: packet.Message, Data: make([]byte, 125)}, "7e 00 7e 34"},
		{"the last of three", packet.Packet{Type: packet.Message, Binary: true, Data: make([]byte, 65535)}, "fe ff ff"},
		{"the first of nine", packet.Packet{Type: packet.Message, Binary: true, Data: make([]byte, 65536)}, "ff 00 00 00 00 00 01 00 00"},
		{"empty binary, which can't be a frame", packet.Packet{Type: packet.Message, Binary: true}, "01 62"},
	} {
		head, err := hex.DecodeString(strings.ReplaceAll(tt.head, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := encode(tt.packet), append(head, tt.packet.Data...); !bytes.Equal(got, want) {
			t.Errorf("%s: % x, want % x", tt.name, got[:min(len(got), 16)], want[:min(len(want), 16)])
		}
		if n := len(appendHead(nil, tt.packet)); n > maxHeader+1 {
			t.Errorf("%s: a head of %d bytes", tt.name, n)
		}
	}
}

func TestDecode(t *testing.T) {
	nine := func(n string) string { return "\x7f" + n }
	for _, tt := range []struct {
		name, bytes string
		isBinary    bool
		want        string
		err         error
	}{
		{"plaintext", "\x054" + "1€", false, "41€", nil},
		{"binary", "\x83\x01\x02\x03", true, "\x01\x02\x03", nil},
		{"a length in three bytes that one would do for", "\xfe\x00\x03\x01\x02\x03", true, "\x01\x02\x03", nil},
		{"a length in nine bytes that one would do for", nine("\x00\x00\x00\x00\x00\x00\x00\x01") + "2", false, "2", nil},
		{"as long as allowed", "\x7e\x03\xe8" + strings.Repeat("x", 1000), false, strings.Repeat("x", 1000), nil},
		{"longer than allowed", "\x7e\x03\xe9", false, "", errTooLong},
		{"longer than what JavaScript can count", nine("\x00\x20\x00\x00\x00\x00\x00\x00"), false, "", errTooLong},
		{"longer than what Go can count", nine("\xff\xff\xff\xff\xff\xff\xff\xff"), false, "", errTooLong},
		{"no length", "\x00", false, "", errEmpty},
		{"no length, binary", "\x80", false, "", errEmpty},
		{"no length in three bytes", "\x7e\x00\x00", false, "", errEmpty},
		{"no length in nine bytes", nine("\x00\x00\x00\x00\x00\x00\x00\x00"), false, "", errEmpty},
		{"the end, between frames", "", false, "", io.EOF},
		{"the end, in a length", "\x7e\x00", false, "", io.ErrUnexpectedEOF},
		{"the end, before the length's second part", "\x7e", false, "", io.ErrUnexpectedEOF},
		{"the end, before the data", "\x05", false, "", io.ErrUnexpectedEOF},
		{"the end, in the data", "\x054", false, "", io.ErrUnexpectedEOF},
	} {
		for how, r := range map[string]io.Reader{
			"at once":      strings.NewReader(tt.bytes),
			"byte by byte": iotest.OneByteReader(strings.NewReader(tt.bytes)),
		} {
			d := decoder{r: r, max: 1000}
			isBinary, data, err := d.next()
			if !errors.Is(err, tt.err) || err == nil && (isBinary != tt.isBinary || string(data) != tt.want) {
				t.Errorf("%s, %s: %v %q %v", tt.name, how, isBinary, data, err)
			}
			if _, _, err := d.next(); tt.err == nil && err != io.EOF {
				t.Errorf("%s, %s: then %v", tt.name, how, err)
			}
		}
	}
}

// A client takes an empty binary message as servers of the reference send it; text without a length stays none.
func TestDecodeIsKindToServers(t *testing.T) {
	d := decoder{r: strings.NewReader("\x80\xfe\x00\x00\x814\x00"), max: 1000, kind: true}
	for _, want := range []string{"", "", "4"} {
		if isBinary, data, err := d.next(); err != nil || !isBinary || string(data) != want {
			t.Errorf("%v %q %v, want %q", isBinary, data, err, want)
		}
	}
	if _, _, err := d.next(); err != errEmpty {
		t.Errorf("text: %v", err)
	}
}

// A frame holds as much memory as has come of it, and twice that while it comes.
func TestDecodeGrowsWithTheData(t *testing.T) {
	const size = 1 << 20
	whole := append([]byte{0xff, 0, 0, 0, 0, 0, 16, 0, 0}, make([]byte, size)...)
	n := testing.AllocsPerRun(10, func() {
		d := decoder{r: bytes.NewReader(whole), max: size}
		if _, data, err := d.next(); err != nil || len(data) != size || cap(data) != size {
			t.Fatalf("%d of %d, %v", len(data), cap(data), err)
		}
	})
	if n > 10 {
		t.Errorf("%v allocations", n)
	}
	short := whole[:9+100]
	if got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d := decoder{r: bytes.NewReader(short), max: size}
			d.next()
		}
	}).AllocedBytesPerOp(); got > 2*firstRead {
		t.Errorf("%d bytes for a frame that breaks off", got)
	}
}

// Any bytes: no panic, no more memory than has come, and what is accepted can be written again.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		"\x010", "\x1f0{\"sid\":\"11111111111111111111\"}", "\x062probe\x015\x064hello", "\x83\x01\x02\x03", "\x00", "\x80", "\x01b",
		"\x7e\x00\x06" + "4hello", "\xff\x00\x00\x00\x00\x00\x0f\x42\x40", "\x7f\x00\x20\x00\x00\x00\x00\x00\x01",
		"\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "\x7f\x00\x00\x00\x00\x00\x01\x86\xa1", "\x054\xff\xfe\xed\xa0", "\x03b!!", "\x05bAA==",
	} {
		f.Add([]byte(seed), uint8(1))
	}
	const most = 100_000
	f.Fuzz(func(t *testing.T, stream []byte, piece uint8) {
		tr := &Transport{decoder: decoder{r: &pieces{stream, int(piece)%64 + 1}, max: most}}
		used := 0
		for {
			p, err := tr.next()
			if err != nil {
				return
			}
			if len(p.Data) > most || cap(p.Data) > 4*len(stream)+2*firstRead {
				t.Fatalf("%d bytes, room for %d, from %d", len(p.Data), cap(p.Data), len(stream))
			}
			if used += 2; used > 2*len(stream) {
				t.Fatal("more frames than bytes")
			}
			again := &Transport{decoder: decoder{r: bytes.NewReader(encode(p)), max: 2 * most}}
			q, err := again.next()
			if err != nil || q.Type != p.Type || q.Binary != p.Binary || !bytes.Equal(q.Data, p.Data) {
				t.Fatalf("%+v is written so that it is read as %+v, %v", p, q, err)
			}
		}
	})
}

// pieces gives no more than so many bytes at once.
type pieces struct {
	rest []byte
	most int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), p.most)], p.rest)
	p.rest = p.rest[n:]
	return n, nil
}
