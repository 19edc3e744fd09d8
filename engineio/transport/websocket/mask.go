package websocket

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// The frames of a client are masked, each with a key of its own (RFC 6455 section 5.3), so they are shared with nobody:
// what is about to be written stands in Transport.head.

// sendMasked is [Transport.Send] for a client. A packet is out of the session's hands as soon as it stands in head.
func (t *Transport) sendMasked(batch []*packet.Prepared, wait bool) (n int, err error) {
	if wait {
		defer t.nc.SetWriteDeadline(time.Time{})
	}
	for {
		if len(t.head) == 0 {
			if f := t.pong.Swap(nil); f != nil {
				t.head = *f
			}
			for n < len(batch) && (len(t.head) == 0 || len(t.head)+len(batch[n].Data) < writeSize) {
				t.head = t.appendMasked(t.head, batch[n])
				n++
			}
		}
		if len(t.head) == 0 {
			return n, nil
		}
		if !wait && !t.raw.There() {
			return n, transport.ErrWouldBlock
		}
		chunk := t.head[:min(len(t.head), writeSize)]
		var written int
		if wait {
			t.nc.SetWriteDeadline(time.Now().Add(t.o.WriteTimeout))
			written, err = t.nc.Write(chunk)
		} else {
			written, err = t.raw.Write(chunk)
		}
		if t.head = t.head[written:]; len(t.head) == 0 {
			t.head = nil
		}
		if err != nil {
			return n, err
		}
		if written < len(chunk) {
			return n, transport.ErrWouldBlock
		}
	}
}

// appendMasked appends the frame of a packet as a client sends it.
func (t *Transport) appendMasked(dst []byte, p *packet.Prepared) []byte {
	op, data := ws.OpBinary, p.Data
	if !p.Binary || t.peer.Base64 {
		op, data = ws.OpText, p.AppendRecord(make([]byte, 0, p.RecordLen()))
	}
	if t.compresses(p) {
		if small := t.o.codec.compressor.Message(data, 0); small != nil {
			return appendMaskedFrame(dst, op|rsv1, small)
		}
	}
	return appendMaskedFrame(dst, op, data)
}

func appendMaskedFrame(dst []byte, op ws.OpCode, data []byte) []byte {
	at := len(dst)
	dst = appendHeader(dst, op, len(data))
	dst[at+1] |= 0x80
	var key [4]byte
	binary.LittleEndian.PutUint32(key[:], rand.Uint32()) // ChaCha8, seeded by the system: nobody can foretell it
	dst = append(append(dst, key[:]...), data...)
	ws.Cipher(dst[len(dst)-len(data):], key, 0)
	return dst
}

// masked makes a client's frame of a server's one that has no mask.
func masked(op ws.OpCode, frame []byte) []byte {
	return appendMaskedFrame(nil, op, frame[2:]) // control frames have a header of two bytes
}
