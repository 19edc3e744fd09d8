package event_test

import (
	"testing"

	"github.com/socketio-go/socketio/internal/event"
)

// What is written the short way is what the long way writes, and what has attachments or needs a closer look is left to
// that.
func TestPlainIsTheSame(t *testing.T) {
	came := values(t, `["a\n",{"b": 1},[],null,12]`)
	for _, args := range [][]any{
		{}, {nil}, {"text", "\"quoted\"\u2028", "half\xff"}, {0, -5, int64(1) << 60, true, false},
		{came[0], came[1], came[2], came[3], came[4], event.Value{}},
	} {
		want, _, err := event.AppendArgs(args)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := event.AppendPlain([]byte("before"), args); !ok || string(got) != "before"+string(want) {
			t.Errorf("%v: %q, %v; want %q", args, got, ok, want)
		}
	}
	for _, v := range []any{1.5, []byte("x"), []any{"x"}, struct{}{}, values(t, "["+ph0+"]", []byte("x"))[0]} {
		if got, ok := event.AppendPlain(nil, []any{"a", v}); ok {
			t.Errorf("%T is written as %q", v, got)
		}
	}
}

func BenchmarkAppendPlain(b *testing.B) {
	args := event.ArgsOf(values(b, `["hello world"]`))
	dst := make([]byte, 0, 64)
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dst, _ = event.AppendPlain(dst[:0], args)
		}
	})
	b.Run("lent", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p, err := event.LendArgs(args)
			if err != nil {
				b.Fatal(err)
			}
			dst = append(dst[:0], p.Data...)
			p.Release()
		}
	})
}

func BenchmarkArgs(b *testing.B) {
	vs := values(b, `["hello world"]`)
	b.ReportAllocs()
	for b.Loop() {
		handedOn = event.ArgsOf(vs)
	}
}

var handedOn event.Args
