package socketio_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/parser"
)

// Who breaks the rules over polling is told with a close packet, behind what was emitted before; the session is not
// just forgotten.
func TestAViolationIsToldWithAClosePacket(t *testing.T) {
	for _, c := range []struct {
		name, packet string
		joined       bool
	}{
		{"a second CONNECT packet", `0`, true},
		{"an event without a CONNECT packet", `2["some event"]`, false},
		{"no packet", `abc`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, web := serve(t, nil)
			l := openPolling(t, web.URL+"/socket.io/?EIO=4&transport=polling")
			t.Cleanup(l.close)
			if c.joined {
				l.write(packet.Packet{Type: packet.Message, Data: []byte(`0`)})
				if got := messages(t, l); len(got) != 1 || !strings.HasPrefix(got[0], `0{"sid":`) {
					t.Fatalf("answer to CONNECT: %q", got)
				}
				server.Emit("before")
			}
			if err := l.write(packet.Packet{Type: packet.Message, Data: []byte(c.packet)}); err != nil {
				t.Fatal(err)
			}
			var got []string
			for closed := false; !closed; {
				ps, err := l.read()
				if err != nil {
					t.Fatalf("after %q: %v", got, err)
				}
				for _, p := range ps {
					if closed {
						t.Errorf("behind the close packet came %q", p.Data)
					}
					if closed = p.Type == packet.Close; p.Type == packet.Message {
						got = append(got, string(p.Data))
					}
				}
			}
			if want := map[bool]string{true: `2["before"]`}[c.joined]; strings.Join(got, " ") != want {
				t.Errorf("before the close packet came %q", got)
			}
			if _, err := l.do(http.MethodGet, nil); err == nil || !strings.Contains(err.Error(), "Session ID unknown") {
				t.Errorf("a poll after the close packet: %v", err)
			}
		})
	}
}

// The server learns what was wrong with a packet: it is the cause of the end of the socket's context.
func TestTheCauseOfAParseErrorIsKnown(t *testing.T) {
	for text, reason := range map[string]parser.Reason{
		`5woooot`:         parser.IllegalAttachments,
		`5`:               parser.IllegalAttachments,
		`abc`:             parser.UnknownType,
		`2["disconnect"]`: parser.ReservedEvent,
	} {
		server, web := serve(t, nil)
		a := connect(t, server.Namespace, web, 1)[0]
		a.send(text)
		<-a.Context().Done()
		gone, ok := errors.AsType[*socketio.DisconnectError](context.Cause(a.Context()))
		if !ok || gone.Reason != socketio.ParseError {
			t.Fatalf("%s: %v", text, context.Cause(a.Context()))
		}
		if e, ok := errors.AsType[*parser.Error](gone); !ok || e.Reason != reason {
			t.Errorf("%s: %v, want %s", text, gone.Err, reason)
		}
	}
}
