package attack

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// engineAttacks are Engine.IO packets over WebSocket that no client sends.
func engineAttacks() []attack {
	var all []attack
	ends := func(name string, first byte, payload string) {
		all = append(all, frames(name, raw.AppendFrame(nil, first, []byte(payload)), noCode, 1000, 1001, 1005, protocolError, 1003, 1007, 1008)...)
	}
	ends("an empty text frame", raw.Text, "")
	ends("text that is no packet", raw.Text, "abc")
	ends("packet type 7", raw.Text, "7")
	ends("packet type 9", raw.Text, "9hello")
	ends("packet type :", raw.Text, ":")
	ends("a NUL", raw.Text, "\x00")
	ends("a blank before a packet", raw.Text, " 40")
	ends("an Arabic digit", raw.Text, "٤0")
	ends("a full-width digit", raw.Text, "４0")
	ends("a ping from a client", raw.Text, "2")
	ends("a probe out of place", raw.Text, "2probe")
	ends("a close packet", raw.Text, "1")
	ends("a binary message before CONNECT", raw.Binary, "\x04")
	ends("an empty binary message", raw.Binary, "")
	ends("base64 that is none", raw.Text, "b!!!!")
	ends("a base64 message that nothing announced", raw.Text, "bAQIDBA==")
	ends("an empty message", raw.Text, "4")
	for _, packet := range []string{"0", `0{"sid":"stolen"}`, "3", "3probe", "5", "6"} {
		all = append(all, attack{fmt.Sprintf("the packet %q out of place", packet), func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(raw.AppendFrame(nil, raw.Text, []byte(packet)))
			c.Send(raw.AppendFrame(nil, raw.Text, []byte(`421["echo",1]`)))
			// Ignored, as the reference does, or the end of the session: never anything else.
			f, err := c.Frame()
			if err == nil && f.First == raw.Text && string(f.Payload) != "431[1]" && string(f.Payload) != "1" {
				t.Errorf("answered by %v", f)
			}
			if err != nil && !ended(err) {
				t.Error(err)
			}
		}})
	}
	return append(all,
		attack{"everything in the segment of the handshake", func(t *testing.T, s *site) {
			c, err := raw.Dial(s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			request := raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))
			for i := range 100 {
				request = raw.AppendFrame(request, raw.Text, fmt.Appendf(nil, `42%d["echo",%d]`, i, i))
			}
			c.Send(raw.AppendFrame(request, raw.Text, []byte("1")))
			if err := c.Switched(); err != nil {
				t.Fatal(err)
			}
			e, err := c.End()
			if err != nil {
				t.Fatal(err)
			}
			// The client has left: how many answers it is still sent is open, their order is not.
			next := 0
			for _, f := range e.Frames {
				if bytes.HasPrefix(f.Payload, []byte("43")) {
					if want := fmt.Sprintf("43%d[%d]", next, next); string(f.Payload) != want {
						t.Fatalf("answered by %s; want %s", f.Payload, want)
					}
					next++
				}
			}
		}},
		attack{"an event and a disconnect in one segment", func(t *testing.T, s *site) {
			c := joined(t, s)
			c.Send(raw.AppendFrame(raw.AppendFrame(nil, raw.Text, []byte(`421["echo",1]`)), raw.Text, []byte("41")))
			c.Send(raw.AppendFrame(nil, raw.Text, []byte(`422["echo",2]`)))
			e, err := c.End()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range e.Frames {
				if bytes.HasPrefix(f.Payload, []byte("432")) {
					t.Errorf("an event after the disconnect was handled: %v", f)
				}
			}
		}},
	)
}
