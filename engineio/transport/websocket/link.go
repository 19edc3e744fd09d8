package websocket

import (
	"io"
	"net"
	"os"
	"time"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/internal/descriptor"
)

// link is the reading side of a connection, and the few things that reading and writing share. A [Conn] and a
// [Transport] are built around one.
type link struct {
	nc  net.Conn
	raw descriptor.Conn // none if nc is not a plain connection

	// Owned by the reader.
	decoder decoder
	o       *Options    // Fixed after start.
	chunk   []byte      // bytes read and not decoded yet
	buffer  *readBuffer // what chunk is a part of, if it came from the pool

	patient bool // reading waits for the peer
	drained bool // the last read took all that there was
}

const (
	// lingerTime is how long a peer may take to answer a close frame.
	lingerTime = 2 * time.Second
	// lingerBytes is about how much is searched for that answer, and drainBytes how much is read without a look: what was
	// under way when we closed. Who sends more did not stop, and reading for him would cost what closing was meant to save.
	lingerBytes = 64 << 10
	drainBytes  = 4 << 20
	lingerFrame = 8 // what a frame weighs beside its payload
)

// start makes a link of nc, from which early has been read.
func (l *link) start(nc net.Conn, early []byte, o *Options) {
	l.nc, l.raw, l.chunk, l.o, l.patient = nc, descriptor.Of(nc), early, o, true
	l.decoder.o = o
}

// next returns the next message or control frame. It is what every reader of this package stands on. A reader
// that is not patient gets errIdle when there is nothing to read now.
func (l *link) next() (message, error) {
	for {
		m, err := l.found()
		if err != nil || m.op != 0 {
			return m, err
		}
		if err := l.fill(); err != nil {
			return message{}, err
		}
	}
}

// found returns the next message or control frame that has been read, if it is complete; else its op is 0.
func (l *link) found() (message, error) {
	m, rest, err := l.decoder.next(l.chunk, l.buffer)
	l.chunk = rest
	return m, err
}

// fill reads more bytes: straight into a long message that is under way, or into chunk.
func (l *link) fill() error {
	l.release()
	if l.drained && !l.patient {
		l.drained = false
		return errIdle
	}
	dst := l.decoder.space()
	n, err := l.read(dst)
	if err == nil && len(dst) > 0 {
		l.decoder.filled(n)
	}
	return err
}

// read reads into dst, or into a buffer of the pool that becomes chunk.
func (l *link) read(dst []byte) (int, error) {
	if l.raw.There() {
		n, buffer, err := readPool.Read(l.raw, dst, l.patient)
		if buffer != nil {
			l.buffer, l.chunk, dst = buffer, buffer.bytes[:n], buffer.bytes[:]
		}
		l.drained = n < len(dst)
		return n, err
	}
	if len(dst) > 0 {
		return io.ReadAtLeast(l.nc, dst, 1)
	}
	buffer := readPool.Get()
	n, err := io.ReadAtLeast(l.nc, buffer.bytes[:], 1)
	if err != nil {
		readPool.Put(buffer)
		return 0, err
	}
	l.buffer, l.chunk = buffer, buffer.bytes[:n]
	return n, nil
}

// release gives the read buffer back.
func (l *link) release() {
	l.chunk = nil
	if l.buffer != nil {
		l.buffer.spare = nil
		readPool.Put(l.buffer)
		l.buffer = nil
	}
}

// linger waits for the close frame that answers ours (RFC 6455 section 7.1.1). What comes before it is dropped.
func (l *link) linger() {
	l.nc.SetReadDeadline(time.Now().Add(lingerTime))
	for read := 0; read < lingerBytes; {
		m, err := l.next()
		if err != nil || m.op == ws.OpClose {
			return
		}
		read += lingerFrame + len(m.data)
	}
	l.drain()
}

// drain is linger for a peer whose bytes make no sense any more: it reads them until the connection ends. Closing with
// bytes unread would reset the connection, and the peer might never see why.
func (l *link) drain() {
	l.release()
	l.nc.SetReadDeadline(time.Now().Add(lingerTime))
	if half, ok := l.nc.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	buffer := readPool.Get()
	defer readPool.Put(buffer)
	for read := 0; read < drainBytes; {
		n, err := l.nc.Read(buffer.bytes[:])
		if err != nil {
			return
		}
		read += n
	}
}

// cut closes the connection without a word. That of TLS would wait seconds for a last word to be sent.
func (l *link) cut() error {
	if tls, ok := l.nc.(interface{ NetConn() net.Conn }); ok {
		return tls.NetConn().Close()
	}
	return l.nc.Close()
}

// interrupt makes the reader return, with an error that [interrupted] knows.
func (l *link) interrupt() { l.nc.SetReadDeadline(time.Unix(1, 0)) }

func interrupted(err error) bool { return os.IsTimeout(err) }
