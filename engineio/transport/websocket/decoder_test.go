package websocket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// clientFrame is a frame as a client sends it.
func clientFrame(first byte, payload []byte) []byte {
	b := appendHeader(nil, ws.OpCode(first&0x0f), len(payload))
	b[0], b[1] = first, b[1]|0x80
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	n := len(b)
	b = append(b, payload...)
	ws.Cipher(b[n:], mask, 0)
	return b
}

func testDecoder(max int) *decoder {
	return &decoder{o: (&Options{MaxMessage: max}).WithDefaults()}
}

// decode feeds stream in pieces that next chooses, and lists what comes out.
func decode(d *decoder, stream []byte, next func(rest int) int) (got []string, err error) {
	for len(stream) > 0 {
		n := next(len(stream))
		p := bytes.Clone(stream[:n]) // as a read buffer, which does not stay
		stream = stream[n:]
		buffer := new(readBuffer)
		for len(p) > 0 {
			var m message
			m, p, err = d.next(p, buffer)
			if err != nil {
				return got, err
			}
			if m.op != 0 {
				got = append(got, fmt.Sprintf("%x:%s", byte(m.op), m.data))
			}
		}
	}
	return got, nil
}

// Messages that were read together share memory, and nobody can see it: not by reading, not by appending.
func TestMessagesReadTogether(t *testing.T) {
	var stream []byte
	var want [][]byte
	for n := range 40 {
		text := bytes.Repeat([]byte{byte('a' + n%26)}, n*7%(short+9))
		want = append(want, text)
		stream = append(stream, clientFrame(0x82, text)...)
	}
	d, buffer := testDecoder(1<<10), new(readBuffer)
	var got [][]byte
	for rest := stream; len(rest) > 0; {
		m, r, err := d.next(rest, buffer)
		if err != nil {
			t.Fatal(err)
		}
		if rest = r; m.op != 0 {
			got = append(got, m.data)
			_ = append(m.data, "overwritten?"...)
		}
	}
	clear(stream)
	if len(got) != len(want) {
		t.Fatalf("%d messages", len(got))
	}
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			t.Errorf("message %d is %q instead of %q", i, got[i], want[i])
		}
	}
}

func all(rest int) int { return rest }

// A stream that is cut at any bytes says the same as in one piece.
func TestDecoderResumes(t *testing.T) {
	var stream []byte
	for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 100_000} {
		stream = append(stream, clientFrame(0x82, bytes.Repeat([]byte{byte(n), 7}, n/2+1)[:n])...)
	}
	stream = append(stream, clientFrame(0x01, []byte("fra"))...)
	stream = append(stream, clientFrame(0x89, []byte("ping"))...)
	stream = append(stream, clientFrame(0x00, nil)...)
	stream = append(stream, clientFrame(0x00, []byte("g\xe2\x82"))...)
	stream = append(stream, clientFrame(0x8a, nil)...)
	stream = append(stream, clientFrame(0x80, []byte("\xacment"))...)
	stream = append(stream, clientFrame(0x88, []byte("\x03\xe8"))...)

	want, err := decode(testDecoder(1<<20), stream, all)
	if err != nil || len(want) != 12 || want[8] != "9:ping" || want[9] != "a:" || want[10] != "1:frag€ment" {
		t.Fatalf("%d messages, %v", len(want), err)
	}
	for _, size := range []int{1, 2, 3, 13, 14, 1000, 16 << 10} {
		got, err := decode(testDecoder(1<<20), stream, func(rest int) int { return min(size, rest) })
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("in pieces of %d: %d messages, %v", size, len(got), err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		got, err := decode(testDecoder(1<<20), stream, func(rest int) int { return 1 + random.IntN(min(rest, 3000)) })
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%d messages, %v", len(got), err)
		}
	}
}

// Reading straight into a long message gives the same bytes as going through a buffer.
func TestDecoderSpace(t *testing.T) {
	payload := make([]byte, 300_000)
	for i := range payload {
		payload[i] = byte(i * 7)
	}
	d := testDecoder(1 << 20)
	stream := clientFrame(0x82, payload)
	m, rest, err := d.step(stream[:1000])
	if m.op != 0 || len(rest) != 0 || err != nil {
		t.Fatal(m.op, len(rest), err)
	}
	stream = stream[1000:]
	direct := 0
	for len(stream) > 0 {
		if dst := d.space(); dst != nil {
			n := copy(dst[:min(len(dst), 5000)], stream)
			d.filled(n)
			direct += n
			stream = stream[n:]
			m, _, err = d.step(nil)
		} else {
			n := min(len(stream), 3000)
			m, _, err = d.step(stream[:n])
			stream = stream[n:]
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if m.op != ws.OpBinary || !bytes.Equal(m.data, payload) {
		t.Error("the message is not what was sent")
	}
	if direct < 250_000 {
		t.Errorf("only %d bytes went straight", direct)
	}
}

// Announcing a long message takes little memory; sending it takes it.
func TestDecoderTrust(t *testing.T) {
	d := testDecoder(100 << 20)
	head := []byte{0x82, 0xff}
	head = binary.BigEndian.AppendUint64(head, 50<<20)
	head = append(head, 0, 0, 0, 0, 'x')
	if _, _, err := d.step(head); err != nil {
		t.Fatal(err)
	}
	if c := cap(d.data); c > firstTrust {
		t.Errorf("%d bytes for one that came", c)
	}
	for have := 1; have < 10<<20; {
		n := copy(d.space(), make([]byte, 10_000))
		if n == 0 {
			t.Fatal("no space")
		}
		d.filled(n)
		have += n
		if c := cap(d.data); c > max(firstTrust, 2*have) {
			t.Fatalf("%d bytes for %d that came", c, have)
		}
	}
	// Who has sent a long message is trusted with the length of it.
	d = testDecoder(100 << 20)
	if _, err := decode(d, clientFrame(0x82, make([]byte, 200_000)), all); err != nil {
		t.Fatal(err)
	}
	d.step(clientFrame(0x82, make([]byte, 200_000))[:20])
	if c := cap(d.data); c < 200_000 {
		t.Errorf("%d bytes for a message like the last", c)
	}
}

// A message in fragments has one growing buffer, and a limit on bytes and on fragments, also empty ones.
func TestDecoderFragments(t *testing.T) {
	code := func(err error) int {
		var ce *CloseError
		if errors.As(err, &ce) {
			return ce.Code
		}
		return 0
	}
	flood := func(part []byte) (d *decoder, frames int, err error) {
		d = testDecoder(1_000_000)
		_, err = decode(d, clientFrame(0x01, part), all)
		for frames = 1; err == nil && frames < 300_000; frames++ {
			_, err = decode(d, clientFrame(0x00, part), all)
		}
		return d, frames, err
	}
	if _, n, err := flood([]byte("a")); code(err) != CodePolicy || n != 16385 {
		t.Errorf("one byte each: %v after %d", err, n)
	}
	if _, n, err := flood(nil); code(err) != CodePolicy || n != 16385 {
		t.Errorf("empty: %v after %d", err, n)
	}
	d, n, err := flood(make([]byte, 1000))
	if code(err) != CodeTooBig || n != 1001 || cap(d.data) > 2_000_000 {
		t.Errorf("1,000 bytes each: %v after %d, %d bytes held", err, n, cap(d.data))
	}
	// The count is that of a message, not of the connection.
	d = testDecoder(1000)
	for range 20_000 {
		if _, err := decode(d, append(clientFrame(0x01, nil), clientFrame(0x80, nil)...), all); err != nil {
			t.Fatal(err)
		}
	}
	// The running sum can't overflow.
	d = testDecoder(1000)
	if _, err := decode(d, clientFrame(0x02, make([]byte, 999)), all); err != nil {
		t.Fatal(err)
	}
	head := append(binary.BigEndian.AppendUint64([]byte{0x00, 0xff}, 1<<64-500), 0, 0, 0, 0)
	if _, _, err := d.step(head); code(err) != CodeTooBig {
		t.Errorf("overflow: %v", err)
	}
}

func TestParseClose(t *testing.T) {
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		if e := parseClose(binary.BigEndian.AppendUint16(nil, uint16(code))); !e.Peer || e.Code != code {
			t.Errorf("%d: %v", code, e)
		}
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		if e := parseClose(binary.BigEndian.AppendUint16(nil, uint16(code))); e.Peer || e.Code != CodeProtocolError {
			t.Errorf("%d: %v", code, e)
		}
	}
	if e := parseClose(nil); !e.Peer || e.Code != CodeNoStatus {
		t.Error(e)
	}
	if e := parseClose([]byte("\x03\xe8bye")); !e.Peer || e.Reason != "bye" {
		t.Error(e)
	}
}

// Whatever the bytes: no panic, the same result however they are cut, and no more memory than twice what came.
func FuzzDecoder(f *testing.F) {
	f.Add(clientFrame(0x81, []byte("4hello")), uint8(3))
	f.Add(append(clientFrame(0x01, []byte("a")), clientFrame(0x80, []byte("b"))...), uint8(1))
	f.Add(append(clientFrame(0x89, []byte("p")), clientFrame(0x88, []byte("\x03\xe8"))...), uint8(2))
	f.Add([]byte{0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, uint8(5))
	f.Add([]byte{0xf0, 0}, uint8(1))
	for _, attack := range []string{
		"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00", "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00",
		"\xb1\x82\x01\x02\x03\x04ab", "\xc1\x81\x00\x00\x00\x00a", "\x81\x01a", "\x81\xfe\x00\x05\x00\x00\x00\x00hello", "\x89\xfe\x00\x7e\x00\x00\x00\x00", "\x09\x80\x00\x00\x00\x00", "\x80\x80\x00\x00\x00\x00",
		"\x88\x81\x00\x00\x00\x00x", "\x88\x82\x00\x00\x00\x00\x03\xed", "\x83\x80\x00\x00\x00\x00", "\x01\x80\x00\x00\x00\x00" + strings.Repeat("\x00\x80\x00\x00\x00\x00", 100),
		"\x81\x81\x00\x00\x00\x00\xff", "\x81\x83\x00\x00\x00\x00\xed\xa0\x80", "\x81\x82\x00\x00\x00\x00\xc0\xaf", "\x01\x81\x00\x00\x00\x00\xe2\x80\x80\x00\x00\x00\x00",
	} {
		f.Add([]byte(attack), uint8(2))
	}
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		const limit = 4096
		whole := testDecoder(limit)
		want, werr := decode(whole, stream, all)
		pieces := testDecoder(limit)
		got, gerr := decode(pieces, stream, func(rest int) int { return min(rest, int(size)+1) })
		if strings.Join(got, "|") != strings.Join(want, "|") || fmt.Sprint(gerr) != fmt.Sprint(werr) {
			t.Fatalf("in one piece %q %v, in many %q %v", want, werr, got, gerr)
		}
		var ce *CloseError
		if werr != nil && !errors.As(werr, &ce) {
			t.Fatalf("error without a code: %v", werr)
		}
		for _, d := range []*decoder{whole, pieces} {
			if len(d.data) > limit || cap(d.data) > max(firstTrust, 2*limit) {
				t.Fatalf("%d of %d bytes held", len(d.data), cap(d.data))
			}
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	for _, size := range []int{48, 1024} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			d := testDecoder(1 << 20)
			stream := bytes.Repeat(clientFrame(0x81, bytes.Repeat([]byte("x"), size)), 8)
			buffer := new(readBuffer)
			b.ReportAllocs()
			for b.Loop() {
				buffer.spare = nil
				for rest := stream; len(rest) > 0; {
					_, rest, _ = d.next(rest, buffer)
				}
			}
		})
	}
}
