package websocket

import (
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Send writes the frames of batch, many in one system call. See [transport.Transport].
//
// What the kernel does not take stays in the session's outbox: only the number of bytes written of a frame is kept
// here, as a frame can be had again from its packet.
func (t *Transport) Send(batch []*packet.Prepared, wait bool) (n int, err error) {
	if t.decoder.client {
		return t.sendMasked(batch, wait)
	}
	if wait {
		defer t.nc.SetWriteDeadline(time.Time{}) // it would fail the writes that do not wait
	}
	for {
		if len(t.head) == 0 && t.offset == 0 {
			if t.pong.Load() != nil {
				t.head = *t.pong.Swap(nil) // nobody else takes one
			}
		}
		if len(t.head) == 0 && n == len(batch) {
			return n, nil
		}
		taken, more, err := t.sendSome(batch[n:], wait)
		n += taken
		if err != nil {
			return n, err
		}
		if more {
			return n, transport.ErrWouldBlock
		}
	}
}

// sendSome makes one write. It reports how many packets are done with, and whether the connection took less than it was
// given.
func (t *Transport) sendSome(batch []*packet.Prepared, wait bool) (n int, more bool, err error) {
	if !wait && !t.raw.There() {
		return 0, true, nil
	}
	if len(t.head) == 0 && len(batch) == 1 && !wait && !t.unkept(batch[0]) {
		chunk := t.frame(batch[0])[t.offset:] // shared by all receivers, and not copied
		written, err := t.raw.Write(chunk)
		if written < len(chunk) {
			t.offset += written
			return 0, true, err
		}
		t.offset = 0
		return 1, false, err
	}
	limit := writeMost
	if wait {
		limit = writeSize // each piece has its own time
	}
	v := vectors.Get().(*vector)
	defer v.release()
	t.gather(v, batch, limit)
	size := v.size
	var written int
	if wait {
		t.nc.SetWriteDeadline(time.Now().Add(t.o.WriteTimeout))
		var n int64
		n, err = v.pieces.WriteTo(t.nc)
		written = int(n)
	} else {
		written, err = t.raw.Writev(v.pieces)
	}
	return t.advance(batch, written), written < size, err
}

// gather collects what is to be written next, up to limit bytes or so much as fits.
func (t *Transport) gather(v *vector, batch []*packet.Prepared, limit int) {
	v.limit = limit
	if !v.add(t.head) {
		return
	}
	skip := t.offset
	for _, p := range batch {
		if !t.unkept(p) {
			if !v.add(t.frame(p)[skip:]) {
				return
			}
			skip = 0
			continue
		}
		var room [maxHead]byte
		head := appendHead(room[:0], p)
		h := min(skip, len(head))
		if !v.copy(head[h:]) || !v.add(p.Data[skip-h:]) {
			return
		}
		skip = 0
	}
}

// advance notes that k bytes were written, and returns how many packets that completes.
func (t *Transport) advance(batch []*packet.Prepared, k int) (n int) {
	h := min(k, len(t.head))
	if t.head = t.head[h:]; len(t.head) == 0 {
		t.head = nil
	}
	k -= h
	for k > 0 {
		rest := t.frameLen(batch[n]) - t.offset
		if k < rest {
			t.offset += k
			return n
		}
		k -= rest
		t.offset = 0
		n++
	}
	return n
}

// unkept reports whether the frame of p is not kept, but put together anew each time: nobody else wants it.
func (t *Transport) unkept(p *packet.Prepared) bool {
	return p.Single && (!p.Binary || t.peer == transport.Peer{}) && !t.compresses(p)
}

// frame is the frame of p for this peer, the same each time: a part of it may be on the wire already.
func (t *Transport) frame(p *packet.Prepared) []byte {
	switch {
	case !p.Binary || t.peer == transport.Peer{}:
		if t.compresses(p) {
			if f := p.Form(packet.CompressedFrame, t.o.codec.frame); f != nil {
				return f
			}
		}
		return frame(p)
	case !t.peer.Protocol3:
		return p.Form(packet.TextFrame, textFrame)
	case t.peer.Base64:
		return p.Form(packet.TextFrame3, textFrame3)
	}
	return p.Form(packet.Frame3, frame3)
}

func (t *Transport) frameLen(p *packet.Prepared) int {
	if t.unkept(p) {
		return headLen(p) + len(p.Data)
	}
	return len(t.frame(p))
}

// compresses reports whether p is to be compressed for this peer, if that pays.
func (t *Transport) compresses(p *packet.Prepared) bool {
	return t.decoder.deflate && !p.NoCompress && len(p.Data) >= t.o.codec.threshold
}
