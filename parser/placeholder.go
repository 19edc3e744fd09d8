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

// Placeholder tells whether a JSON value is a placeholder, and for which attachment of its packet. The value must be
// valid JSON out of a packet that a [Decoder] returned, and that packet must have attachments: without any, an object
// of this shape is only an object.
func Placeholder(value []byte) (num int, ok bool) {
	s := scan{data: value, attachments: 1, here: container{num: -1}}
	if s.blanks(); s.peek() != '{' {
		return 0, false
	}
	for more := true; more; more = s.peek() == ',' {
		s.pos++
		if s.blanks(); s.name() != "" {
			return 0, false
		}
		if c := s.peek(); c == '{' || c == '[' {
			return 0, false
		}
		if _, r := s.value(); r != "" {
			return 0, false
		}
		s.blanks()
	}
	return s.here.num, s.here.marked && s.here.num >= 0
}
