package websocket

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// message is what a decoder found: a whole data message (fragments joined) or a control frame.
type message struct {
	op   ws.OpCode // OpContinuation, zero: nothing was complete
	data []byte    // of a data message: fresh memory; of a control frame: valid until the next call
}

// decoder turns bytes into messages. It may be fed in pieces of any size and keeps what is incomplete: at most one
// message, of at most max bytes. All memory it takes, bar a first piece, has been filled by the peer.
type decoder struct {
	max          int  // of a message, in bytes
	maxFragments int  // of a message
	client       bool // this side is the client: frames come unmasked

	header  ws.Header
	payload int // bytes of the frame's payload that are to come
	masked  int // bytes of the frame's payload that came

	fragments int
	op        ws.OpCode // of the message that is under way
	data      []byte    // of the same
	trust     int       // how much memory the peer gets on its word
	control   []byte    // the payload of a control frame

	inPayload bool
	head      uint8 // bytes in partial
	partial   [ws.MaxHeaderSize]byte
}

// firstTrust is how much memory a peer gets for announcing a long frame. More comes as its bytes do. Who has sent a
// longer message before is trusted with that length again.
const firstTrust = 16 << 10

// step consumes bytes of p until a message is complete or p is used up. An error ends the connection; it is a
// [*CloseError] with the code to send.
func (d *decoder) step(p []byte) (m message, rest []byte, err error) {
	for {
		if !d.inPayload {
			var ok bool
			if p, ok, err = d.readHeader(p); err != nil || !ok {
				return message{}, p, err
			}
		}
		n := min(d.payload, len(p))
		if n > 0 {
			d.grow(n)
			d.take(p[:n])
			p = p[n:]
		}
		if d.payload > 0 {
			return message{}, p, nil
		}
		d.inPayload = false
		if m, err = d.endFrame(); err != nil || m.op != 0 {
			return m, p, err
		}
	}
}

// readHeader completes a frame header from p. It reports whether that was possible.
func (d *decoder) readHeader(p []byte) (rest []byte, ok bool, err error) {
	for {
		need := 2
		if d.head >= 2 {
			need = headerSize(d.partial[1])
		}
		if int(d.head) == need {
			d.head = 0
			return p, true, d.beginFrame()
		}
		if len(p) == 0 {
			return p, false, nil
		}
		n := copy(d.partial[d.head:need], p)
		d.head += uint8(n)
		p = p[n:]
	}
}

// headerSize is the length of a frame header, known from its second byte (RFC 6455 section 5.2).
func headerSize(b byte) int {
	n := 2
	switch b & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if b&0x80 != 0 {
		n += 4
	}
	return n
}

// beginFrame checks the header in partial against the rules and limits, before any of the payload is taken.
func (d *decoder) beginFrame() error {
	b := d.partial[:]
	h := ws.Header{Fin: b[0]&0x80 != 0, Rsv: b[0] >> 4 & 7, OpCode: ws.OpCode(b[0] & 0x0f), Masked: b[1]&0x80 != 0}
	length := uint64(b[1] & 0x7f)
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(b[2:]))
		b = b[4:]
	case 127:
		length = binary.BigEndian.Uint64(b[2:])
		b = b[10:]
	default:
		b = b[2:]
	}
	if h.Masked {
		copy(h.Mask[:], b)
	}
	h.Length = int64(min(length, 1<<62))

	state := ws.StateServerSide
	if d.client {
		state = ws.StateClientSide
	}
	if d.op != 0 {
		state = state.Set(ws.StateFragmented)
	}
	if err := ws.CheckHeader(h, state); err != nil {
		return violation(err.Error())
	}
	if h.OpCode.IsData() {
		// len(d.data) ≤ max, so this can't overflow whatever the peer announces.
		if length > uint64(d.max-len(d.data)) {
			return &CloseError{Code: CodeTooBig, Reason: "message too big"}
		}
		d.fragments++
		if d.fragments > d.maxFragments {
			return &CloseError{Code: CodePolicy, Reason: "too many fragments"}
		}
		if h.OpCode != ws.OpContinuation {
			d.op = h.OpCode
		}
	}
	d.header, d.payload, d.masked, d.inPayload = h, int(h.Length), 0, true
	return nil
}

// grow makes room for n more bytes of the message under way.
func (d *decoder) grow(n int) {
	if d.header.OpCode.IsControl() {
		if d.control == nil {
			d.control = make([]byte, 0, ws.MaxControlFramePayloadSize)
		}
		return
	}
	have := len(d.data)
	if cap(d.data)-have >= n {
		return
	}
	// Exactly what the frame needs if it is all here or the peer is trusted with it, else twice what came.
	size := have + d.payload
	if limit := max(have+n, 2*have, d.trust, firstTrust); size > limit {
		size = limit
	}
	data := make([]byte, have, size)
	copy(data, d.data)
	d.data = data
}

// take appends p to the message under way, for which there is room, and unmasks it.
func (d *decoder) take(p []byte) {
	dst := &d.data
	if d.header.OpCode.IsControl() {
		dst = &d.control
	}
	have := len(*dst)
	*dst = append(*dst, p...)
	d.unmask((*dst)[have:])
}

func (d *decoder) unmask(p []byte) {
	if d.header.Masked {
		ws.Cipher(p, d.header.Mask, d.masked)
	}
	d.masked += len(p)
	d.payload -= len(p)
}

// space is memory of a long message that bytes may be read into directly, or nil when there is no long message under
// way. What was read is told with filled. It saves the copy through a read buffer.
func (d *decoder) space() []byte {
	if !d.inPayload || d.payload < readSize/2 || d.header.OpCode.IsControl() {
		return nil
	}
	if cap(d.data)-len(d.data) == 0 {
		d.grow(1)
	}
	free := d.data[len(d.data):cap(d.data)]
	return free[:min(len(free), d.payload)]
}

// filled says that the first n bytes of space hold bytes of the peer.
func (d *decoder) filled(n int) {
	have := len(d.data)
	d.data = d.data[:have+n]
	d.unmask(d.data[have:])
}

// endFrame returns what the frame that ended completes, if anything.
func (d *decoder) endFrame() (message, error) {
	op := d.header.OpCode
	if op.IsControl() {
		m := message{op: op, data: d.control}
		if len(d.control) > 0 {
			d.control = nil // seldom, so not worth keeping between frames
		}
		return m, nil
	}
	if !d.header.Fin {
		return message{}, nil
	}
	m := message{op: d.op, data: d.data}
	d.trust = max(d.trust, len(d.data))
	d.op, d.data, d.fragments = 0, nil, 0
	if m.op == ws.OpText && !utf8.Valid(m.data) {
		return message{}, &CloseError{Code: CodeInvalidData, Reason: "invalid UTF-8"}
	}
	return m, nil
}
