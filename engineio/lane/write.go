package lane

import (
	"io"
	"time"
)

// Send writes what the connection takes of p without waiting, maybe nothing.
func (c *Conn) Send(p []byte) (n int, err error) {
	if !c.raw.There() {
		return 0, nil
	}
	return c.raw.Write(p)
}

// Drain writes all of p. It waits for the peer, but not for longer than the timeout.
func (c *Conn) Drain(p []byte, timeout time.Duration) error {
	c.nc.SetWriteDeadline(time.Now().Add(timeout))
	_, err := c.nc.Write(p)
	c.nc.SetWriteDeadline(time.Time{})
	return err
}

// Go runs f on a goroutine that the server waits for. Who calls it has a request of this connection.
func (c *Conn) Go(f func()) {
	c.server.running.Go(f)
}

// AppendEnd appends the end of the header of a response: what net/http adds to each.
func (c *Conn) AppendEnd(dst []byte) []byte {
	dst = append(append(append(dst, "Date: "...), c.server.clock.date(time.Now())...), "\r\n"...)
	if c.server.draining.Load() {
		dst = append(dst, "Connection: close\r\n"...)
	}
	return append(dst, "\r\n"...)
}

// Done says that the response to a request that was kept is out, or why not.
func (c *Conn) Done(err error) {
	closes := err != nil || c.server.draining.Load()
	now := c.server.now()
	c.mu.Lock()
	c.waiter, c.done = nil, now
	if c.state = idle; closes {
		c.state = ended
	}
	freed := c.freed
	c.freed = nil
	c.mu.Unlock()
	if closes {
		c.nc.Close() // the reader sees it
	}
	if freed != nil {
		close(freed)
	}
}

// Reply writes the response to the request at hand, on the goroutine of the reader. With unread, not all of the request has
// been read, and it ends the connection.
func (c *Conn) Reply(p []byte, timeout time.Duration, unread bool) {
	n, err := c.Send(p)
	if n < len(p) && err == nil {
		err = c.Drain(p[n:], timeout)
	}
	c.unread = unread
	c.last = unread || err != nil || c.server.draining.Load()
}

const (
	lingerTime  = 500 * time.Millisecond // as net/http has it
	lingerBytes = 64 << 10
)

// linger lets the peer have the last response although it may be writing still: the kernel would throw away what has not
// arrived when it gets more for a connection that is closed.
func (c *Conn) linger() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.nc.SetReadDeadline(time.Now().Add(lingerTime))
	io.CopyN(io.Discard, c.nc, lingerBytes)
}
