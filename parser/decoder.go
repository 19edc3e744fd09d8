package parser

import "math"

// Limits bound what one packet may cost its reader. A zero or negative field means its default.
type Limits struct {
	Attachments     int // binary messages of one packet; the default is 10, or that of another [Dialect]
	Depth           int // objects and arrays inside each other, the array of the arguments included; the default is 512
	Arguments       int // arguments of an event (without its name) or of an acknowledgement; the default is 1,000
	AttachmentBytes int // bytes of all attachments of one packet; the default is 1,000,000
}

// WithDefaults returns the limits with the defaults where none was set.
func (l Limits) WithDefaults() Limits {
	return Limits{or(l.Attachments, DefaultAttachments), or(l.Depth, 512), or(l.Arguments, 1000), or(l.AttachmentBytes, 1_000_000)}
}

// DefaultAttachments is how many attachments the decoders of the JavaScript client and server take.
const DefaultAttachments = 10

func or(limit, otherwise int) int {
	if limit > 0 {
		return limit
	}
	return otherwise
}

// Decoder turns the messages of one connection into packets. The zero value works. It is not safe for use by several
// goroutines: it belongs to the one that reads.
//
// After an error it is as new, and the connection should be closed: the peer broke the protocol.
type Decoder struct {
	// Limits may be set before the first message.
	Limits Limits

	partial *partial // made for the first packet with attachments, and kept: most connections have none
	// namespace is the last one seen, so that a connection's packets share one string.
	namespace string
}

// partial is a packet that waits for its attachments, when want > 0.
type partial struct {
	Packet
	want int // attachments still to come
	size int // bytes of those that have come
}

// maxKeptNamespace is the length in bytes up to which a decoder remembers a namespace.
const maxKeptNamespace = 128

// Text takes a text message. It returns the packet and true, or false when attachments must follow; those go to
// [Decoder.Binary]. The packet keeps data, without a copy. The error is an [*Error].
//
// A packet has the type [Event] or [Ack] also when it came as BINARY_EVENT or BINARY_ACK. Its namespace is "/" when the
// text names none; a query string behind it stays a part of the name, as protocol 5 has none. An [Ack] may lack an id,
// as with the JavaScript parser; it answers nothing.
func (d *Decoder) Text(data []byte) (p Packet, done bool, err error) {
	if d.Pending() {
		return d.fail(UnexpectedText, 0)
	}
	limits := d.limits()
	h, e := parseHeader(data, limits.Attachments)
	if e != nil {
		return d.fail(e.Reason, e.Offset)
	}
	if e := checkPayload(data, &h, limits); e != nil {
		return d.fail(e.Reason, e.Offset)
	}
	p = Packet{Type: h.kind, Namespace: d.intern(h.namespace), ID: h.id, HasID: h.hasID}
	if h.end < len(data) {
		p.Data = data[h.end:]
	}
	if h.attachments > 0 {
		if d.partial == nil {
			d.partial = new(partial)
		}
		d.partial.Packet, d.partial.want = p, h.attachments
		return Packet{}, false, nil
	}
	return p, true, nil
}

// Binary takes a binary message, the next attachment of the packet whose text came before. It returns that packet and
// true when this was the last one. The packet keeps data, without a copy. The error is an [*Error].
func (d *Decoder) Binary(data []byte) (p Packet, done bool, err error) {
	if !d.Pending() {
		return d.fail(UnexpectedBinary, 0)
	}
	w := d.partial
	if max := d.limits().AttachmentBytes; len(data) > max-w.size {
		return d.fail(AttachmentsTooLarge, 0)
	}
	w.size += len(data)
	if w.Attachments == nil {
		w.Attachments = make([][]byte, 0, w.want) // each has its placeholder, so the text has paid for this
	}
	w.Attachments = append(w.Attachments, data)
	if w.want--; w.want > 0 {
		return Packet{}, false, nil
	}
	p = w.Packet
	d.Reset()
	return p, true, nil
}

// limits are the Limits with their defaults.
func (d *Decoder) limits() *Limits {
	if l := &d.Limits; l.Attachments <= 0 || l.Depth <= 0 || l.Arguments <= 0 || l.AttachmentBytes <= 0 {
		*l = l.WithDefaults()
	}
	return &d.Limits
}

// Pending tells whether a packet still waits for attachments.
func (d *Decoder) Pending() bool { return d.partial != nil && d.partial.want > 0 }

// Reset forgets a packet whose attachments have not all come, and its bytes.
func (d *Decoder) Reset() {
	if d.partial != nil {
		*d.partial = partial{}
	}
}

func (d *Decoder) fail(r Reason, offset int) (Packet, bool, error) {
	d.Reset()
	return Packet{}, false, &Error{Reason: r, Offset: offset}
}

// intern saves the string of a namespace that is seen again and again.
func (d *Decoder) intern(name []byte) string {
	switch {
	case len(name) == 0 || len(name) == 1: // "/"
		return "/"
	case string(name) == d.namespace:
		return d.namespace
	case len(name) <= maxKeptNamespace:
		d.namespace = string(name)
		return d.namespace
	}
	return string(name)
}

// header is what stands before the JSON.
type header struct {
	kind        Type // Event or Ack for the binary types
	attachments int
	namespace   []byte
	id          uint64
	hasID       bool
	end         int // offset of the JSON
}

// parseHeader reads <type>[<n>-][<nsp>,][<id>].
func parseHeader(data []byte, maxAttachments int) (h header, e *Error) {
	if len(data) == 0 || data[0]-'0' > byte(BinaryAck) { // a byte below '0' wraps and is too large as well
		return h, &Error{UnknownType, 0}
	}
	h.kind = Type(data[0] - '0')
	i := 1
	if h.kind == BinaryEvent || h.kind == BinaryAck {
		h.kind -= BinaryEvent - Event
		n, end, overflow := digits(data, i)
		switch {
		case overflow || n > uint64(maxAttachments):
			return h, &Error{TooManyAttachments, i}
		case end == i || end == len(data) || data[end] != '-' || n == 0:
			return h, &Error{IllegalAttachments, end}
		}
		h.attachments = int(n)
		i = end + 1
	}
	if i < len(data) && data[i] == '/' {
		start := i
		for i < len(data) && data[i] != ',' {
			i++
		}
		h.namespace = data[start:i]
		if i < len(data) {
			i++
		}
	}
	n, end, overflow := digits(data, i)
	if overflow {
		return h, &Error{IllegalID, i}
	}
	h.id, h.hasID, h.end = n, end > i, end
	return h, nil
}

// digits reads decimal digits from i on. It stops early at a number that does not fit.
func digits(data []byte, i int) (n uint64, end int, overflow bool) {
	for ; i < len(data); i++ {
		c := uint64(data[i] - '0')
		if c > 9 {
			break
		}
		if n > (math.MaxUint64-c)/10 {
			return 0, i, true
		}
		n = n*10 + c
	}
	return n, i, false
}
