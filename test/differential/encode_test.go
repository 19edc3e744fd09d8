package differential

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// thing is a packet before it has been encoded, by either side.
type thing struct {
	kind      parser.Type
	namespace string
	id        int64 // -1 is none
	args      []any // of an EVENT, its name first, and of an ACK; one for the others, or none
}

// thing makes one that both sides can say.
func (g generator) thing() thing {
	p := thing{namespace: g.pick("/", "/", "/admin", "/é?token=1", "/a/b"), id: -1, kind: parser.Type(g.IntN(5))}
	binaries := 10
	switch p.kind {
	case parser.Connect, parser.ConnectError:
		if p.kind == parser.ConnectError || g.one(2) {
			binaries = 0
			p.args = []any{g.goObject(3, &binaries)}
		}
	case parser.Event:
		name := g.goText()
		if parser.IsReserved(name) {
			name = "message"
		}
		p.args = append([]any{name}, g.goList(4, &binaries)...)
		if g.one(2) {
			p.id = g.Int64N(1 << 53)
		}
	case parser.Ack:
		p.args = g.goList(4, &binaries)
		p.id = g.Int64N(1 << 53)
	}
	return p
}

func (g generator) goText() string {
	s := ""
	for range g.IntN(6) {
		s += g.pick("a", "é", "€", "😀", "\u2028", "\x00", "\x1f", "\x7f", `"`, `\`, "/", "<", "\ufeff", "\ufffd", "_placeholder", "\n")
	}
	return s
}

func (g generator) goValue(depth int, binaries *int) any {
	switch n := g.IntN(10); {
	case n == 0:
		return nil
	case n == 1:
		return g.one(2)
	case n <= 3:
		return g.goText()
	case n == 4:
		return g.IntN(1000) - 500
	case n == 5 && g.one(2):
		f := []float64{0, math.Copysign(0, -1), 1.5, 1e21, 1e-7, 5e-324, math.MaxFloat64, math.NaN(), math.Inf(1), g.NormFloat64() * 1e10}
		return f[g.IntN(len(f))]
	case n <= 6 && *binaries > 0:
		*binaries--
		b := make([]byte, g.IntN(5))
		for i := range b {
			b[i] = byte(g.Uint32())
		}
		return b
	case n == 7 && depth > 0:
		return g.goList(depth-1, binaries)
	case n >= 8 && depth > 0:
		return g.goObject(depth-1, binaries)
	}
	return "x"
}

func (g generator) goList(depth int, binaries *int) []any {
	list := []any{}
	for range g.IntN(4) {
		list = append(list, g.goValue(depth, binaries))
	}
	return list
}

func (g generator) goObject(depth int, binaries *int) map[string]any {
	o := map[string]any{}
	for range g.IntN(4) {
		name := g.pick("a", "b", "1", "01", "__proto__", "constructor", "num", "é", "", "length")
		if g.noProto && name == "__proto__" {
			name = "prototype"
		}
		o[name] = g.goValue(depth, binaries)
	}
	return o
}

// word is how the packet looks when it has been decoded.
func (p thing) word() string {
	id := "-"
	if p.id >= 0 {
		id = fmt.Sprint(p.id)
	}
	data := "u"
	switch p.kind {
	case parser.Event, parser.Ack:
		data = word(asJavaScript(p.args), nil)
	default:
		if len(p.args) > 0 {
			data = word(asJavaScript(p.args[0]), nil)
		}
	}
	return fmt.Sprintf("%d %s %s %s", p.kind, quoted(p.namespace), id, data)
}

// asJavaScript is a value as JSON.stringify and JSON.parse leave it.
func asJavaScript(v any) any {
	switch v := v.(type) {
	case string:
		return text(utf16.Encode([]rune(v)))
	case int:
		return float64(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return null{}
		}
		return v + 0 // -0 becomes 0
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = asJavaScript(v[i])
		}
		return list
	case map[string]any:
		o := object{}
		for name, member := range v {
			o[quoted(name)] = asJavaScript(member)
		}
		return o
	}
	return v
}

// encode is how we send it.
func (p thing) encode(t *testing.T) []frame {
	t.Helper()
	q := parser.Packet{Type: p.kind, Namespace: p.namespace}
	if p.id >= 0 {
		q.ID, q.HasID = uint64(p.id), true
	}
	var err error
	switch {
	case p.kind == parser.Event:
		q.Data, q.Attachments, err = event.AppendEvent(p.args[0].(string), p.args[1:])
	case p.kind == parser.Ack:
		q.Data, q.Attachments, err = event.AppendArgs(p.args)
	case len(p.args) > 0:
		q.Data, _, err = event.Marshal(p.args[0])
	}
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	frames := []frame{{data: q.AppendText(nil)}}
	for _, a := range q.Attachments {
		frames = append(frames, binaryFrame(a))
	}
	return frames
}

// What we encode, the JavaScript parser decodes to the same.
func TestEncode(t *testing.T) {
	n := size(5_000, 200_000)
	start := time.Now()
	first := seed(t)
	made, expected := newGenerator(first, 1), newGenerator(first, 1)
	wrong, attachments := 0, 0
	ask(t, n, func(int) []any {
		q := []any{"d"}
		for _, f := range made.thing().encode(t) {
			q = append(q, f)
		}
		return q
	}, func(i int, answer string) {
		p := expected.thing()
		got := words(answer)
		attachments += len(got) - 1
		if want := p.word(); got[len(got)-1] != want {
			if wrong++; wrong <= 10 {
				t.Errorf("packet %d, %+v: sent as %s, is read as\n%s, want\n%s", i, p, show(p.encode(t)), got[len(got)-1], want)
			}
		}
	})
	result(t, start, "%d packets of ours with %d attachments, decoded there: %d not the same", n, attachments, wrong)
	if attachments < n/10 {
		t.Errorf("only %d attachments in %d packets", attachments, n)
	}
}

// revivable is a value as parser.js wants it, with binary told from objects.
func revivable(v any) any {
	switch v := v.(type) {
	case []byte:
		return map[string]string{"$": base64.StdEncoding.EncodeToString(v)}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = revivable(v[i])
		}
		return list
	case map[string]any:
		o := map[string]any{}
		for name, member := range v {
			o[name] = revivable(member)
		}
		return o
	}
	return v
}

// What the JavaScript parser encodes, ours decodes to the same.
func TestDecodeWhatTheOtherEncodes(t *testing.T) {
	n := size(5_000, 200_000)
	start := time.Now()
	first := seed(t)
	made, expected := newGenerator(first, 2), newGenerator(first, 2)
	made.noProto, expected.noProto = true, true // their encoder loses it
	wrong, attachments := 0, 0
	ask(t, n, func(int) []any {
		p := made.thing()
		var id, data any
		if p.id >= 0 {
			id = p.id
		}
		switch {
		case p.kind == parser.Event, p.kind == parser.Ack:
			data = []any{revivable(p.args)}
		case len(p.args) > 0:
			data = []any{revivable(p.args[0])}
		}
		return []any{"e", p.kind, p.namespace, id, data}
	}, func(i int, answer string) {
		p := expected.thing()
		var frames []frame
		if err := json.Unmarshal([]byte(answer), &frames); err != nil {
			t.Fatal(err)
		}
		attachments += len(frames) - 1
		got := decode(frames)
		if want := p.word(); got[len(got)-1] != want {
			if wrong++; wrong <= 10 {
				t.Errorf("packet %d, sent as %s, is read as\n%s, want\n%s", i, show(frames), got[len(got)-1], want)
			}
		}
	})
	result(t, start, "%d packets of theirs with %d attachments, decoded here: %d not the same", n, attachments, wrong)
	if attachments < n/10 {
		t.Errorf("only %d attachments in %d packets", attachments, n)
	}
}
