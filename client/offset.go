package client

// offset is the last event that the server has stored for connection state recovery.
//
// The server appends an offset, a string, to each event that it stores, and nothing marks it: an event that is not stored
// (a volatile one) may end with a string of the application's own. Taking that for an offset makes the next recovery
// fail, so a string must look like an offset, and like the last one.
type offset struct {
	value string
	size  int // of its first part
}

// start begins a session, with the server's first offset where it sends one.
func (o *offset) start(first string) {
	*o = offset{}
	if first != "" {
		n, _ := offsetShape(first)
		o.value, o.size = first, n
	}
}

// note notes the last argument of an event that asked for no acknowledgement; only such events are stored.
func (o *offset) note(last string) {
	n, ok := offsetShape(last)
	// The leading character of a time changes once in years, its length in centuries.
	if ok && (o.value == "" || n == o.size && last[0] == o.value[0]) {
		o.value, o.size = last, n
	}
}

// offsetShape recognises what servers use: a timestamp in base 64 ("PexYz1q.2"), a stream id ("1700000000000-0"), an
// object id in hex. It returns the length of the part before the counter.
func offsetShape(s string) (n int, ok bool) {
	digits := 0 // behind the last . or -
	for i := len(s) - 1; i >= 0; i-- {
		c := s[i]
		if digits > 0 && (c == '.' || c == '-') && i >= 7 && word(s[:i]) {
			return i, true
		}
		if c < '0' || c > '9' {
			break
		}
		digits++
	}
	return len(s), len(s) >= 7 && word(s)
}

// word reports whether s has only letters, digits, _ and -.
func word(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
