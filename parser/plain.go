package parser

// plainArray is a quick look at the array in data from i on, for the arguments that most packets have: strings without
// escapes, whole numbers, literals, and placeholders in order, as the JavaScript parser spells them, without blanks. It
// reports whether that is all there is, in a packet with so many attachments, and how many elements there are. The first
// is returned if it is a string, without its quotes. What it does not know may be right all the same: that is for scan to
// say (BenchmarkText).
func plainArray(data []byte, i, attachments int) (first []byte, elements int, ok bool) {
	if i >= len(data) || data[i] != '[' {
		return nil, 0, false
	}
	placed := 0
	for {
		i++
		elements++
		start := i
		if i >= len(data) {
			return nil, 0, false
		}
		switch c := data[i]; {
		case c == '"':
			i = special(data, i+1)
			if i >= len(data) || data[i] != '"' {
				return nil, 0, false
			}
			i++
			if elements == 1 {
				first = data[start+1 : i-1]
			}
		case c-'0' <= 9 || c == '-':
			if i = wholeDigits(data, i); i < 0 {
				return nil, 0, false
			}
		case c == 't':
			i += prefix(data[i:], "true")
		case c == 'n':
			i += prefix(data[i:], "null")
		case c == 'f':
			i += prefix(data[i:], "false")
		case c == '{' && placed < attachments:
			num, size, ok := plainPlaceholder(data[i:])
			if !ok || num != placed {
				return nil, 0, false
			}
			placed++
			i += size
		default:
			return nil, 0, false
		}
		if i >= len(data) || i == start {
			return nil, 0, false
		}
		if data[i] == ']' {
			return first, elements, i+1 == len(data) && placed == attachments
		}
		if data[i] != ',' {
			return nil, 0, false
		}
	}
}

// wholeDigits is the index behind a whole number, or -1.
func wholeDigits(data []byte, i int) int {
	if data[i] == '-' {
		i++
	}
	start := i
	for i < len(data) && data[i]-'0' <= 9 {
		i++
	}
	if i == start || data[start] == '0' && i > start+1 {
		return -1
	}
	return i
}

// prefix is the length of word if data begins with it, else 0.
func prefix(data []byte, word string) int {
	if len(data) < len(word) || string(data[:len(word)]) != word {
		return 0
	}
	return len(word)
}
