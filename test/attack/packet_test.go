package attack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// packetAttacks are Socket.IO packets with a bad header, a bad payload or in the wrong state. Each is sent exactly as
// it stands by a client that has joined the default namespace, on both transports.
func packetAttacks(n sizes) []attack {
	var all []attack
	end := func(name, packet string) { all = append(all, closes(name, packet)...) }
	live := func(name, packet string) { all = append(all, survives(name, packet)...) }
	either := func(name, packet string) { all = append(all, settles(name, packet)...) }

	for _, packet := range []string{
		"4", "47", "48", "49", "4a", "4-1", "4 2[]", "4\x00", "4abc",
		"42", "421", "42{}", `42"echo"`, "42null", "42true", "421null", "42[]", "421[]",
		`42[{"toString":"rce"}]`, `42[["a"]]`, "42[null]", "42[true]", "42[{}]", `42[{"a":1},"echo"]`,
		`42-1["echo"]`, `421.5["echo"]`, `42+1["echo"]`, `421e3["echo"]`, `42abc["echo"]`, `420x1["echo"]`,
		"4" + "2222222222", "431", `431{}`, `431"echo"`, "431null", "43{}",
		`4/["echo"]`, `42/["echo"]`, `42/`, `42/,`,
		`41{"a":1}`, `41[]`, `41"now"`,
	} {
		end(fmt.Sprintf("%q", packet), packet)
	}
	for _, event := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
		end("the reserved name "+event, fmt.Sprintf(`42[%q]`, event))
		end("the reserved name "+event+" with arguments", fmt.Sprintf(`427[%q,1,{"a":2}]`, event))
	}
	end("a reserved name in escapes", `42["\u0064isconnect"]`)
	end("a reserved name behind blanks", "42[ \n\"disconnect\" ]")

	end("an event before its namespace", `42/admin,1["echo"]`)
	end("an event of no namespace", `42/`+strings.Repeat("a", 100_000)+`,1["echo"]`)
	end("an ack of no namespace", `43/admin,1[]`)
	end("a disconnect of no namespace", `41/admin,`)
	end("a second CONNECT", "40")
	end("a second CONNECT with a payload", `40{"token":"a"}`)
	end("CONNECT_ERROR from a client", `44{"message":"no"}`)
	end("CONNECT_ERROR from a client as a string", `44"no"`)
	end("CONNECT with an array", "40/admin,[1]")
	end("CONNECT with a string", `40/admin,"a"`)
	end("CONNECT with null", "40/admin,null")
	end("CONNECT with half an object", `40/admin,{"a":`)
	end("digits to the limit", "4"+strings.Repeat("2", maxPayload-1))
	end("an ack id to the limit", "42"+strings.Repeat("1", n.of(900_000))+`["echo"]`)

	live("the name error", `42["error","boom"]`)
	live("a name that is a number", "42[1]")
	live("a name nobody listens to", `42["nobody","here"]`)
	live("a name of 100 kB", `42["`+strings.Repeat("a", 100_000)+`"]`)
	live("an empty name", `42[""]`)
	live("a name of a prototype", `42["__proto__"]`)
	live("a name of a method", `42["toString"]`)
	live("an ack nobody waits for", "4312345[1]")
	live("an ack of the largest id", "439007199254740991[1]")
	live("an ack of the largest 64-bit id", "4318446744073709551615[1]")
	either("an ack id of 20 digits", `4299999999999999999999["echo"]`)
	either("an ack id of 400 digits", "42"+strings.Repeat("9", 400)+`["echo"]`)
	either("an ack of 400 digits", "43"+strings.Repeat("9", 400)+"[]")
	either("an ack without an id", "43[1]")
	either("a blank before the payload", `421 ["echo"]`)

	return append(all, first()...)
}

// first are packets sent before any CONNECT.
func first() []attack {
	var all []attack
	for _, packet := range []string{`42["echo"]`, `421["echo"]`, "41", "43[]", `44"no"`, `42/admin,["echo"]`} {
		hostile := raw.AppendFrame(nil, raw.Text, []byte(packet))
		all = append(all,
			attack{fmt.Sprintf("%q before CONNECT", packet), func(t *testing.T, s *site) {
				c := openRaw(t, s)
				c.Send(hostile)
				wantEnd(t, s, c, []int{noCode, 1000, 1001, 1005, protocolError, 1008})
			}},
			attack{fmt.Sprintf("%q before CONNECT in the segment of the handshake", packet), func(t *testing.T, s *site) {
				c, err := raw.Dial(s.addr)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				c.Send(append(raw.Handshake(raw.WebSocketTarget), hostile...))
				if err := c.Switched(); err != nil {
					t.Fatal(err)
				}
				wantEnd(t, s, c, []int{noCode, 1000, 1001, 1005, protocolError, 1008})
			}},
		)
	}
	binary := raw.AppendFrame(nil, raw.Text, []byte(`451-7["echo",{"_placeholder":true,"num":0}]`))
	return append(all, frames("a binary event before CONNECT", raw.AppendFrame(binary, raw.Binary, []byte{1}), noCode, 1000, 1001, 1005, protocolError, 1008)[:2]...)
}
