package websocket

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/internal/deflate"
)

// message is what a decoder found: a whole data message (fragments joined) or a control frame.
type message struct {
	op   ws.OpCode // OpContinuation, zero: nothing was complete
	data []byte    // fresh memory
}

// decoder turns bytes into messages. It may be fed in pieces of any size and keeps what is incomplete: at most one
// message, of at most o.MaxMessage bytes. All memory it takes, bar a first piece, has been filled by the peer.
//
// Every connection has one, also while it is idle, so its fields are no larger than they must be.
type decoder struct {
	// Fixed after start. These are asked for by who writes as well.
	client  bool // this side is the client: frames come without a mask
	deflate bool // permessage-deflate was agreed on

	// The frame under way.
	frame      ws.OpCode
	message    ws.OpCode // of the message, 0: none is under way
	fin        bool
	isMasked   bool
	inPayload  bool
	compressed bool // the message is
	mask       [4]byte
	masked     uint8 // bytes of its payload that came, modulo 4
	head       uint8 // bytes in partial
	partial    [ws.MaxHeaderSize]byte
	payload    int // bytes of its payload that are to come
	control    *control

	// The message under way.
	data      []byte
	fragments int
	trust     int // how much memory the peer gets on its word

	o *Options // Fixed after start.
}

// control is the payload of a control frame. Its memory is taken only while there is one.
type control struct {
	data [ws.MaxControlFramePayloadSize]byte
	n    int
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
	if d.message != 0 {
		state = state.Set(ws.StateFragmented)
	}
	compressed := h.Rsv == 4 && d.deflate && (h.OpCode == ws.OpText || h.OpCode == ws.OpBinary)
	if compressed {
		h.Rsv = 0 // only the first frame of a message has RSV1 (RFC 7692 section 6.1)
	}
	if err := ws.CheckHeader(h, state); err != nil {
		return violation(err.Error())
	}
	if h.OpCode.IsData() {
		// len(d.data) ≤ MaxMessage, so this can't overflow whatever the peer announces.
		if length > uint64(d.o.MaxMessage-len(d.data)) {
			return &CloseError{Code: CodeTooBig, Reason: "message too big"}
		}
		d.fragments++
		if d.fragments > d.o.MaxFragments {
			return &CloseError{Code: CodePolicy, Reason: "too many fragments"}
		}
		if h.OpCode != ws.OpContinuation {
			d.message, d.compressed = h.OpCode, compressed
		}
	}
	d.frame, d.fin, d.isMasked, d.mask, d.masked = h.OpCode, h.Fin, h.Masked, h.Mask, 0
	d.payload, d.inPayload = int(h.Length), true
	return nil
}

// take adds p, which is a part of the frame's payload, to the message under way.
func (d *decoder) take(p []byte) {
	if d.frame.IsControl() {
		if d.control == nil {
			d.control = new(control)
		}
		c := d.control
		copy(c.data[c.n:], p)
		d.unmask(c.data[c.n : c.n+len(p)])
		c.n += len(p)
		return
	}
	d.grow(len(p))
	have := len(d.data)
	d.data = append(d.data, p...)
	d.unmask(d.data[have:])
}

// grow makes room for n more bytes of the message under way.
func (d *decoder) grow(n int) {
	have := len(d.data)
	if cap(d.data)-have >= n {
		return
	}
	// Exactly what the frame needs if it is all here or the peer is trusted with it, else twice what came.
	size := have + d.payload
	if d.fragments > 1 && size < 2*have {
		size = min(2*have, d.o.MaxMessage) // or each small fragment would copy all that came before it
	}
	if limit := max(have+n, 2*have, d.trust, firstTrust); size > limit {
		size = limit
	}
	data := make([]byte, have, size)
	copy(data, d.data)
	d.data = data
}

func (d *decoder) unmask(p []byte) {
	if d.isMasked {
		ws.Cipher(p, d.mask, int(d.masked))
		d.masked = uint8((int(d.masked) + len(p)) % 4)
	}
	d.payload -= len(p)
}

// space is memory of a long message that bytes may be read into directly, or nil when there is no long message under
// way. What was read is told with filled. It saves the copy through a read buffer.
func (d *decoder) space() []byte {
	if !d.inPayload || d.payload < readSize/2 {
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
	if d.frame.IsControl() {
		m := message{op: d.frame}
		if c := d.control; c != nil {
			m.data, d.control = c.data[:c.n], nil
		}
		return m, nil
	}
	if !d.fin {
		return message{}, nil
	}
	m := message{op: d.message, data: d.data}
	d.trust = max(d.trust, len(d.data))
	d.message, d.data, d.fragments = 0, nil, 0
	if d.compressed {
		var err error
		if m.data, err = d.inflate(m.data); err != nil {
			return message{}, err
		}
	}
	if m.op == ws.OpText && !utf8.Valid(m.data) {
		return message{}, &CloseError{Code: CodeInvalidData, Reason: "invalid UTF-8"}
	}
	return m, nil
}

// inflate gives a message as it was before it was compressed.
func (d *decoder) inflate(data []byte) ([]byte, error) {
	data, err := d.o.codec.inflater.Message(data, d.o.MaxMessage)
	switch err {
	case nil:
		return data, nil
	case deflate.ErrTooLarge:
		return nil, &CloseError{Code: CodeTooBig, Reason: "message too big when inflated"}
	}
	return nil, &CloseError{Code: CodeInvalidData, Reason: "not compressed as agreed"}
}
