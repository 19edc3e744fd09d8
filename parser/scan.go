package parser

// scan is one pass over a JSON text (RFC 8259, as JSON.parse reads it). It keeps no values and does not recurse: its
// cost is linear in the text, whatever the text holds.
type scan struct {
	data        []byte
	pos         int
	maxDepth    int
	maxElements int // of the outermost array
	attachments int // that placeholders must stand for; with 0 a placeholder is an object like any other

	depth   int
	objects bitset // by depth: this container is an object
	here    container
	seen    bitset // attachments that have their placeholder
	found   int    // how many

	kind     byte   // first byte of the whole value
	elements int    // of the outermost array
	first    []byte // the first of them, when it is a string or a number
}

// container is what the scan remembers of the innermost one, to tell a placeholder (Socket.IO protocol 5, "Packet
// encoding"): {"_placeholder":true,"num":0}. A name may repeat; as in JavaScript, the last one counts.
type container struct {
	key    key  // of the member at hand
	marked bool // "_placeholder" is true
	broken bool // holds another container, so it can't be a placeholder
	num    int  // "num" is this whole number, or -1
}

// key is the name of a member, as far as it matters.
type key byte

const (
	otherKey key = iota
	markKey      // _placeholder
	numKey       // num
)

// run scans to the end of the data. It returns a reason when something is wrong, and then pos is the place.
func (s *scan) run() Reason {
	s.here.num = -1
	s.blanks()
	s.kind = s.peek()
	for more := true; more; {
		opened, r := s.value()
		if r == "" && !opened {
			more, r = s.next()
		}
		if r != "" {
			return r
		}
	}
	if s.blanks(); s.pos != len(s.data) {
		return InvalidPayload
	}
	if s.found != s.attachments {
		return IllegalPlaceholder
	}
	return ""
}

// value reads a scalar or an empty container, or opens a container and goes on to its first value.
func (s *scan) value() (opened bool, r Reason) {
	start, ok := s.pos, false
	switch c := s.peek(); c {
	case '{', '[':
		return s.open(c)
	case '"':
		s.pos++
		_, ok = s.str()
	case 't':
		ok = s.literal("true")
	case 'f':
		ok = s.literal("false")
	case 'n':
		ok = s.literal("null")
	default:
		ok = s.number()
	}
	if !ok {
		return false, InvalidPayload
	}
	raw := s.data[start:s.pos]
	if s.elements == 1 && s.depth == 1 && isName(raw) {
		s.first = raw
	}
	switch s.here.key {
	case markKey:
		s.here.marked = raw[0] == 't'
	case numKey:
		s.here.num = wholeNumber(raw)
	}
	return false, ""
}

func (s *scan) open(bracket byte) (opened bool, r Reason) {
	if s.here.marked {
		return false, IllegalPlaceholder
	}
	if s.depth == s.maxDepth {
		return false, TooDeep
	}
	s.pos++
	s.objects.put(s.depth, bracket == '{')
	s.depth++
	s.here = container{num: -1}
	s.blanks()
	if s.peek() == bracket+2 { // ']' and '}' both stand two behind their partners
		s.leave()
		return false, ""
	}
	return true, s.enter(bracket == '{')
}

// enter goes on to the next value of the innermost container, past the name of a member.
func (s *scan) enter(object bool) Reason {
	if object {
		return s.name()
	}
	if s.depth == 1 {
		if s.elements++; s.elements > s.maxElements {
			return TooManyArguments
		}
	}
	return ""
}

// next goes behind a value: out of the containers that end here, and on to the next value, if there is one.
func (s *scan) next() (more bool, r Reason) {
	for s.depth > 0 {
		s.blanks()
		object := s.objects.get(s.depth - 1)
		switch c := s.peek(); {
		case c == ',':
			s.pos++
			s.blanks()
			return true, s.enter(object)
		case c == '}' && object:
			if s.here.marked && !s.placeholder() {
				return false, IllegalPlaceholder
			}
		case c == ']' && !object:
		default:
			return false, InvalidPayload
		}
		s.leave()
	}
	return false, ""
}

// leave closes the innermost container.
func (s *scan) leave() {
	s.pos++
	s.depth--
	s.here = container{num: -1, broken: true}
}

// placeholder counts the object that closes here, which is marked as one.
func (s *scan) placeholder() bool {
	num := s.here.num
	if s.here.broken || num < 0 || num >= s.attachments || s.seen.get(num) {
		return false
	}
	s.seen.put(num, true)
	s.found++
	return true
}

// name reads the name of a member and the colon behind it.
func (s *scan) name() Reason {
	if s.peek() != '"' {
		return InvalidPayload
	}
	s.pos++
	start := s.pos
	escaped, ok := s.str()
	if !ok {
		return InvalidPayload
	}
	s.here.key = otherKey
	if s.attachments > 0 {
		s.here.key = keyOf(s.data[start:s.pos-1], escaped)
	}
	if s.blanks(); s.peek() != ':' {
		return InvalidPayload
	}
	s.pos++
	s.blanks()
	return ""
}

// bitset is a set of small numbers. The first 512 cost no memory of their own.
type bitset struct {
	low  [8]uint64
	high []uint64
}

func (b *bitset) word(i int) *uint64 {
	if i < len(b.low)*64 {
		return &b.low[i/64]
	}
	i = i/64 - len(b.low)
	for i >= len(b.high) {
		b.high = append(b.high, 0)
	}
	return &b.high[i]
}

func (b *bitset) put(i int, v bool) {
	w := b.word(i)
	*w &^= 1 << (i % 64)
	if v {
		*w |= 1 << (i % 64)
	}
}

func (b *bitset) get(i int) bool { return *b.word(i)>>(i%64)&1 == 1 }
