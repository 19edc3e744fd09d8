package autobahn

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socketio-go/socketio/test/raw"
)

// greek is κόσμε, with a letter of three octets.
const greek = "\u03ba\u1f79\u03c3\u03bc\u03b5"

// Sections 6.1 to 6.4: empty fragments, and texts that are cut inside of a character.
func TestTexts(t *testing.T) {
	const euro = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!"
	const bad = greek + "\xed\xa0\x80edited" // a surrogate
	text := func(id, whole string, how int, frames ...[]byte) conversation {
		return conversation{id: id, say: frames, how: how, hear: []raw.Frame{heard(raw.Text, whole)}}
	}
	fails := func(id string, how int, frames ...[]byte) conversation {
		return conversation{id: id, say: frames, how: how, closes: []int{notUTF8}}
	}
	// In 6.4 the suite would like to see the connection fail at the first octet that is wrong, and takes it for enough
	// (non-strict) that it fails at the end of the message. So it does here.
	const first, broken, rest = greek, "\xf4\x90\x80\x80", "edited"
	whole := frame(raw.Text, first+broken+rest)
	play(t, []conversation{
		text("6.1.1", "", together, frame(raw.Text, "")),
		text("6.1.2", "", together, frame(beginText, ""), frame(middle, ""), frame(end, "")),
		text("6.1.3", "middle frame payload", together, frame(beginText, ""), frame(middle, "middle frame payload"), frame(end, "")),
		text("6.2.1", euro, together, frame(raw.Text, euro)),
		text("6.2.2", euro, together, fragments(raw.Text, euro, strings.Index(euro, "@"))...),
		text("6.2.3", euro, together, fragments(raw.Text, euro, 1)...),
		text("6.2.4", greek, together, fragments(raw.Text, greek, 1)...),
		fails("6.3.1", together, frame(raw.Text, bad)),
		fails("6.3.2", together, fragments(raw.Text, bad, 1)...),
		fails("6.4.1", byFrame, frame(beginText, first), frame(middle, broken), frame(end, rest)),
		fails("6.4.2", byFrame, frame(beginText, first+"\xf4"), frame(middle, "\x90"), frame(end, "\x80\x80"+rest)),
		fails("6.4.3", byFrame, whole[:len(whole)-10], whole[len(whole)-10:len(whole)-6], whole[len(whole)-6:]),
		fails("6.4.4", byFrame, whole[:len(whole)-9], whole[len(whole)-9:len(whole)-8], whole[len(whole)-8:]),
	})
}

// Sections 6.5 to 6.23: each way in which octets can be characters, or not. They are the groups of Markus Kuhn's stress
// test for decoders.
func TestOctets(t *testing.T) {
	series := func(from, to int) (s string) {
		for c := from; c < to; c++ {
			s += string([]byte{byte(c), ' '})
		}
		return s
	}
	var prefixes, outside []string
	for i := range len(greek) {
		prefixes = append(prefixes, greek[:i+1])
	}
	for plane := rune(1); plane <= 16; plane++ {
		outside = append(outside, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	missing := []string{"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
		"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"}
	var strays []string
	for n := 1; n <= 6; n++ {
		strays = append(strays, repeat("\x80\xbf", 3)[:n])
	}
	strays = append(strays, "\xbf", strings.ReplaceAll(series(0x80, 0xc0), " ", ""))

	var all []conversation
	for i, group := range [][]string{
		{"hello$world", "hello\u00a2world", "hello\u20acworld", "hello\U00024b62world", greek},
		prefixes,
		{"\x00", "\u0080", "\u0800", "\U00010000"},
		{"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"},
		{"\x7f", "\u07ff", "\uffff", "\U0010ffff"},
		{"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"},
		{"\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "\xf4\x90\x80\x80"},
		strays,
		{series(0xc0, 0xe0), series(0xe0, 0xf0), series(0xf0, 0xf8), series(0xf8, 0xfc), series(0xfc, 0xfe)},
		missing,
		{strings.Join(missing, "")},
		{"\xfe", "\xff", "\xfe\xfe\xff\xff"},
		{"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"},
		{"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"},
		{"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"},
		{"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"},
		{"\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf",
			"\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf"},
		append([]string{"\ufffe", "\uffff"}, outside...),
		{"\ufff9", "\ufffa", "\ufffb", "\ufffc", "\ufffd", "\ufffe", "\uffff"},
	} {
		for k, s := range group {
			v := conversation{id: fmt.Sprintf("6.%d.%d", i+5, k+1), say: [][]byte{frame(raw.Text, s)}, closes: []int{notUTF8}}
			if utf8.ValidString(s) {
				v.hear, v.closes = []raw.Frame{heard(raw.Text, s)}, nil
			}
			all = append(all, v)
		}
	}
	play(t, all)
}
