package attack

import (
	"bytes"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// First bytes of frames of a message in pieces.
const (
	firstText   = 0x01
	firstBinary = 0x02
	middle      = 0x00
	last        = 0x80
)

// fragmentAttacks are messages in pieces: in the wrong order, too many, or too large together.
func fragmentAttacks(n sizes) []attack {
	frame := func(first byte, payload string) []byte { return raw.AppendFrame(nil, first, []byte(payload)) }
	cat := func(all ...[]byte) []byte { return bytes.Join(all, nil) }
	pieces := func(n int, payload string) []byte { return bytes.Repeat(frame(middle, payload), n) }
	big := string(make([]byte, 200_000))

	all := join(
		frames("an end without a beginning", frame(last, `421["echo"]`), protocolError),
		frames("a middle without a beginning", frame(middle, `421["echo"]`), protocolError),
		frames("a text inside a text", cat(frame(firstText, "421"), frame(raw.Text, `422["echo"]`)), protocolError),
		frames("a beginning inside a text", cat(frame(firstText, "421"), frame(firstBinary, "a")), protocolError),
		frames("a middle with RSV bits", cat(frame(firstText, "421"), frame(0x40, `["echo"]`)), protocolError),
		frames("an unmasked middle", cat(frame(firstText, "421"), []byte{0x80, 0x00}), protocolError),

		frames("1.2 MB in six pieces", cat(frame(firstText, big), pieces(5, big)), tooBig),
		frames("1.2 MB of binary in six pieces", cat(frame(firstBinary, big), pieces(5, big)), tooBig),
		frames("a piece that overflows the sum", cat(frame(firstText, "4"),
			append([]byte{middle, 0xff, 0x7f}, bytes.Repeat([]byte{0xff}, 7)...), []byte{0x37, 0xfa, 0x21, 0x3d}), tooBig),
		frames("pieces of a byte without end", cat(frame(firstText, "4"), pieces(n.of(300_000), "a")), tooBig, 1008, protocolError),
		frames("empty pieces without end", cat(frame(firstText, "4"), pieces(n.of(300_000), "")), tooBig, 1008, protocolError),
		frames("empty binary pieces without end", cat(frame(firstBinary, ""), pieces(n.of(300_000), "")), tooBig, 1008, protocolError),

		frames("invalid UTF-8 in the second piece", cat(frame(firstText, "4"), frame(last, "\xff")), notUTF8),
		frames("UTF-8 that the last piece leaves open", cat(frame(firstText, "4"), frame(last, "\xe2\x82")), notUTF8),
		frames("UTF-8 that two pieces break", cat(frame(firstText, "4\xe2"), frame(last, "\x28\xa1")), notUTF8),
	)
	return append(all,
		attack{"a character in three pieces is whole", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(cat(frame(firstText, "421[\"echo\",\"\xe2"), frame(middle, "\x82"), frame(raw.Ping, "between"), frame(last, "\xac\"]")))
			wantFrames(t, c, raw.Frame{First: raw.Pong, Payload: []byte("between")}, raw.Frame{First: raw.Text, Payload: []byte(`431["€"]`)})
		}},
		attack{"a message of a thousand pieces is whole", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(cat(frame(firstText, `421["echo","`), pieces(1000, "a"), frame(last, `"]`)))
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte(`431["` + string(bytes.Repeat([]byte("a"), 1000)) + `"]`)})
		}},
		attack{"a beginning that is never ended", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(frame(firstText, `421["echo"`))
			c.Reset()
		}},
	)
}

// joined opens a WebSocket session by hand and joins the default namespace.
func joined(t *testing.T, s *site) *raw.Conn {
	t.Helper()
	c := openRaw(t, s)
	c.Send(raw.AppendFrame(nil, raw.Text, []byte("40")))
	for _, prefix := range []string{`0{"sid":`, `40{"sid":`} {
		f, err := c.Frame()
		if err != nil || !bytes.HasPrefix(f.Payload, []byte(prefix)) {
			t.Fatalf("got %v, %v; want %s…", f, err, prefix)
		}
	}
	return c
}

// wantFrames expects the next frames of the server to be exactly these.
func wantFrames(t *testing.T, c *raw.Conn, want ...raw.Frame) {
	t.Helper()
	for _, w := range want {
		got, err := c.Frame()
		if err != nil {
			t.Fatalf("%v; want %v", err, w)
		}
		if got.First != w.First || !bytes.Equal(got.Payload, w.Payload) {
			t.Fatalf("got %v; want %v", got, w)
		}
	}
}
