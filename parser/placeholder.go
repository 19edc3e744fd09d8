package parser

import (
	"math"
	"strconv"
)

// maxEscapedKey is the longest spelling of a key that matters: every character as \u005f.
const maxEscapedKey = 6 * len("_placeholder")

// keyOf tells whether raw, the inside of a string, is one of the two names of a placeholder.
func keyOf(raw []byte, escaped bool) key {
	if escaped {
		if len(raw) > maxEscapedKey {
			return otherKey
		}
		raw = appendUnescaped(make([]byte, 0, maxEscapedKey), raw)
	}
	switch string(raw) {
	case "_placeholder":
		return markKey
	case "num":
		return numKey
	}
	return otherKey
}

// wholeNumber is the value of a JSON scalar if it is a number and an index by its value, as JavaScript has it (1, 1.0
// and 1e0 are the same); else -1.
func wholeNumber(raw []byte) int {
	if len(raw) == 1 && raw[0]-'0' <= 9 {
		return int(raw[0] - '0')
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f < 0 || f > math.MaxInt32 || f != math.Trunc(f) {
		return -1
	}
	return int(f)
}

// Placeholder tells whether data begins with a placeholder: for which attachment of its packet, and how many bytes it
// takes. The data must be valid JSON, or its rest from some value on, out of a packet that has attachments: without any,
// an object of this shape is only an object.
func Placeholder(data []byte) (num, size int, ok bool) {
	if num, size, ok = plainPlaceholder(data); ok {
		return num, size, ok
	}
	s := scan{data: data, attachments: 1, here: container{num: -1}}
	if s.blanks(); s.peek() != '{' {
		return 0, 0, false
	}
	for more := true; more; more = s.peek() == ',' {
		s.pos++
		if s.blanks(); s.name() != "" {
			return 0, 0, false
		}
		if c := s.peek(); c == '{' || c == '[' {
			return 0, 0, false
		}
		if _, r := s.value(); r != "" {
			return 0, 0, false
		}
		s.blanks()
	}
	if !s.here.marked || s.here.num < 0 || s.peek() != '}' {
		return 0, 0, false
	}
	return s.here.num, s.pos + 1, true
}

// plainStart is how the JavaScript parser spells a placeholder, up to its number.
const plainStart = `{"_placeholder":true,"num":`

// plainPlaceholder is [Placeholder] for that spelling, with a number below 100.
func plainPlaceholder(data []byte) (num, size int, ok bool) {
	if len(data) < len(plainStart)+2 || string(data[:len(plainStart)]) != plainStart {
		return 0, 0, false
	}
	i := len(plainStart)
	c := data[i] - '0'
	switch next := data[i+1]; {
	case c > 9:
	case next == '}':
		return int(c), i + 2, true
	case c > 0 && next-'0' <= 9 && len(data) > i+2 && data[i+2] == '}':
		return 10*int(c) + int(next-'0'), i + 3, true
	}
	return 0, 0, false
}

// AppendPlaceholder appends the placeholder of attachment num, as the JavaScript parser spells it.
func AppendPlaceholder(dst []byte, num int) []byte {
	dst = append(dst, plainStart...)
	return append(strconv.AppendInt(dst, int64(num), 10), '}')
}

// Placed tells whether data, a payload on its way out, is valid JSON in which each of the attachments has its one
// placeholder and nothing else is marked as one. A receiver would refuse, or misread, any other.
func Placed(data []byte, attachments int) bool {
	s := scan{data: data, maxDepth: math.MaxInt, maxElements: math.MaxInt, attachments: attachments}
	return s.run() == ""
}
