package parser_test

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
)

var texts = []struct{ name, text string }{
	{"64B", `2["message","` + strings.Repeat("x", 50) + `"]`},
	{"object", `2/chat,12["message",{"id":"0192f0c1","room":"general","from":{"id":7,"name":"Ada"},"text":"hello","tags":["a","b"],"at":1700000000000}]`},
	{"64KiB", `2["message","` + strings.Repeat("x", 64<<10) + `"]`},
	{"numbers", `2["points"` + strings.Repeat(",[12.5,-7,1e3]", 300) + `]`},
	{"deep", `2["deep",` + strings.Repeat("[", 500) + strings.Repeat("]", 501)},
}

func BenchmarkText(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			var d parser.Decoder
			text := []byte(c.text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := d.Text(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSplitEvent(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			var d parser.Decoder
			p, _, _ := d.Text([]byte(c.text))
			args := make([][]byte, 0, 1000)
			b.SetBytes(int64(len(p.Data)))
			b.ReportAllocs()
			for b.Loop() {
				parser.SplitEvent(p.Data, args)
			}
		})
	}
}

func BenchmarkBinary(b *testing.B) {
	var d parser.Decoder
	text, data := []byte(`51-["file",{"_placeholder":true,"num":0}]`), make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		d.Text(text)
		if _, done, _ := d.Binary(data); !done {
			b.Fatal("not done")
		}
	}
}

func BenchmarkAppendText(b *testing.B) {
	p := parser.Packet{Type: parser.Event, Namespace: "/chat", ID: 12, HasID: true, Data: []byte(`["message","hello"]`)}
	dst := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		dst = p.AppendText(dst[:0])
	}
}
