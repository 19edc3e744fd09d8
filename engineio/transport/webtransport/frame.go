package webtransport

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/socketio-go/socketio/engineio/packet"
)

// A frame is a packet with its length in front, in 1, 3 or 9 bytes:
//
//	bBLLLLLL                      b: the packet is a binary message, the bytes are its data
//	                              else they are its text record, such as 4hello
//	L < 126                       the length
//	L = 126, 2 bytes              the length, big-endian
//	L = 127, 8 bytes              the length, big-endian
//
// Zero is no length, but for a client: servers of the reference send an empty binary message so. A length may be written in more bytes than it needs, as the reference reads it.
const (
	binaryBit = 0x80
	length16  = 126
	length64  = 127
	maxHeader = 9
)

// What may be wrong with a frame. Each ends the session: where the next frame begins is not known.
var (
	errEmpty   = errors.New("webtransport: frame without a length")
	errTooLong = errors.New("webtransport: frame too long")
)

// appendHeader appends the header of a frame of n bytes.
func appendHeader(dst []byte, isBinary bool, n int) []byte {
	var bit byte
	if isBinary {
		bit = binaryBit
	}
	switch {
	case n < length16:
		return append(dst, bit|byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, bit|length16), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, bit|length64), uint64(n))
	}
}

// appendHead appends what comes before p's data on the wire. An empty binary message would be an empty frame, which is
// none: it goes as text, in base64, as the protocol allows anywhere.
func appendHead(dst []byte, p packet.Packet) []byte {
	switch {
	case !p.Binary:
		return append(appendHeader(dst, false, 1+len(p.Data)), '0'+byte(p.Type))
	case len(p.Data) == 0:
		return p.AppendRecord(appendHeader(dst, false, p.RecordLen()))
	default:
		return appendHeader(dst, true, len(p.Data))
	}
}

// firstRead is how much is allocated on the word of the peer alone. More comes as its bytes do.
const firstRead = 16 << 10

// decoder reads frames. It holds no buffer while it waits for one.
type decoder struct {
	r    io.Reader
	max  int  // the largest frame, without its header
	kind bool // to a peer that sends an empty binary message as an empty frame
	head [maxHeader - 1]byte
}

// next reads one frame. The data is the caller's. The error is io.EOF only between two frames.
func (d *decoder) next() (isBinary bool, data []byte, err error) {
	if _, err := io.ReadFull(d.r, d.head[:1]); err != nil {
		return false, nil, err
	}
	isBinary = d.head[0]&binaryBit != 0
	n := uint64(d.head[0] &^ binaryBit)
	switch n {
	case length16:
		err = d.read(d.head[:2])
		n = uint64(binary.BigEndian.Uint16(d.head[:]))
	case length64:
		err = d.read(d.head[:8])
		n = binary.BigEndian.Uint64(d.head[:])
	}
	switch {
	case err != nil:
		return false, nil, err
	case n == 0 && !(isBinary && d.kind):
		return false, nil, errEmpty
	case n > uint64(d.max):
		return false, nil, errTooLong
	}
	data = make([]byte, 0, min(int(n), firstRead))
	for len(data) < int(n) {
		if len(data) == cap(data) {
			grown := make([]byte, len(data), min(int(n), 2*cap(data)))
			copy(grown, data)
			data = grown
		}
		have := len(data)
		data = data[:cap(data)]
		if err := d.read(data[have:]); err != nil {
			return false, nil, err
		}
	}
	return isBinary, data, nil
}

// read fills b with a part of a frame that has begun.
func (d *decoder) read(b []byte) error {
	_, err := io.ReadFull(d.r, b)
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
