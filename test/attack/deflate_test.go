package attack

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// First bytes of frames of a compressed message (RFC 7692, section 6).
const (
	squeezedText   = 0xc1
	squeezedBinary = 0xc2
)

// squeeze compresses a message as permessage-deflate sends it (RFC 7692, section 7.2.1).
func squeeze(data []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write(data)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// bomb is what n MiB of zeros are compressed to.
func bomb(n int) []byte {
	return bytes.Repeat(append(squeeze(make([]byte, 1<<20)), 0, 0, 0xff, 0xff), n)
}

// openDeflate makes a WebSocket handshake with the extension, and reads the open packet.
func openDeflate(t *testing.T, s *site) *raw.Conn {
	t.Helper()
	c, err := raw.Dial(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.Send(raw.Handshake(raw.WebSocketTarget, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
	r, err := c.Response()
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Sec-WebSocket-Extensions"); r.Status != 101 || !strings.HasPrefix(got, "permessage-deflate") {
		t.Fatalf("%d, extensions %q", r.Status, got)
	}
	return c
}

// deflateAttacks are frames on a connection that agreed to compression. The servers under test have it on.
func deflateAttacks() []attack {
	frame := func(first byte, payload []byte) []byte { return raw.AppendFrame(nil, first, payload) }
	event := []byte(`421["echo"]`)
	deflated := func(name string, hostile []byte, codes ...int) attack {
		return attack{name, func(t *testing.T, s *site) {
			c := openDeflate(t, s)
			c.Send(hostile)
			wantEnd(t, s, c, codes)
		}}
	}
	stored := append([]byte{0x00, 0xff, 0xff, 0x00, 0x00}, make([]byte, 1000)...) // 65,535 bytes announced
	return []attack{
		deflated("a bomb of 64 MiB", frame(squeezedText, bomb(64)), tooBig),
		deflated("a bomb of 1 GiB", frame(squeezedBinary, bomb(1024)), tooBig),
		deflated("a bomb in fragments", bytes.Join([][]byte{frame(0x42, bomb(32)), frame(middle, bomb(32)), frame(last, nil)}, nil), tooBig),
		deflated("one byte too many", frame(squeezedText, squeeze(bytes.Repeat([]byte("4"), maxPayload+1))), tooBig),
		deflated("noise", frame(squeezedText, bytes.Repeat([]byte{0xff}, 10_000)), notUTF8),
		deflated("a stored block cut short", frame(squeezedBinary, stored), notUTF8),
		deflated("a reference before the beginning", frame(squeezedText, []byte("\xf2\x00\x11\x00\x00")), notUTF8),
		deflated("400,000 blocks that say they are the last", frame(squeezedText, bytes.Repeat([]byte{0x03, 0x00}, 400_000)), notUTF8),
		deflated("invalid UTF-8", frame(squeezedText, squeeze([]byte("421[\"echo\",\"\xff\"]"))), notUTF8),
		deflated("a piece that is marked again", append(frame(0x41, squeeze(event)), frame(0xc0, nil)...), protocolError),
		deflated("a marked piece of a plain message", append(frame(firstText, event[:3]), frame(0xc0, event[3:])...), protocolError),
		deflated("a compressed ping", frame(0xc9, squeeze([]byte("a"))), protocolError),
		deflated("a compressed close", frame(0xc8, nil), protocolError),
		deflated("RSV1 and RSV2", frame(0xe1, squeeze(event)), protocolError),
		deflated("an unmasked compressed text", append([]byte{squeezedText, byte(len(squeeze(event)))}, squeeze(event)...), protocolError),
		{"a compressed event is an event", func(t *testing.T, s *site) {
			c := openDeflate(t, s)
			c.Send(frame(squeezedText, squeeze([]byte("40"))))
			for _, prefix := range []string{`0{"sid":`, `40{"sid":`} {
				f, err := c.Frame()
				if err != nil || !bytes.HasPrefix(f.Payload, []byte(prefix)) {
					t.Fatalf("got %v, %v; want %s…", f, err, prefix)
				}
			}
			c.Send(bytes.Join([][]byte{frame(0x41, squeeze(event)[:2]), frame(last, squeeze(event)[2:])}, nil))
			wantFrames(t, c, raw.Frame{First: raw.Text, Payload: []byte(`431[]`)})
		}},
	}
}
