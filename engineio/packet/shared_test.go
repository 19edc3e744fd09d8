package packet_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

func shared(size int, text string) *packet.Shared {
	s := packet.NewShared(size)
	s.Fill(append(s.Room(), text...))
	return s
}

// A frame is its head and the data, whoever asks for it first, and however much memory there was.
func TestSharedPacketIsItsFrame(t *testing.T) {
	for _, c := range []struct {
		name string
		size int // asked for
		text string
		head string
	}{
		{"as long as it said", 5, "hello", "\x81\x064"},
		{"shorter than it said", 9, "hello", "\x81\x064"},
		{"longer than it said", 2, strings.Repeat("hello", 100), "\x81\x7e\x01\xf54"},
		{"the longest head", 5, "hello", "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x064"},
		{"a head too long for the room", 5, "hello", "twelve bytes"},
		{"empty", 0, "", "\x81\x014"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shared(c.size, c.text)
			if s.Made(packet.Frame) != nil {
				t.Error("a frame that nobody asked for")
			}
			f := s.Behind(packet.Frame, []byte(c.head))
			if string(f) != c.head+c.text {
				t.Errorf("%q", f)
			}
			if again := s.Behind(packet.Frame, []byte("other")); &again[0] != &f[0] || !bytes.Equal(s.Made(packet.Frame), f) {
				t.Error("another frame the second time")
			}
			// There is one place before the data, so another form is a copy.
			if f := s.Behind(packet.Record, []byte("4")); string(f) != "4"+c.text {
				t.Errorf("%q", f)
			}
			if string(s.Data) != c.text || string(s.Made(packet.Frame)) != c.head+c.text {
				t.Errorf("%q became %q", c.text, s.Data)
			}
		})
	}
}

// A frame of a short packet takes no memory of its own.
func TestSharedPacketIsFramedInPlace(t *testing.T) {
	head := []byte{0x81, 6, '4'}
	if n := testing.AllocsPerRun(100, func() { shared(5, "hello").Behind(packet.Frame, head) }); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

// Two who ask at once get one frame.
func TestSharedPacketIsFramedOnce(t *testing.T) {
	for range 200 {
		s := shared(5, "hello")
		var got [4][]byte
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { got[i] = s.Behind(packet.Frame, []byte("\x81\x064")) })
		}
		wg.Wait()
		for _, f := range got {
			if string(f) != "\x81\x064hello" || &f[0] != &got[0][0] {
				t.Fatalf("%q", got)
			}
		}
	}
}
