// Package packet turns bytes into Engine.IO packets and back (Engine.IO protocols 4 and 3).
//
// A packet is a type and data. On the wire it is a text, one digit and the data:
//
//	0{"sid":"…","upgrades":[…],…}   open, the handshake
//	1                               close
//	2   2probe                      ping
//	3   3probe                      pong
//	4hello                          message
//	5                               upgrade
//	6                               noop
//
// A binary message has no type digit. Where the carrier has binary frames (WebSocket) it travels as it is; where it has
// not (HTTP long-polling) it is a text again, a b and the base64 of the bytes: bAQIDBA==. Several such texts, here called
// records, are joined by the byte 0x1e into a payload, the body of one HTTP request or response (Engine.IO protocol,
// "HTTP long-polling", "Packet encoding").
//
// Protocol 3 is here as well, in what has a 3 at the end of its name: its binary packets keep the type, and each record
// of its payloads begins with its length (record3.go).
//
// The package knows the packet types, records and payloads, and the place where a transport may keep the wire form of a
// packet that has many receivers ([Prepared]). It touches nothing but the bytes it is given: no network, no clock, no
// goroutine. It refuses to know frames, sessions, which packet may come when, and what a message says.
package packet
