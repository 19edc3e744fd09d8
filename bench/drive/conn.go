//go:build linux

package drive

import (
	"errors"
	"io"
	"os"
	"syscall"
	"unsafe"

	"github.com/socketio-go/socketio/bench/wire"
)

// Conn is one connection of a loop.
type Conn struct {
	Index int // in its crowd

	loop    *Loop
	fd      int
	slot    int
	phase   phase
	dirty   bool   // it is in loop.dirty
	blocked bool   // the kernel takes no more for now
	waiting bool   // epoll tells when it takes more
	ignored bool   // nobody reads
	rest    []byte // of a message that is not complete
	out     []byte // to be written
	written int    // of out
	opened  func(*Conn)
}

// phase is how far a connection is.
type phase byte

const (
	plain     phase = iota // HTTP, all along
	upgrading              // waits for the 101
	opening                // waits for the open packet
	joining                // waits for the CONNECT
	open
)

var errEnded = errors.New("the server closed the connection")

// SendText sends one text message with the turn.
func (c *Conn) SendText(payload []byte) {
	c.out = wire.AppendFrame(c.out, wire.Text, payload)
	c.mark()
}

// SendBinary sends one binary message with the turn.
func (c *Conn) SendBinary(payload []byte) {
	c.out = wire.AppendFrame(c.out, wire.Binary, payload)
	c.mark()
}

// SendRaw sends bytes as they are, an HTTP request for example.
func (c *Conn) SendRaw(b []byte) {
	c.out = append(c.out, b...)
	c.mark()
}

func (c *Conn) mark() {
	if !c.dirty {
		c.dirty = true
		c.loop.dirty = append(c.loop.dirty, c)
	}
}

// Ignore lets the connection stand and reads no more from it.
func (c *Conn) Ignore() error {
	c.ignored = true
	e := syscall.EpollEvent{Fd: int32(c.slot)}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(c.loop.epoll, syscall.EPOLL_CTL_MOD, c.fd, &e))
}

// Reset ends the connection with a TCP reset, which leaves nothing behind in the kernel.
func (c *Conn) Reset() {
	if c.fd < 0 {
		return
	}
	syscall.SetsockoptLinger(c.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	syscall.Close(c.fd)
	c.loop.conns[c.slot] = nil
	c.fd = -1
	c.out, c.written = nil, 0
}

// write writes what is to leave. Connections never block, so the runtime need not know of the call.
func (c *Conn) write() error {
	for c.written < len(c.out) && !c.blocked && c.fd >= 0 {
		left := c.out[c.written:]
		n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(c.fd), uintptr(unsafe.Pointer(&left[0])), uintptr(len(left)))
		switch errno {
		case 0:
			c.written += int(n)
		case syscall.EINTR:
		case syscall.EAGAIN:
			c.blocked = true
			return c.wait(true)
		default:
			return os.NewSyscallError("write", errno)
		}
	}
	if c.written < len(c.out) {
		return nil
	}
	c.out, c.written = c.out[:0], 0
	return c.wait(false)
}

// receive reads once and handles what is complete.
func (c *Conn) receive() error {
	l := c.loop
	kept := copy(l.in, c.rest)
	if kept == len(l.in) {
		return wire.ErrTooLong
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(c.fd), uintptr(unsafe.Pointer(&l.in[kept])), uintptr(len(l.in)-kept))
	switch {
	case errno == syscall.EAGAIN || errno == syscall.EINTR:
		return nil
	case errno != 0:
		return os.NewSyscallError("read", errno)
	case n == 0:
		return io.ErrUnexpectedEOF
	}
	b := l.in[:kept+int(n)]
	for len(b) > 0 {
		size, err := c.take(b)
		if err != nil {
			return err
		}
		if size == 0 {
			break
		}
		b = b[size:]
		if c.fd < 0 {
			return nil
		}
	}
	c.rest = append(c.rest[:0], b...)
	return nil
}

// take handles the first message of b, and says how long it is: 0 when it is not complete.
func (c *Conn) take(b []byte) (int, error) {
	if c.phase <= upgrading {
		return c.response(b)
	}
	opcode, m, size, err := wire.Frame(b)
	if err != nil || size == 0 {
		return 0, err
	}
	switch {
	case opcode == wire.Close:
		return 0, errEnded
	case opcode == wire.Ping:
		c.out = wire.AppendFrame(c.out, wire.Pong, m)
		c.mark()
	case opcode == wire.Pong:
	case opcode == wire.Text && len(m) == 1 && m[0] == '2':
		c.SendText([]byte{'3'})
	case c.phase < open:
		err = c.greet(m)
	default:
		err = c.loop.load.Message(c, opcode == wire.Binary, m)
	}
	return size, err
}

// wait tells the kernel whether the loop waits for room to write.
func (c *Conn) wait(room bool) error {
	if c.waiting == room || c.fd < 0 {
		return nil
	}
	c.waiting = room
	e := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(c.slot)}
	if room {
		e.Events |= syscall.EPOLLOUT
	}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(c.loop.epoll, syscall.EPOLL_CTL_MOD, c.fd, &e))
}
