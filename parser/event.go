package parser

import (
	"unicode/utf16"
	"unicode/utf8"
)

// IsReserved tells whether an event name has a meaning of its own on one of the sides, so that no packet may bear it
// (socket.io-parser, "RESERVED_EVENTS").
func IsReserved(event string) bool {
	switch event {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	}
	return false
}

// EventName is the name of an [Event] packet and its arguments, each as JSON. The arguments alias the packet. A name
// that is a number reads as JavaScript prints it: 1, 1.0 and 1e0 are all "1". A packet of another type, or one that no
// [Decoder] has checked, may give "" and nothing.
func EventName(p Packet) (name string, args [][]byte) {
	raw, args := SplitEvent(p.Data, nil)
	return string(raw), args
}

// SplitEvent is [EventName] for those who bring their own memory: the arguments are appended to args, and the name
// aliases data unless it has escapes or is an odd number.
func SplitEvent(data []byte, args [][]byte) (name []byte, _ [][]byte) {
	w := walk{data: data}
	first, ok := w.begin()
	if !ok {
		return nil, args
	}
	for arg, ok := w.next(); ok; arg, ok = w.next() {
		args = append(args, arg)
	}
	if first[0] == '"' {
		return unquote(first), args
	}
	return jsNumber(first), args
}

// Elements are the elements of a JSON array, which must be valid. They alias data. What is no array has none.
func Elements(data []byte) [][]byte { return AppendElements(nil, data) }

// AppendElements is [Elements] for those who bring their own memory.
func AppendElements(dst [][]byte, data []byte) [][]byte {
	w := walk{data: data}
	for e, ok := w.begin(); ok; e, ok = w.next() {
		dst = append(dst, e)
	}
	return dst
}

// isName tells whether a scalar may be the name of an event: a string or a number.
func isName(raw []byte) bool { return raw[0] == '"' || raw[0] == '-' || raw[0]-'0' <= 9 }

// reservedLiteral is IsReserved for a string as JSON.
func reservedLiteral(raw []byte) bool {
	// Six bytes a character is the longest spelling there is.
	if len(raw) > 6*len("removeListener")+2 {
		return false
	}
	return IsReserved(string(unquote(raw)))
}

// unquote is what a JSON string says. It aliases raw when there are no escapes.
func unquote(raw []byte) []byte {
	if len(raw) < 2 {
		return nil
	}
	raw = raw[1 : len(raw)-1]
	for _, c := range raw {
		if c == '\\' {
			return appendUnescaped(make([]byte, 0, len(raw)), raw)
		}
	}
	return raw
}

// appendUnescaped appends the inside of a valid JSON string, escapes resolved. Half a surrogate pair has no UTF-8 and
// becomes U+FFFD.
func appendUnescaped(dst, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' || i+1 == len(raw) {
			dst = append(dst, c)
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := codeUnit(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) && i+2 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
				if pair := utf16.DecodeRune(r, codeUnit(raw[i+3:])); pair != utf8.RuneError {
					r = pair
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, raw[i])
		}
	}
	return dst
}

// codeUnit is the value of four hex digits.
func codeUnit(raw []byte) (r rune) {
	for _, c := range raw[:min(4, len(raw))] {
		v, _ := hexDigit(c)
		r = r<<4 | v
	}
	return r
}
