package parser

// walk goes over the elements of an array that is known to be valid. Given anything else it may end early or yield
// nonsense, and does no more harm.
type walk struct {
	data []byte
	pos  int
}

// begin steps into the array and returns its first element.
func (w *walk) begin() (element []byte, ok bool) {
	if w.blanks() != '[' {
		return nil, false
	}
	w.pos++
	if w.blanks() == ']' {
		return nil, false
	}
	return w.element()
}

// next returns the element behind the one returned last.
func (w *walk) next() (element []byte, ok bool) {
	if w.blanks() != ',' {
		return nil, false
	}
	w.pos++
	return w.element()
}

func (w *walk) element() ([]byte, bool) {
	if w.blanks() == 0 {
		return nil, false
	}
	start := w.pos
	for depth := 0; w.pos < len(w.data); {
		switch w.data[w.pos] {
		case '"':
			w.str()
			if depth == 0 {
				return w.data[start:w.pos:w.pos], true
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return w.data[start:w.pos:w.pos], w.pos > start
			}
			if depth--; depth == 0 {
				w.pos++
				return w.data[start:w.pos:w.pos], true
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return w.data[start:w.pos:w.pos], w.pos > start
			}
		}
		w.pos++
	}
	return w.data[start:w.pos:w.pos], true
}

// str steps over a string.
func (w *walk) str() {
	for w.pos++; ; w.pos++ {
		switch w.pos = special(w.data, w.pos); {
		case w.pos >= len(w.data):
			return
		case w.data[w.pos] == '"':
			w.pos++
			return
		case w.data[w.pos] == '\\':
			w.pos = min(w.pos+1, len(w.data)-1)
		}
	}
}

// blanks steps over white space and returns the byte behind it, 0 at the end.
func (w *walk) blanks() byte {
	for ; w.pos < len(w.data); w.pos++ {
		switch c := w.data[w.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}
