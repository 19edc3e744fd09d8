package websocket

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// Conn is a WebSocket connection that is read and written one message at a time.
//
// Read must be called by one goroutine at a time, and again and again, as it also answers the peer's pings and its close
// frame. Write and Close may be called by any goroutine.
type Conn struct {
	nc           net.Conn
	raw          *raw // nil if nc is not a plain connection
	writeTimeout time.Duration

	// Owned by the reader.
	decoder decoder
	chunk   []byte          // bytes read and not decoded yet
	buffer  *[readSize]byte // what chunk is a part of, if it came from the pool

	mu     sync.Mutex // held while writing; not used below a session, which has its own order
	closed bool       // a close frame was sent. Guarded by mu.
}

// Read returns the next message of the peer. A [*CloseError] tells how the connection ended; it has then been answered
// and closed. The data is the caller's.
func (c *Conn) Read() (binary bool, data []byte, err error) {
	for {
		m, err := c.next()
		if err != nil {
			c.end(err)
			return false, nil, err
		}
		switch m.op {
		case ws.OpText, ws.OpBinary:
			return m.op == ws.OpBinary, m.data, nil
		case ws.OpPing:
			if err := c.write(ws.OpPong, m.data); err != nil {
				c.end(err)
				return false, nil, err
			}
		case ws.OpClose:
			err := parseClose(m.data)
			c.end(err)
			return false, nil, err
		}
	}
}

// Write sends one message. It blocks until the connection has taken it, but not longer than the write timeout.
func (c *Conn) Write(binary bool, data []byte) error {
	if binary {
		return c.write(ws.OpBinary, data)
	}
	return c.write(ws.OpText, data)
}

// Close sends a close frame and leaves the rest to Read, which returns when the peer has answered. Without a reader, or
// without a peer that answers, the connection is closed when the write timeout has passed.
func (c *Conn) Close(code int, reason string) error {
	c.nc.SetReadDeadline(time.Now().Add(c.writeTimeout))
	return c.writeClose(code, reason)
}

// CloseNow closes the connection at once.
func (c *Conn) CloseNow() error { return c.cut() }

// cut closes the connection without a word. That of TLS would wait seconds for a last word to be sent.
func (c *Conn) cut() error {
	if tls, ok := c.nc.(interface{ NetConn() net.Conn }); ok {
		return tls.NetConn().Close()
	}
	return c.nc.Close()
}

// joined is the size up to which a message is copied behind its header: cheaper than a second piece on its way through
// the kernel, or a second record of TLS.
const joined = 8 << 10

func (c *Conn) write(op ws.OpCode, data []byte) error {
	head := make([]byte, 0, ws.MaxHeaderSize)
	if len(data) <= joined {
		head = make([]byte, 0, ws.MaxHeaderSize+len(data))
	}
	buffers := net.Buffers{appendHeader(head, op, len(data)), data}
	if len(data) <= joined {
		buffers = net.Buffers{append(buffers[0], data...)}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.nc.SetWriteDeadline(time.Now().Add(c.writeTimeout))
	_, err := buffers.WriteTo(c.nc)
	return err
}

func (c *Conn) writeClose(code int, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.closed = true
	c.nc.SetWriteDeadline(time.Now().Add(c.writeTimeout))
	_, err := c.nc.Write(closeFrame(code, reason))
	return err
}

// end answers how reading ended, and closes the connection.
func (c *Conn) end(err error) {
	var ce *CloseError
	if errors.As(err, &ce) && c.writeClose(ce.Code, "") == nil && !ce.Peer {
		c.drain()
	}
	c.release()
	c.nc.Close()
}

// lingerTime is how long a peer may take to answer a close frame.
const lingerTime = 2 * time.Second

// linger waits for the close frame that answers ours (RFC 6455 section 7.1.1). What comes before it is dropped.
func (c *Conn) linger() {
	c.nc.SetReadDeadline(time.Now().Add(lingerTime))
	for {
		if m, err := c.next(); err != nil || m.op == ws.OpClose {
			return
		}
	}
}

// drain is linger for a peer whose bytes make no sense any more: it reads them until the connection ends. Closing with
// bytes unread would reset the connection, and the peer might never see why.
func (c *Conn) drain() {
	c.release()
	c.nc.SetReadDeadline(time.Now().Add(lingerTime))
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	buffer := readPool.Get().(*[readSize]byte)
	defer readPool.Put(buffer)
	for {
		if _, err := c.nc.Read(buffer[:]); err != nil {
			return
		}
	}
}

// next returns the next message or control frame. It is what every reader of this package stands on.
func (c *Conn) next() (message, error) {
	for {
		m, rest, err := c.decoder.step(c.chunk)
		c.chunk = rest
		if err != nil || m.op != 0 {
			return m, err
		}
		if err := c.fill(); err != nil {
			return message{}, err
		}
	}
}

// fill reads more bytes: straight into a long message that is under way, or into chunk.
func (c *Conn) fill() error {
	c.release()
	dst := c.decoder.space()
	n, err := c.read(dst)
	if err == nil && len(dst) > 0 {
		c.decoder.filled(n)
	}
	return err
}

// read reads into dst, or into a buffer of the pool that becomes chunk.
func (c *Conn) read(dst []byte) (int, error) {
	if c.raw != nil {
		n, buffer, err := c.raw.read(dst)
		if buffer != nil {
			c.buffer, c.chunk = buffer, buffer[:n]
		}
		return n, err
	}
	if len(dst) > 0 {
		return io.ReadAtLeast(c.nc, dst, 1)
	}
	buffer := readPool.Get().(*[readSize]byte)
	n, err := io.ReadAtLeast(c.nc, buffer[:], 1)
	if err != nil {
		readPool.Put(buffer)
		return 0, err
	}
	c.buffer, c.chunk = buffer, buffer[:n]
	return n, nil
}

// release gives the read buffer back.
func (c *Conn) release() {
	c.chunk = nil
	if c.buffer != nil {
		readPool.Put(c.buffer)
		c.buffer = nil
	}
}
