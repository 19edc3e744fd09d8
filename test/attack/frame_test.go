package attack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// Close codes (RFC 6455, section 7.4.1).
const (
	protocolError = 1002
	notUTF8       = 1007
	tooBig        = 1009
)

// frames sends bytes where frames belong and expects the connection to end with one of codes; noCode allows an end
// without a close frame. Each input comes three times: after the handshake, in the segment of the handshake, and on a
// session that has joined a namespace.
func frames(name string, hostile []byte, codes ...int) []attack {
	return []attack{
		{name, func(t *testing.T, s *site) {
			c := openRaw(t, s)
			c.Send(hostile)
			wantEnd(t, s, c, codes)
		}},
		{name + " in the segment of the handshake", func(t *testing.T, s *site) {
			c, err := raw.Dial(s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.Send(append(raw.Handshake(raw.WebSocketTarget), hostile...))
			if err := c.Switched(); err != nil {
				t.Fatal(err)
			}
			wantEnd(t, s, c, codes)
		}},
		{name + " on a joined session", func(t *testing.T, s *site) {
			c := openRaw(t, s)
			c.Send(append(raw.AppendFrame(nil, raw.Text, []byte("40")), hostile...))
			wantEnd(t, s, c, codes)
		}},
	}
}

// noCode stands for a connection that ends without a close frame.
const noCode = 0

// openRaw makes a WebSocket handshake and leaves everything else to the caller.
func openRaw(t *testing.T, s *site) *raw.Conn {
	t.Helper()
	c, err := raw.Dial(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Send(raw.Handshake(raw.WebSocketTarget)); err != nil {
		t.Fatal(err)
	}
	if err := c.Switched(); err != nil {
		t.Fatal(err)
	}
	return c
}

func wantEnd(t *testing.T, s *site, c *raw.Conn, codes []int) {
	t.Helper()
	e, err := c.End()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(codes, e.Code) {
		t.Errorf("ended with code %d after %v; want one of %v", e.Code, e.Frames, codes)
	}
	for _, f := range e.Frames {
		if bytes.HasPrefix(f.Payload, []byte("43")) || bytes.HasPrefix(f.Payload, []byte("46")) {
			t.Errorf("a handler ran: %v", f)
		}
	}
}

// frameAttacks are frames that RFC 6455 forbids, or that claim more than a server will take.
func frameAttacks() []attack {
	event := []byte(`421["echo"]`)
	masked := func(first byte) []byte { return raw.AppendFrame(nil, first, event) }
	claim := func(first byte, n uint64) []byte {
		head := binary.BigEndian.AppendUint64([]byte{first, 0xff}, n)
		return append(head, 0x37, 0xfa, 0x21, 0x3d)
	}
	code := func(n uint16, reason string) []byte {
		return raw.AppendFrame(nil, raw.Close, append(binary.BigEndian.AppendUint16(nil, n), reason...))
	}
	unmasked := append(raw.AppendHeader(nil, raw.Text, 0, uint64(len(event))), event...)

	all := join(
		frames("unmasked text", unmasked, protocolError),
		frames("unmasked text with RSV bits", []byte{0xf0, 0x00}, protocolError),
		frames("an unmasked ping", []byte{0x89, 0x00}, protocolError),
		frames("an unmasked close", []byte{0x88, 0x00}, protocolError),

		frames("a claim of 4 GB", claim(raw.Text, 4<<30), tooBig),
		frames("a claim of 2^63-1", claim(raw.Text, 1<<63-1), tooBig),
		frames("a claim of 2^63", claim(raw.Text, 1<<63), tooBig),
		frames("a claim of 2^64-1", claim(raw.Text, 1<<64-1), tooBig),
		frames("a binary claim of 2^63-1", claim(raw.Binary, 1<<63-1), tooBig),
		frames("a claim of one byte over the limit", claim(raw.Text, maxPayload+1), tooBig),
		frames("a fragment that claims 2^63-1", claim(0x01, 1<<63-1), tooBig),

		frames("a ping of 126 bytes", raw.AppendFrame(nil, raw.Ping, make([]byte, 126)), protocolError),
		frames("a pong of 64 kB", raw.AppendHeader(nil, raw.Pong, 0x80, 65_536), protocolError),
		frames("a close of 126 bytes", raw.AppendFrame(nil, raw.Close, append([]byte{3, 232}, make([]byte, 124)...)), protocolError),
		frames("a ping that claims 2^63-1", claim(raw.Ping, 1<<63-1), protocolError, tooBig),
		frames("a ping in fragments", raw.AppendFrame(nil, 0x09, nil), protocolError),
		frames("a close in fragments", raw.AppendFrame(nil, 0x08, nil), protocolError),

		frames("a close with one byte", raw.AppendFrame(nil, raw.Close, []byte{3}), protocolError),
		frames("a close whose reason is no UTF-8", code(1000, "\xff"), notUTF8, protocolError),

		frames("invalid UTF-8, ff", raw.AppendFrame(nil, raw.Text, []byte("4\xff")), notUTF8),
		frames("invalid UTF-8, overlong", raw.AppendFrame(nil, raw.Text, []byte("4\xc0\xaf")), notUTF8),
		frames("invalid UTF-8, surrogate", raw.AppendFrame(nil, raw.Text, []byte("4\xed\xa0\x80")), notUTF8),
		frames("invalid UTF-8, beyond Unicode", raw.AppendFrame(nil, raw.Text, []byte("4\xf4\x90\x80\x80")), notUTF8),
		frames("invalid UTF-8, cut short", raw.AppendFrame(nil, raw.Text, []byte("4\xe2\x82")), notUTF8),
		frames("invalid UTF-8, ff alone", raw.AppendFrame(nil, raw.Text, []byte("\xff")), notUTF8),
		frames("invalid UTF-8, c0 af alone", raw.AppendFrame(nil, raw.Text, []byte("\xc0\xaf")), notUTF8),
		frames("invalid UTF-8, ed a0 80 alone", raw.AppendFrame(nil, raw.Text, []byte("\xed\xa0\x80")), notUTF8),
		frames("invalid UTF-8 in an event", raw.AppendFrame(nil, raw.Text, []byte("421[\"echo\",\"\xff\"]")), notUTF8),

		frames("an HTTP request", raw.Request("GET", raw.PollingTarget, nil), protocolError),
		frames("zeros", make([]byte, 4096), protocolError),
	)
	for _, rsv := range []byte{0x40, 0x20, 0x10, 0x70} {
		for _, opcode := range []byte{raw.Text, raw.Binary, raw.Ping, raw.Close} {
			all = append(all, frames(fmt.Sprintf("first byte %#02x", opcode|rsv), masked(opcode|rsv), protocolError)...)
		}
	}
	for _, opcode := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		all = append(all, frames(fmt.Sprintf("opcode %d", opcode), masked(0x80|opcode), protocolError)...)
	}
	for _, n := range []uint16{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999} {
		all = append(all, frames(fmt.Sprintf("close code %d", n), code(n, ""), protocolError)...)
	}
	for _, n := range []uint16{5000, 65_535} { // not defined, and not forbidden in so many words: an echo will do
		all = append(all, frames(fmt.Sprintf("close code %d", n), code(n, ""), protocolError, int(n))...)
	}
	return all
}
