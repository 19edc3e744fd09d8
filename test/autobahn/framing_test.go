package autobahn

import (
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

const (
	protocolError = 1002
	notUTF8       = 1007
)

// Section 1: text and binary messages of each length at which the header changes.
func TestFraming(t *testing.T) {
	var all []conversation
	for kind, first := range []byte{raw.Text, raw.Binary} {
		for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536} {
			m := repeat([]string{"*", "\xfe"}[kind], n)
			all = append(all, conversation{id: fmt.Sprintf("1.%d.%d", kind+1, i+1), say: [][]byte{frame(first, m)}, hear: []raw.Frame{heard(first, m)}})
		}
		m := repeat([]string{"*", "\xfe"}[kind], 65536)
		var chops [][]byte
		for rest := frame(first, m); len(rest) > 0; rest = rest[min(997, len(rest)):] {
			chops = append(chops, rest[:min(997, len(rest))])
		}
		all = append(all, conversation{id: fmt.Sprintf("1.%d.8", kind+1), say: chops, how: byFrame, hear: []raw.Frame{heard(first, m)}})
	}
	play(t, all)
}

// Section 2: pings are answered with their payload, pongs that nobody asked for are not.
func TestPings(t *testing.T) {
	long, bytes := repeat("\xfe", 125), "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
	one := func(id string, how int, payload string) conversation {
		return conversation{id: id, say: [][]byte{frame(raw.Ping, payload)}, how: how, hear: []raw.Frame{heard(raw.Pong, payload)}}
	}
	var ten [][]byte
	var answers []raw.Frame
	for i := range 10 {
		ten = append(ten, frame(raw.Ping, fmt.Sprint("payload-", i)))
		answers = append(answers, heard(raw.Pong, fmt.Sprint("payload-", i)))
	}
	play(t, []conversation{
		one("2.1", together, ""),
		one("2.2", together, "Hello, world!"),
		one("2.3", together, bytes),
		one("2.4", together, long),
		{id: "2.5", say: [][]byte{frame(raw.Ping, long+"\xfe")}, closes: []int{protocolError}},
		one("2.6", byOctet, long),
		{id: "2.7", say: [][]byte{frame(raw.Pong, "")}},
		{id: "2.8", say: [][]byte{frame(raw.Pong, "unsolicited")}},
		{id: "2.9", say: [][]byte{frame(raw.Pong, "unsolicited"), frame(raw.Ping, "asked")}, hear: []raw.Frame{heard(raw.Pong, "asked")}},
		{id: "2.10", say: ten, hear: answers},
		{id: "2.11", say: ten, how: byOctet, hear: answers},
	})
}

// Sections 3 and 4: bits and opcodes that mean nothing fail the connection; what came before is answered.
func TestReserved(t *testing.T) {
	const hello = "Hello, world!"
	fails := func(id string, how int, frames ...[]byte) conversation {
		return conversation{id: id, say: frames, how: how, closes: []int{protocolError}}
	}
	after := func(id string, how int, bad []byte) conversation {
		v := fails(id, how, frame(raw.Text, hello), bad, frame(raw.Ping, ""))
		v.hear = []raw.Frame{heard(raw.Text, hello)}
		return v
	}
	all := []conversation{
		fails("3.1", together, frame(raw.Text|1<<4, hello)),
		after("3.2", together, frame(raw.Text|2<<4, hello)),
		after("3.3", byFrame, frame(raw.Text|3<<4, hello)),
		after("3.4", byOctet, frame(raw.Text|4<<4, hello)),
		fails("3.5", together, frame(raw.Binary|5<<4, hello)),
		fails("3.6", together, frame(raw.Ping|6<<4, hello)),
		fails("3.7", together, frame(raw.Close|7<<4, "")),
	}
	for group, first := range []byte{0x83, 0x8b} {
		for i := range byte(5) {
			id, bad := fmt.Sprintf("4.%d.%d", group+1, i+1), frame(first+i, "")
			if i%2 == 1 {
				bad = frame(first+i, "reserved")
			}
			switch i {
			case 0, 1:
				all = append(all, fails(id, together, bad))
			case 2:
				all = append(all, after(id, together, bad))
			case 3:
				all = append(all, after(id, byFrame, bad))
			case 4:
				all = append(all, after(id, byOctet, bad))
			}
		}
	}
	play(t, all)
}

// Section 5: messages in fragments, with control frames between them, and fragments of nothing.
func TestFragments(t *testing.T) {
	one, two := frame(beginText, "fragment1"), frame(end, "fragment2")
	whole := heard(raw.Text, "fragment1fragment2")
	lost, late := frame(middle, "nothing to continue"), frame(end, "nothing to continue")
	text, ping, pong := frame(raw.Text, "Hello, world!"), frame(raw.Ping, "between"), heard(raw.Pong, "between")
	fails := func(id string, how int, frames ...[]byte) conversation {
		return conversation{id: id, say: frames, how: how, closes: []int{protocolError}}
	}
	all := []conversation{
		fails("5.1", together, frame(0x09, "fragment1"), two),
		fails("5.2", together, frame(0x0a, "fragment1"), two),
		{id: "5.3", say: [][]byte{one, two}, hear: []raw.Frame{whole}},
		{id: "5.4", say: [][]byte{one, two}, how: byFrame, hear: []raw.Frame{whole}},
		{id: "5.5", say: [][]byte{one, two}, how: byOctet, hear: []raw.Frame{whole}},
		{id: "5.6", say: [][]byte{one, ping, two}, hear: []raw.Frame{pong, whole}},
		{id: "5.7", say: [][]byte{one, ping, two}, how: byFrame, hear: []raw.Frame{pong, whole}},
		{id: "5.8", say: [][]byte{one, ping, two}, how: byOctet, hear: []raw.Frame{pong, whole}},
		fails("5.9", together, late, text),
		fails("5.10", byFrame, late, text),
		fails("5.11", byOctet, late, text),
		fails("5.12", together, lost, text),
		fails("5.13", byFrame, lost, text),
		fails("5.14", byOctet, lost, text),
		{id: "5.15", say: [][]byte{one, two, lost, text}, hear: []raw.Frame{whole}, closes: []int{protocolError}},
		fails("5.16", together, lost, one, two, lost, one, two),
		fails("5.17", together, late, one, two, late, one, two),
		fails("5.18", together, one, frame(raw.Text, "fragment2")),
	}
	parts := [][]byte{frame(beginText, "1"), frame(middle, "2"), ping, frame(middle, "3"), frame(middle, "4"), ping, frame(end, "5")}
	for id, how := range map[string]int{"5.19": together, "5.20": byFrame} {
		all = append(all, conversation{id: id, say: parts, how: how, hear: []raw.Frame{pong, pong, heard(raw.Text, "12345")}})
	}
	play(t, all)
}

// Section 10: a message that a client sends in fragments of 1,300 octets.
func TestAutoFragmentation(t *testing.T) {
	m := repeat("*", 65536)
	play(t, []conversation{{id: "10.1.1", say: fragments(raw.Text, m, 1300), how: byFrame, hear: []raw.Frame{heard(raw.Text, m)}}})
}
