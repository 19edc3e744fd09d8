package websocket

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
)

// squeeze compresses as a client does.
func squeeze(data []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write(data)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// expand inflates what a server sent.
func expand(t testing.TB, data []byte) string {
	t.Helper()
	b, err := io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(data), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// bomb is what n MiB of zeros are compressed to.
func bomb(n int) []byte {
	return bytes.Repeat(append(squeeze(make([]byte, 1<<20)), 0, 0, 0xff, 0xff), n)
}

func deflateDecoder(max int) *decoder {
	return &decoder{o: (&Options{MaxMessage: max, Deflate: &Deflate{}}).WithDefaults(), deflate: true}
}

func closeCode(err error) int {
	var ce *CloseError
	if errors.As(err, &ce) {
		return ce.Code
	}
	return 0
}

// A compressed message may come in fragments, with control frames between them, cut at any byte, and beside messages
// that are not compressed.
func TestDecoderInflates(t *testing.T) {
	long := strings.Repeat("Und so fortan! ", 10_000)
	small := squeeze([]byte(long))
	var stream []byte
	add := func(first byte, payload []byte) { stream = append(stream, clientFrame(first, payload)...) }
	add(0xc1, squeeze([]byte("Hello")))
	add(0x81, []byte("plain"))
	add(0xc2, small)
	add(0x41, small[:10])
	add(0x89, []byte("ping"))
	add(0x00, small[10:11])
	add(0x00, nil)
	add(0x80, small[11:])
	add(0xc1, squeeze(nil))
	add(0xc1, []byte("\xf3\x48\xcd\xc9\xc9\x07\x00\x00")) // the block says it is the last

	want := []string{"1:Hello", "1:plain", "2:" + long, "9:ping", "1:" + long, "1:", "1:Hello"}
	for _, size := range []int{1, 2, 7, 100, 1 << 20} {
		got, err := decode(deflateDecoder(len(long)), stream, func(rest int) int { return min(size, rest) })
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("in pieces of %d: %d messages, %v", size, len(got), err)
		}
	}
}

func TestDecoderRefuses(t *testing.T) {
	hello := squeeze([]byte("Hello"))
	frames := func(parts ...any) (stream []byte) {
		for i := 0; i < len(parts); i += 2 {
			payload, _ := parts[i+1].([]byte)
			stream = append(stream, clientFrame(byte(parts[i].(int)), payload)...)
		}
		return stream
	}
	for _, tt := range []struct {
		name   string
		stream []byte
		code   int
	}{
		{"RSV1 on a continuation", frames(0x41, hello[:2], 0xc0, hello[2:]), CodeProtocolError},
		{"RSV1 on the continuation of a plain message", frames(0x01, hello[:2], 0xc0, hello[2:]), CodeProtocolError},
		{"RSV1 on a ping", frames(0xc9, hello), CodeProtocolError},
		{"RSV1 on a pong", frames(0xca, hello), CodeProtocolError},
		{"RSV1 on a close frame", frames(0xc8, nil), CodeProtocolError},
		{"RSV2", frames(0xa1, hello), CodeProtocolError},
		{"RSV3", frames(0x91, hello), CodeProtocolError},
		{"RSV1 and RSV2", frames(0xe1, hello), CodeProtocolError},
		{"RSV1 on an unknown opcode", frames(0xc3, hello), CodeProtocolError},
		{"a new message inside a compressed one", frames(0x41, hello, 0xc1, hello), CodeProtocolError},
		{"noise", frames(0xc2, []byte{0xff, 0xff, 0xff, 0xff}), CodeInvalidData},
		{"cut short", frames(0xc2, hello[:3]), CodeInvalidData},
		{"invalid UTF-8", frames(0xc1, squeeze([]byte("\xff"))), CodeInvalidData},
		{"a surrogate", frames(0xc1, squeeze([]byte("a\xed\xa0\x80"))), CodeInvalidData},
		{"one byte too long", frames(0xc2, squeeze(make([]byte, 1001))), CodeTooBig},
		{"a bomb", frames(0xc2, bomb(64)[:1000]), CodeTooBig},
		{"too long in compressed form", binary.BigEndian.AppendUint16([]byte{0xc2, 0xfe}, 1001), CodeTooBig},
	} {
		stream := append(tt.stream, 0, 0, 0, 0)
		if _, err := decode(deflateDecoder(1000), stream, all); closeCode(err) != tt.code {
			t.Errorf("%s: %v, want %d", tt.name, err, tt.code)
		}
	}
	for _, stream := range [][]byte{frames(0xc1, hello), frames(0x41, hello)} {
		if _, err := decode(testDecoder(1000), stream, all); closeCode(err) != CodeProtocolError {
			t.Errorf("RSV1 without the extension: %v", err)
		}
	}
	if got, err := decode(deflateDecoder(1000), frames(0xc2, squeeze(make([]byte, 1000))), all); err != nil || len(got) != 1 {
		t.Errorf("as long as allowed: %v", err)
	}
}

// The library's extension offers agree with us on the wire: messages are compressed both ways, when it pays.
func TestConnDeflates(t *testing.T) {
	o := &Options{Deflate: &Deflate{Threshold: 100}}
	long := strings.Repeat("Habe nun, ach! ", 20)
	s, nc := tcpPair(t)
	c := acceptedWith(t, s, nc, o, echo, "permessage-deflate; client_max_window_bits")
	for _, tt := range []struct {
		first   byte
		payload string
	}{
		{0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00"}, // Hello
		{0xc1, string(squeeze([]byte(long)))},
		{0x82, long},
		{0xc2, string(squeeze(bytes.Repeat([]byte(long), 10_000)[:1_000_000]))},
	} {
		c.send(tt.first, tt.payload)
		plain := tt.payload
		if tt.first&0x40 != 0 {
			plain = expand(t, []byte(plain))
		}
		h, err := ws.ReadHeader(c.r)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, h.Length)
		io.ReadFull(c.r, b)
		got := string(b)
		if compressed := len(plain) >= 100; compressed {
			if h.Rsv != 4 || len(b) >= len(plain) {
				t.Errorf("%d bytes come as %+v", len(plain), h)
			}
			got = expand(t, b)
		} else if h.Rsv != 0 {
			t.Errorf("%d bytes come as %+v", len(plain), h)
		}
		if got != plain || !h.Fin || h.OpCode != ws.OpCode(tt.first&0x0f) {
			t.Errorf("%.40q comes back as %+v %.40q", plain, h, got)
		}
	}
	c.send(0xc2, string(bomb(64)))
	c.want(ws.OpClose, "\x03\xf1")
	c.wantEnd()
}

// A packet is compressed once; which form of it a peer gets is the same each time it is asked for.
func TestTransportFrames(t *testing.T) {
	o := (&Options{Deflate: &Deflate{}}).WithDefaults()
	peer := func(deflate bool) *Transport {
		t := new(Transport)
		t.o, t.decoder.o, t.decoder.deflate = o, o, deflate
		return t
	}
	prepare := func(binary bool, data string) *packet.Prepared {
		return packet.Prepare(packet.Packet{Type: packet.Message, Binary: binary, Data: []byte(data)})
	}
	one, two, plain := peer(true), peer(true), peer(false)
	long := strings.Repeat("x", 1024)
	for _, binary := range []bool{false, true} {
		p := prepare(binary, long)
		f := one.frame(p)
		if f[0]&0x70 != 0x40 || &f[0] != &two.frame(p)[0] || one.frameLen(p) != len(f) {
			t.Errorf("% .10x is not one compressed frame for all", f)
		}
		if f := plain.frame(p); f[0]&0x70 != 0 || len(f) < 1024 {
			t.Errorf("% .10x for a peer without the extension", f)
		}
		p = prepare(binary, long)
		p.NoCompress = true
		for _, p := range []*packet.Prepared{p, prepare(binary, long[1:]), prepare(binary, noise(2000))} {
			if f, same := one.frame(p), one.frame(p); f[0]&0x70 != 0 || &f[0] != &same[0] || &f[0] != &plain.frame(p)[0] {
				t.Errorf("% .10x for what is not to be compressed", f)
			}
		}
	}
}

// noise is text that can't be compressed to less.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b.WriteByte(byte(x))
	}
	return b.String()
}

// Whatever the bytes with the extension on: no panic, the same result however they are cut, no message above the limit.
func FuzzDeflateDecoder(f *testing.F) {
	hello := squeeze([]byte(strings.Repeat("hello ", 50)))
	f.Add(clientFrame(0xc1, hello), uint8(3))
	f.Add(append(clientFrame(0x42, hello[:4]), clientFrame(0x80, hello[4:])...), uint8(1))
	f.Add(append(clientFrame(0xc2, squeeze(make([]byte, 5000))), clientFrame(0x81, []byte("4hello"))...), uint8(2))
	f.Add(clientFrame(0xc9, hello), uint8(5))
	f.Add(clientFrame(0xc1, []byte{0x03, 0, 0x03, 0}), uint8(1))
	o := (&Options{MaxMessage: 4096, Deflate: &Deflate{}}).WithDefaults()
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		want, werr := decode(&decoder{o: o, deflate: true}, stream, all)
		got, gerr := decode(&decoder{o: o, deflate: true}, stream, func(rest int) int { return min(rest, int(size)+1) })
		if strings.Join(got, "|") != strings.Join(want, "|") || fmt.Sprint(gerr) != fmt.Sprint(werr) {
			t.Fatalf("in one piece %q %v, in many %q %v", want, werr, got, gerr)
		}
		if werr != nil && closeCode(werr) == 0 {
			t.Fatalf("error without a code: %v", werr)
		}
		for _, m := range want {
			if len(m) > len("2:")+o.MaxMessage {
				t.Fatalf("a message of %d bytes", len(m))
			}
		}
	})
}
