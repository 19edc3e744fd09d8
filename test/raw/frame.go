package raw

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"time"
)

var errTimeout = os.ErrDeadlineExceeded

// First bytes of complete frames (RFC 6455, section 5.2): FIN and the opcode.
const (
	Text   = 0x81
	Binary = 0x82
	Close  = 0x88
	Ping   = 0x89
	Pong   = 0x8a
)

// mask is the masking key of every frame this package writes. The protocol wants it unpredictable for the sake of
// proxies; tests want the same bytes every time.
var mask = [4]byte{0x37, 0xfa, 0x21, 0x3d}

// AppendFrame appends a masked frame with the given first byte, whatever that byte says.
func AppendFrame(dst []byte, first byte, payload []byte) []byte {
	return AppendMasked(AppendHeader(dst, first, 0x80, uint64(len(payload))), payload)
}

// AppendHeader appends a frame header that claims a payload of n bytes, in the shortest form. maskBit is 0x80 or 0;
// with 0x80 the key follows.
func AppendHeader(dst []byte, first, maskBit byte, n uint64) []byte {
	switch {
	case n < 126:
		dst = append(dst, first, maskBit|byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, first, maskBit|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, first, maskBit|127), n)
	}
	if maskBit != 0 {
		dst = append(dst, mask[:]...)
	}
	return dst
}

// AppendMasked appends a payload under the key of this package.
func AppendMasked(dst, payload []byte) []byte {
	at := len(dst)
	dst = append(dst, payload...)
	for i := range payload {
		dst[at+i] ^= mask[i&3]
	}
	return dst
}

// Frame is a WebSocket frame from the server.
type Frame struct {
	First   byte // FIN, RSV and opcode
	Payload []byte
}

// Code gives the status of a close frame, 1005 when it has none, and 0 when f is no close frame.
func (f Frame) Code() int {
	switch {
	case f.First != Close:
		return 0
	case len(f.Payload) < 2:
		return 1005
	}
	return int(binary.BigEndian.Uint16(f.Payload))
}

func (f Frame) String() string {
	if f.First == Close {
		return fmt.Sprintf("close %d", f.Code())
	}
	return fmt.Sprintf("%#02x %.200q", f.First, f.Payload)
}

// frameLimit is more than any test asks a server to send in one frame.
const frameLimit = 64 << 20

// Frame reads the next frame. io.EOF means that the server ended the connection between two frames.
func (c *Conn) Frame() (Frame, error) {
	c.TCP.SetReadDeadline(time.Now().Add(Patience))
	var head [10]byte
	if _, err := io.ReadFull(c.In, head[:2]); err != nil {
		return Frame{}, err
	}
	if head[1]&0x80 != 0 {
		return Frame{}, fmt.Errorf("the server masks its frames: % x", head[:2])
	}
	n := uint64(head[1])
	switch n {
	case 126:
		if _, err := io.ReadFull(c.In, head[2:4]); err != nil {
			return Frame{}, err
		}
		n = uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		if _, err := io.ReadFull(c.In, head[2:10]); err != nil {
			return Frame{}, err
		}
		n = binary.BigEndian.Uint64(head[2:])
	}
	if n > frameLimit {
		return Frame{}, fmt.Errorf("the server sends a frame of %d bytes", n)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(c.In, payload); err != nil {
		return Frame{}, err
	}
	return Frame{head[0], payload}, nil
}

// Ending is what a server said on a WebSocket connection until it ended it.
type Ending struct {
	Frames []Frame // before the close frame
	Code   int     // of the close frame; 0 when the connection ended without one
}

// End reads until the server ends the connection, and answers a close frame as every client must. An error means that
// the server did not end it.
func (c *Conn) End() (Ending, error) {
	var e Ending
	deadline := time.Now().Add(Patience)
	for {
		f, err := c.Frame()
		switch {
		case err == nil && f.First == Close && e.Code == 0:
			e.Code = f.Code()
			c.Send(AppendFrame(nil, Close, f.Payload)) // the server may be gone already
		case err == nil:
			e.Frames = append(e.Frames, f)
		case os.IsTimeout(err):
			return e, fmt.Errorf("the connection is still open after %v", Patience)
		default:
			return e, nil
		}
		if time.Now().After(deadline) {
			return e, fmt.Errorf("the connection is still talking after %v", Patience)
		}
	}
}
