package event_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Received values go out as they came: the JSON byte for byte, but for the numbers of the placeholders, and every
// attachment in its place. Decoding them never panics, and what they decode to can be written.
func FuzzValues(f *testing.F) {
	f.Add([]byte(`["x",1,"a",{"b":[`+ph0+`]},`+ph1+`]`), []byte("one"), []byte("two"))
	f.Add([]byte(`[1,{"_placeholder":true,"num":1.0},{"num":0,"\u005fplaceholder":true}]`), []byte(""), []byte("two"))
	f.Add([]byte(`["{\"_placeholder\":true,\"num\":0}",`+ph0+`,`+ph1+`,"\\"]`), []byte("one"), []byte("two"))
	f.Add([]byte(`[-0,1e400,"\ud83d",{"a":1,"A":2},[[[]]]]`), []byte(nil), []byte(nil))
	f.Fuzz(func(t *testing.T, data, one, two []byte) {
		attachments := [][]byte{one, two}
		switch {
		case parser.Placed(data, 2):
		case parser.Placed(data, 0):
			attachments = nil
		default:
			return
		}
		elements := parser.Elements(data)
		values := event.Values(elements, attachments)
		args := make([]any, len(values))
		for i, v := range values {
			args[i] = v
		}
		out, sent, err := event.AppendArgs(args)
		if err != nil || len(sent) != len(attachments) {
			t.Fatalf("%s: %d attachments, %v", data, len(sent), err)
		}
		again := event.Values(parser.Elements(out), sent)
		if len(again) != len(values) {
			t.Fatalf("%s became %s", data, out)
		}
		for i, v := range values {
			if attachments == nil && !bytes.Equal(v.Raw(), again[i].Raw()) {
				t.Fatalf("%s became %s", v, again[i])
			}
			var a, b any
			errA, errB := v.Decode(&a), again[i].Decode(&b)
			if !reflect.DeepEqual(a, b) || (errA == nil) != (errB == nil) {
				t.Fatalf("%s is %#v, %v; %s is %#v, %v", v, a, errA, again[i], b, errB)
			}
			if errA == nil {
				if _, _, err := event.Marshal(a); err != nil {
					t.Fatalf("%#v: %v", a, err)
				}
			}
			var m mixed
			v.Decode(&m)
			var files []file
			v.Decode(&files)
			var s string
			v.Decode(&s)
			v.Binary()
		}
	})
}

// What is written is read back, through a decoder of packets.
func FuzzRoundTrip(f *testing.F) {
	f.Add("name", "text", 1.5, int64(7), []byte("one"), []byte(nil))
	f.Add("\xff", "a\"\\\u2028", -1e-9, int64(-1), []byte("{"), []byte{0})
	f.Fuzz(func(t *testing.T, name, text string, number float64, whole int64, one, two []byte) {
		if parser.IsReserved(name) {
			return
		}
		type message struct {
			Text   string
			Number float64
			Whole  int64
			File   []byte
			More   map[string]any
		}
		sent := message{text, number, whole, one, map[string]any{"file": two, "text": text, "list": []any{text, nil, true}}}
		data, attachments, err := event.AppendEvent(name, []any{sent, text, two, whole})
		if err != nil || len(attachments) != 3 {
			t.Fatalf("%d attachments, %v", len(attachments), err)
		}
		var d parser.Decoder
		p, done, err := d.Text(parser.Packet{Type: parser.Event, Data: data, Attachments: attachments}.AppendText(nil))
		for _, a := range attachments {
			if err != nil || done {
				break
			}
			p, done, err = d.Binary(a)
		}
		if err != nil || !done {
			t.Fatalf("%s: %v, %v", data, done, err)
		}
		_, elements := parser.EventName(p)
		values := event.Values(elements, p.Attachments)
		var got message
		var gotText string
		var gotTwo []byte
		var gotWhole int64
		for i, dst := range []any{&got, &gotText, &gotTwo, &gotWhole} {
			if err := values[i].Decode(dst); err != nil {
				t.Fatalf("%s: %v", values[i], err)
			}
		}
		if gotWhole != whole || got.Whole != whole || !bytes.Equal(gotTwo, two) || !bytes.Equal(got.File, one) || got.Text != gotText {
			t.Fatalf("%+v, %q, %q, %d", got, gotText, gotTwo, gotWhole)
		}
		if number == number && number-number == 0 && got.Number != number {
			t.Fatalf("%v became %v", number, got.Number)
		}
		if file, ok := got.More["file"].([]byte); !ok || !bytes.Equal(file, two) || got.More["text"] != gotText {
			t.Fatalf("%#v", got.More)
		}
	})
}
