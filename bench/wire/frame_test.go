package wire_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/socketio-go/socketio/bench/wire"
)

// unmasked turns a client's frame into the server's frame with the same payload, byte by byte.
func unmasked(t *testing.T, b []byte) []byte {
	t.Helper()
	head := 2
	switch b[1] &^ 0x80 {
	case 126:
		head = 4
	case 127:
		head = 10
	}
	key, payload := b[head:head+4], bytes.Clone(b[head+4:])
	if bytes.Equal(key, make([]byte, 4)) {
		t.Error("the key is zero: a server need not unmask")
	}
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	out := append(bytes.Clone(b[:head]), payload...)
	out[1] &^= 0x80
	return out
}

func TestFramesComeBack(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 9, 125, 126, 127, 1024, 65535, 65536, 70001} {
		payload := make([]byte, n)
		for i := range payload {
			payload[i] = byte(i * 7)
		}
		client := wire.AppendFrame([]byte("before"), wire.Binary, payload)
		b := append(unmasked(t, client[len("before"):]), "after"...)
		opcode, got, size, err := wire.Frame(b)
		if err != nil || opcode != wire.Binary || !bytes.Equal(got, payload) || string(b[size:]) != "after" {
			t.Errorf("%d bytes: opcode %d, %d bytes, %v, then %q", n, opcode, len(got), err, b[size:])
		}
		for cut := range min(size, 140) {
			if _, _, size, err := wire.Frame(b[:cut]); size != 0 || err != nil {
				t.Fatalf("%d bytes, of which %d are there: %d, %v", n, cut, size, err)
			}
		}
	}
}

func TestFramesThatNoLoadExpects(t *testing.T) {
	for name, tt := range map[string]struct {
		frame []byte
		want  error
	}{
		"a fragment":      {[]byte{0x01, 0}, wire.ErrFragment},
		"compressed":      {[]byte{0xc1, 0}, wire.ErrFragment},
		"masked":          {[]byte{0x81, 0x80, 1, 2, 3, 4}, wire.ErrFragment},
		"longer than all": {[]byte{0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0}, wire.ErrTooLong},
	} {
		if _, _, _, err := wire.Frame(tt.frame); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
