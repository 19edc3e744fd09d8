package deflate_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/internal/deflate"
)

// noise can't be compressed.
func noise(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	r.Read(b)
	return b
}

func TestMessageRoundTrip(t *testing.T) {
	in := deflate.NewInflater()
	for level := range 10 {
		c := deflate.NewCompressor(level)
		for _, n := range []int{300, 1000, 32 << 10, 32<<10 + 1, 64 << 10, 100_001} {
			want := []byte(strings.Repeat("what we say, we say again. ", n/27+1)[:n])
			m := c.Message(want, 10)
			if len(m) >= n+10 || len(m) < 11 || !bytes.Equal(m[:10], make([]byte, 10)) {
				t.Fatalf("level %d: %d bytes become %d", level, n, len(m))
			}
			got, err := in.Message(m[10:], n)
			if err != nil || !bytes.Equal(got, want) || cap(got) != n {
				t.Fatalf("level %d: %d bytes become %d (cap %d), %v", level, n, len(got), cap(got), err)
			}
			if _, err := in.Message(m[10:], n-1); err != deflate.ErrTooLarge {
				t.Fatalf("level %d, one byte less than needed: %v", level, err)
			}
		}
	}
}

// What compressing does not make smaller is not compressed.
func TestMessageThatDoesNotShrink(t *testing.T) {
	c := deflate.NewCompressor(0)
	for _, n := range []int{0, 1, 100, 100_000} {
		if m := c.Message(noise(n), 0); m != nil {
			t.Errorf("%d bytes of noise become %d", n, len(m))
		}
	}
}

// The examples of RFC 7692 section 7.2.3: all say Hello, in one block or two, stored, and in a block that is the last.
func TestExamplesOfTheSpecification(t *testing.T) {
	in := deflate.NewInflater()
	for _, m := range []string{
		"\xf2\x48\xcd\xc9\xc9\x07\x00",
		"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
		"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
		"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
	} {
		if got, err := in.Message([]byte(m), 5); err != nil || string(got) != "Hello" {
			t.Errorf("% x: %q, %v", m, got, err)
		}
	}
	// The second message of a sender that keeps its context refers to the first: we never agree to that.
	if got, err := in.Message([]byte("\xf2\x00\x11\x00\x00"), 5); !errors.Is(err, deflate.ErrCorrupt) {
		t.Errorf("a message that needs the one before: %q, %v", got, err)
	}
}

// Blocks go on after one that says it is the last, and see what came before it; but not for ever.
func TestBlocksAfterTheLast(t *testing.T) {
	in := deflate.NewInflater()
	stream := func(parts ...string) []byte {
		var b bytes.Buffer
		said := ""
		for _, p := range parts {
			w, _ := flate.NewWriterDict(&b, 9, []byte(said))
			w.Write([]byte(p))
			w.Close()
			said += p
		}
		return append(b.Bytes(), 0)
	}
	long := string(noise(20_000))
	for _, parts := range [][]string{{"a", "b"}, {"hello ", "hello ", "hello"}, {long, long, long}, {"", "", ""}} {
		want := strings.Join(parts, "")
		got, err := in.Message(stream(parts...), len(want))
		if err != nil || string(got) != want {
			t.Errorf("%d parts: %d of %d bytes, %v", len(parts), len(got), len(want), err)
		}
	}
	if _, err := in.Message(bytes.Repeat([]byte{0x03, 0x00}, 500_000), 1_000_000); err != deflate.ErrCorrupt {
		t.Errorf("half a million last blocks: %v", err)
	}
}

// A message that is cut, or changed, is an error or another message: no panic, and never more than allowed.
func TestDamage(t *testing.T) {
	in := deflate.NewInflater()
	text := []byte(strings.Repeat("Habe nun, ach! Philosophie, Juristerei und Medizin. ", 40))
	whole := deflate.NewCompressor(0).Message(text, 0)
	for n := range whole {
		if got, err := in.Message(whole[:n], len(text)); err == nil && n > 0 {
			t.Errorf("cut after %d bytes: %d bytes", n, len(got))
		}
	}
	for i := range whole {
		for bit := range 8 {
			bad := bytes.Clone(whole)
			bad[i] ^= 1 << bit
			got, err := in.Message(bad, len(text))
			if err != nil && err != deflate.ErrCorrupt && err != deflate.ErrTooLarge || len(got) > len(text) {
				t.Errorf("bit %d of byte %d: %d bytes, %v", bit, i, len(got), err)
			}
		}
	}
}

// A bomb is given up at the limit, and leaves nothing behind.
func TestBombIsGivenUpAtTheLimit(t *testing.T) {
	// 64 MiB of zeros: a piece of 1 MiB, again and again.
	bomb := bytes.Repeat(append(deflate.NewCompressor(0).Message(make([]byte, 1<<20), 0), 0, 0, 0xff, 0xff), 64)
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	in := deflate.NewInflater()
	in.Message(bomb, 1_000_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := in.Message(bomb, 1_000_000); err != deflate.ErrTooLarge {
				t.Error(err)
			}
		})
	}
	all.Wait()
	runtime.ReadMemStats(&after)
	// A megabyte for each processor at the most, were the pool empty.
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(8+2*runtime.GOMAXPROCS(0))<<20; !raceEnabled && got > most {
		t.Errorf("50 bombs allocate %d bytes", got)
	}
}

func TestBody(t *testing.T) {
	c := deflate.NewCompressor(0)
	for _, want := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("abc"), 100_000), noise(5000)} {
		if r, err := gzip.NewReader(bytes.NewReader(c.Body(want, deflate.Gzip))); err != nil {
			t.Error(err)
		} else if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("gzip: %d of %d bytes, %v", len(got), len(want), err)
		}
		if r, err := zlib.NewReader(bytes.NewReader(c.Body(want, deflate.Deflate))); err != nil {
			t.Error(err)
		} else if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("deflate: %d of %d bytes, %v", len(got), len(want), err)
		}
	}
}

func TestAccepted(t *testing.T) {
	for header, want := range map[string]deflate.Coding{
		"":                               deflate.Identity,
		"gzip":                           deflate.Gzip,
		"GZip":                           deflate.Gzip,
		"deflate":                        deflate.Deflate,
		"deflate, gzip":                  deflate.Gzip,
		"gzip, deflate, br":              deflate.Gzip,
		"br":                             deflate.Identity,
		"identity":                       deflate.Identity,
		"gzip;q=0":                       deflate.Identity,
		"gzip; Q=0.000, deflate":         deflate.Deflate,
		"gzip;q=0.5, deflate;q=0.8":      deflate.Deflate,
		"gzip;q=0.8,deflate;q=0.8":       deflate.Gzip,
		"*":                              deflate.Gzip,
		"*;q=0":                          deflate.Identity,
		"gzip;q=0, *":                    deflate.Deflate,
		"gzip;q=0, deflate;q=0, *":       deflate.Identity,
		"identity;q=1, *;q=0":            deflate.Identity,
		"gzip;q=nan":                     deflate.Identity,
		"gzip;q=2":                       deflate.Identity,
		"gzip;q=":                        deflate.Identity,
		"gzip;level=9;q=0.1":             deflate.Gzip,
		"gzipped, xgzip, not-deflate":    deflate.Identity,
		",,;;=, gzip ,":                  deflate.Gzip,
		strings.Repeat("a;q=1,", 100000): deflate.Identity,
	} {
		if got := deflate.Accepted([]string{header}); got != want {
			t.Errorf("%.60q: %q, want %q", header, got, want)
		}
	}
	if got := deflate.Accepted(nil); got != deflate.Identity {
		t.Errorf("without the header: %q", got)
	}
	if got := deflate.Accepted([]string{"br", "gzip;q=0.1", "deflate;q=0.2"}); got != deflate.Deflate {
		t.Errorf("in three lines: %q", got)
	}
}

func TestLevels(t *testing.T) {
	for _, level := range []int{-2, -1, 10} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("level %d is taken", level)
				}
			}()
			deflate.NewCompressor(level)
		}()
	}
}

// Whatever the bytes: an answer, and never more than allowed.
func FuzzInflate(f *testing.F) {
	c := deflate.NewCompressor(0)
	f.Add(c.Message([]byte(strings.Repeat("hello ", 100)), 0))
	f.Add([]byte("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"))
	f.Add([]byte("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"))
	f.Add(bytes.Repeat([]byte{0x03, 0x00}, 2000))
	in := deflate.NewInflater()
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 10_000
		got, err := in.Message(data, limit)
		switch {
		case err == nil && len(got) <= limit:
			if len(got) == 0 {
				return
			}
			if m := c.Message(got, 0); m != nil {
				if again, err := in.Message(m, limit); err != nil || !bytes.Equal(again, got) {
					t.Fatalf("%q again: %q, %v", got, again, err)
				}
			}
		case err != deflate.ErrCorrupt && err != deflate.ErrTooLarge || got != nil:
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	})
}

// BenchmarkMessage is a message of 4 KiB of JSON, out and in.
func BenchmarkMessage(b *testing.B) {
	data := []byte(strings.Repeat(`{"user":"Ann","text":"what we say, we say again"},`, 4<<10/50))
	c, in := deflate.NewCompressor(0), deflate.NewInflater()
	small := c.Message(data, 0)
	b.Run("compress", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			c.Message(data, 0)
		}
	})
	b.Run("inflate", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			in.Message(small, len(data))
		}
	})
}
