package websocket

import (
	"errors"
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
	link

	mu     sync.Mutex // held while writing
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
			if err := c.writeFrame(ws.OpPong, m.data); err != nil {
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

// Write sends one message. It blocks until the connection has taken it, but not longer than the write timeout. An error
// is the end of the connection.
func (c *Conn) Write(binary bool, data []byte) error {
	op := ws.OpText
	if binary {
		op = ws.OpBinary
	}
	if c.decoder.deflate && len(data) >= c.o.codec.threshold {
		if small := c.o.codec.compressor.Message(data, 0); small != nil {
			return c.writeFrame(op|rsv1, small)
		}
	}
	return c.writeFrame(op, data)
}

// Close sends a close frame and leaves the rest to Read, which returns when the peer has answered. Without a reader, or
// without a peer that answers, the connection is closed when the write timeout has passed.
func (c *Conn) Close(code int, reason string) error {
	c.nc.SetReadDeadline(time.Now().Add(c.o.WriteTimeout))
	return c.writeClose(code, reason)
}

// CloseNow closes the connection at once.
func (c *Conn) CloseNow() error { return c.cut() }

// joined is the size up to which a message is copied behind its header: cheaper than a second piece on its way through
// the kernel, or a second record of TLS.
const joined = 8 << 10

func (c *Conn) writeFrame(op ws.OpCode, data []byte) error {
	if c.decoder.client {
		return c.write(net.Buffers{appendMaskedFrame(make([]byte, 0, ws.MaxHeaderSize+len(data)), op, data)})
	}
	head := make([]byte, 0, ws.MaxHeaderSize)
	if len(data) <= joined {
		head = make([]byte, 0, ws.MaxHeaderSize+len(data))
	}
	buffers := net.Buffers{appendHeader(head, op, len(data)), data}
	if len(data) <= joined {
		buffers = net.Buffers{append(buffers[0], data...)}
	}
	return c.write(buffers)
}

// write writes a whole frame.
func (c *Conn) write(frame net.Buffers) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.nc.SetWriteDeadline(time.Now().Add(c.o.WriteTimeout))
	_, err := frame.WriteTo(c.nc)
	if err != nil {
		c.closed = true // a part of the frame may be on the wire, so nothing can follow it
		c.cut()
	}
	return err
}

func (c *Conn) writeClose(code int, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.closed = true
	c.nc.SetWriteDeadline(time.Now().Add(c.o.WriteTimeout))
	frame := closeFrame(code, reason)
	if c.decoder.client {
		frame = masked(ws.OpClose, frame)
	}
	_, err := c.nc.Write(frame)
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
