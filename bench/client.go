package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// client is one Socket.IO client in the default namespace, made of WebSocket frames.
type client struct {
	conn net.Conn
	in   *bufio.Reader

	mu  sync.Mutex // of out
	out []byte
}

const handshake = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\n" +
	"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// patience ends a wait for a server that hangs.
const patience = time.Minute

// dial connects and joins.
func dial(addr string, buffer int) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, in: bufio.NewReaderSize(conn, buffer)}
	if err := c.join(addr); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *client) join(addr string) error {
	c.conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(c.conn, handshake, addr); err != nil {
		return err
	}
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.Contains(line, []byte(" 101 ")) {
			return fmt.Errorf("handshake answered with %q", line)
		}
		if len(line) == 2 {
			break
		}
	}
	if err := c.send("40"); err != nil {
		return err
	}
	for {
		m, err := c.read()
		if err != nil {
			return err
		}
		if bytes.HasPrefix(m, []byte("40{")) {
			return c.conn.SetDeadline(time.Time{})
		}
	}
}

// send sends text messages in one write.
func (c *client) send(texts ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = c.out[:0]
	for _, text := range texts {
		c.out = appendFrame(c.out, text)
	}
	_, err := c.conn.Write(c.out)
	return err
}

// First bytes of complete frames (RFC 6455, section 5.2).
const (
	textFrame   = 0x81
	binaryFrame = 0x82
)

// appendFrame appends a text frame with the mask zero, which leaves the bytes as they are.
func appendFrame(dst []byte, text string) []byte { return appendData(dst, textFrame, text) }

// appendData is appendFrame for any kind of frame.
func appendData(dst []byte, first byte, text string) []byte {
	const masked = 0x80
	switch n := len(text); {
	case n < 126:
		dst = append(dst, first, masked|byte(n))
	case n <= 0xffff:
		dst = binary.BigEndian.AppendUint16(append(dst, first, masked|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, first, masked|127), uint64(n))
	}
	return append(append(dst, 0, 0, 0, 0), text...)
}

// read returns the next message, and answers pings on the way. The bytes are valid until the next read.
func (c *client) read() ([]byte, error) {
	for {
		m, err := c.frame()
		if err != nil {
			return nil, err
		}
		if len(m) == 1 && m[0] == '2' {
			if err := c.send("3"); err != nil {
				return nil, err
			}
			continue
		}
		return m, nil
	}
}

var errEnded = errors.New("the server ended the connection")

func (c *client) frame() ([]byte, error) {
	head, err := c.in.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 {
		return nil, errEnded
	}
	size, n := 2, int(head[1]&0x7f)
	if n == 126 {
		size = 4
		if head, err = c.in.Peek(size); err != nil {
			return nil, err
		}
		n = int(binary.BigEndian.Uint16(head[2:]))
	} else if n == 127 {
		return nil, errors.New("a frame longer than any of the load")
	}
	c.in.Discard(size)
	if n <= c.in.Size() {
		m, err := c.in.Peek(n)
		if err != nil {
			return nil, err
		}
		c.in.Discard(n)
		return m, nil
	}
	m := make([]byte, n)
	_, err = io.ReadFull(c.in, m)
	return m, err
}

// crowd connects many clients, a few at a time.
func crowd(addr string, n, buffer int) ([]*client, error) {
	const atOnce = 16
	clients := make([]*client, n)
	errs := make([]error, atOnce)
	var wg sync.WaitGroup
	for w := range atOnce {
		wg.Go(func() {
			for i := w; i < n && errs[w] == nil; i += atOnce {
				clients[i], errs[w] = dial(addr, buffer)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		leave(clients)
		return nil, err
	}
	return clients, nil
}

func leave(clients []*client) {
	for _, c := range clients {
		if c != nil {
			c.conn.Close()
		}
	}
}
