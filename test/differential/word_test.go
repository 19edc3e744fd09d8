package differential

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/socketio-go/socketio/parser"
)

// A decoded packet becomes one line of ASCII that is the same on both sides if a program in JavaScript could not tell the
// two apart: numbers are their 64 bits, strings their UTF-16 units, of duplicate names the last one counts.

// packetWord writes a packet of ours.
func packetWord(p parser.Packet) string {
	id := "-"
	if p.HasID {
		id = strconv.FormatUint(p.ID, 10)
	}
	data := "u"
	if p.Data != nil {
		data = word(value(p.Data), p.Attachments)
	}
	return fmt.Sprintf("%d %s %s %s", p.Type, quote(utf16.Encode([]rune(p.Namespace))), id, data)
}

// The values of JSON, as JavaScript sees them.
type (
	text   []uint16
	object map[string]any // by the word of the name
	null   struct{}
)

// value reads valid JSON. It reads it on its own: the code under test is not asked.
func value(json []byte) any {
	v, _ := read(json)
	return v
}

func read(json []byte) (v any, rest []byte) {
	json = blanks(json)
	switch json[0] {
	case '{':
		o := object{}
		for json = blanks(json[1:]); json[0] != '}'; json = blanks(json) {
			if json[0] == ',' {
				json = json[1:]
			}
			var name, v any
			name, json = read(json)
			v, json = read(blanks(json)[1:])
			key := quote(name.(text))
			if lost, again := o[key]; again && (key == mark || marked(lost)) {
				o[twice] = true
			}
			o[key] = v
		}
		return o, json[1:]
	case '[':
		a := []any{}
		for json = blanks(json[1:]); json[0] != ']'; json = blanks(json) {
			if json[0] == ',' {
				json = json[1:]
			}
			var v any
			v, json = read(json)
			a = append(a, v)
		}
		return a, json[1:]
	case '"':
		return readText(json[1:])
	case 't':
		return true, json[4:]
	case 'f':
		return false, json[5:]
	case 'n':
		return null{}, json[4:]
	}
	end := 0
	for end < len(json) && strings.IndexByte("+-.eE0123456789", json[end]) >= 0 {
		end++
	}
	f, _ := strconv.ParseFloat(string(json[:end]), 64) // out of range is ±Inf, as with JSON.parse
	return f, json[end:]
}

func blanks(json []byte) []byte { return bytes.TrimLeft(json, " \t\r\n") }

func readText(json []byte) (text, []byte) {
	s := text{}
	for {
		switch c := json[0]; {
		case c == '"':
			return s, json[1:]
		case c != '\\':
			r, size := utf8.DecodeRune(json)
			s = utf16.AppendRune(s, r)
			json = json[size:]
		case json[1] == 'u':
			n, _ := strconv.ParseUint(string(json[2:6]), 16, 16)
			s = append(s, uint16(n))
			json = json[6:]
		default:
			c := json[1]
			if i := strings.IndexByte("bfnrt", c); i >= 0 {
				c = "\b\f\n\r\t"[i]
			}
			s = append(s, uint16(c))
			json = json[2:]
		}
	}
}

// word writes a value; the attachments stand where their placeholders are.
func word(v any, attachments [][]byte) string {
	switch v := v.(type) {
	case null, nil:
		return "n"
	case bool:
		return strconv.FormatBool(v)[:1]
	case float64:
		return fmt.Sprintf("#%016x", math.Float64bits(v))
	case text:
		return quote(v)
	case []byte:
		return "<" + hex.EncodeToString(v) + ">"
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = word(v[i], attachments)
		}
		return "[" + strings.Join(words, ",") + "]"
	case object:
		if num, ok := placeholder(v); ok && len(attachments) > 0 && num >= 0 && num < float64(len(attachments)) && num == math.Trunc(num) {
			return word(attachments[int(num)], nil)
		}
		words := make([]string, 0, len(v))
		for name, member := range v {
			if name != twice {
				words = append(words, name+":"+word(member, attachments))
			}
		}
		slices.Sort(words)
		return "{" + strings.Join(words, ",") + "}"
	}
	panic(fmt.Sprintf("%T is no value of JSON", v))
}

const (
	mark  = `"_placeholder"`
	twice = "twice" // no word of a name: the object says the mark twice, or a later member hides one
)

// marked reports whether a placeholder is somewhere in v.
func marked(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, marked)
	case object:
		if _, ok := placeholder(v); ok || v[twice] != nil {
			return true
		}
		for _, member := range v {
			if marked(member) {
				return true
			}
		}
	}
	return false
}

// placeholder reports whether an object stands for an attachment, as the JavaScript parser sees it, and for which: -1 if
// that can't be told.
func placeholder(o object) (num float64, ok bool) {
	if o[mark] != true {
		return 0, false
	}
	if num, ok := o[`"num"`].(float64); ok {
		return num, true
	}
	return -1, true
}

// quote writes a string in printable ASCII.
func quote(s []uint16) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			fmt.Fprintf(&b, `\%04x`, c)
		} else {
			b.WriteByte(byte(c))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quoted is quote for a string of Go. What is not UTF-8 becomes U+FFFD, as everywhere on the way to a peer.
func quoted(s string) string { return quote(utf16.Encode([]rune(strings.ToValidUTF8(s, "\uFFFD")))) }
