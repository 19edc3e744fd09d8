package websocket

import (
	"cmp"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/deflate"
)

// Deflate is how messages are compressed when the peer agrees to the permessage-deflate extension (RFC 7692). Every zero
// field means the default.
type Deflate struct {
	// Threshold is the size in bytes from which on a message is compressed. The default is 1,024, negative is none.
	Threshold int
	// Level is from 1, fast, to 9, small. The default is 6.
	Level int
}

// codec is what the connections of one [Options] compress and inflate with.
type codec struct {
	threshold  int
	compressor *deflate.Compressor
	inflater   *deflate.Inflater
	frame      func(packet.Packet) []byte // compressedFrame, made once
}

func newCodec(o *Deflate) *codec {
	c := &codec{
		threshold:  max(0, cmp.Or(o.Threshold, 1024)),
		compressor: deflate.NewCompressor(o.Level),
		inflater:   deflate.NewInflater(),
	}
	c.frame = c.compressedFrame
	return c
}

// rsv1 marks the first frame of a compressed message (RFC 7692 section 6).
const rsv1 ws.OpCode = 0x40

// compressedFrame builds the [packet.CompressedFrame] form of a packet. It is nil if compressing does not pay.
func (c *codec) compressedFrame(p packet.Packet) []byte {
	op, data := ws.OpBinary, p.Data
	if !p.Binary {
		op, data = ws.OpText, p.AppendRecord(make([]byte, 0, p.RecordLen()))
	}
	frame := c.compressor.Message(data, ws.MaxHeaderSize)
	if frame == nil {
		return nil
	}
	var room [ws.MaxHeaderSize]byte
	head := appendHeader(room[:0], op|rsv1, len(frame)-ws.MaxHeaderSize)
	frame = frame[ws.MaxHeaderSize-len(head):]
	copy(frame, head)
	return frame
}
