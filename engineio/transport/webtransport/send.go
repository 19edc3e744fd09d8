package webtransport

import (
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// writeSize is how much is written at once, and has a time of its own.
const writeSize = 64 << 10

var writePool = sync.Pool{New: func() any { return new([writeSize]byte) }}

// Send writes the frames of batch, many in one go. See [transport.Transport].
//
// QUIC takes bytes as fast as the peer and the network do and has no way to ask how many it would take now, so Send
// does nothing unless it may wait.
func (t *Transport) Send(batch []*packet.Prepared, wait bool) (n int, err error) {
	if len(batch) == 0 {
		return 0, nil
	}
	if !wait {
		return 0, transport.ErrWouldBlock
	}
	buffer := writePool.Get().(*[writeSize]byte)
	defer writePool.Put(buffer)
	for n < len(batch) {
		chunk, taken := gather(buffer[:0], batch[n:])
		if taken == 0 {
			taken, err = 1, t.sendLarge(chunk, batch[n].Packet)
		} else {
			err = t.write(chunk)
		}
		if err != nil {
			return n, err
		}
		n += taken
	}
	t.sent = time.Now()
	return n, nil
}

// gather fills dst with as many whole frames as there is room for.
func gather(dst []byte, batch []*packet.Prepared) (chunk []byte, taken int) {
	for _, p := range batch {
		if len(dst)+maxHeader+1+len(p.Data) > cap(dst) {
			break
		}
		dst = append(appendHead(dst, p.Packet), p.Data...)
		taken++
	}
	return dst, taken
}

// sendLarge writes a frame that is larger than a chunk. The data is not copied.
func (t *Transport) sendLarge(chunk []byte, p packet.Packet) error {
	chunk = appendHead(chunk, p)
	first := min(len(p.Data), cap(chunk)-len(chunk))
	if err := t.write(append(chunk, p.Data[:first]...)); err != nil {
		return err
	}
	for rest := p.Data[first:]; len(rest) > 0; {
		next := min(len(rest), writeSize)
		if err := t.write(rest[:next]); err != nil {
			return err
		}
		rest = rest[next:]
	}
	return nil
}

// write writes b, within the write timeout.
func (t *Transport) write(b []byte) error {
	s := t.stream.Load()
	s.SetWriteDeadline(time.Now().Add(t.limits.WriteTimeout))
	_, err := s.Write(b)
	return err
}
