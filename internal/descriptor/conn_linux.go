//go:build linux && (amd64 || arm64)

package descriptor

import (
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"
)

// Conn is the descriptor of a connection. The zero Conn is none.
type Conn struct {
	sc syscall.RawConn
}

// Of returns none if nc is anything but a connection of the kernel: a wrapper may do more than pass the bytes on.
func Of(nc net.Conn) Conn {
	var sc syscall.RawConn
	var err error
	switch nc := nc.(type) {
	case *net.TCPConn:
		sc, err = nc.SyscallConn()
	case *net.UnixConn:
		sc, err = nc.SyscallConn()
	}
	if err != nil {
		return Conn{}
	}
	return Conn{sc}
}

// There reports whether there is a descriptor.
func (c Conn) There() bool { return c.sc != nil }

// Control keeps the descriptor open while f uses it.
func (c Conn) Control(f func(fd uintptr)) error { return c.sc.Control(f) }

// Read reads into dst, or into a buffer of the pool if dst is empty. The buffer is the caller's to give back; it is nil on
// error. Without bytes to read it waits for some or, if patient is false, returns [ErrNothing].
func (p *Buffers[B]) Read(c Conn, dst []byte, patient bool) (n int, buffer *B, err error) {
	r := p.reads.Get().(*read[B])
	r.into, r.patient, r.n, r.errno = dst, patient, 0, 0
	err = c.sc.Read(r.receive)
	n, buffer = r.n, r.buffer
	if err == nil && r.errno != 0 {
		err = r.errno
	}
	r.into, r.buffer = nil, nil
	p.reads.Put(r)
	switch {
	case err == syscall.EAGAIN:
		err = ErrNothing
	case n == 0 && err == nil:
		err = io.EOF
	}
	if n == 0 && buffer != nil {
		p.Put(buffer)
		buffer = nil
	}
	return n, buffer, err
}

// read is a read under way.
type read[B any] struct {
	from    *Buffers[B]
	into    []byte
	patient bool
	buffer  *B
	n       int
	errno   syscall.Errno
	receive func(fd uintptr) bool
}

func newRead[B any](p *Buffers[B]) *read[B] {
	r := &read[B]{from: p}
	r.receive = r.doReceive
	return r
}

// doReceive is called when the descriptor may have bytes. False means: wait.
func (r *read[B]) doReceive(fd uintptr) bool {
	dst := r.into
	if len(dst) == 0 {
		if r.buffer == nil {
			r.buffer = r.from.Get()
		}
		dst = r.from.bytes(r.buffer)
	}
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)),
			syscall.MSG_DONTWAIT, 0, 0)
		switch {
		case errno == 0:
			r.n = int(n)
			return true
		case errno == syscall.EINTR:
		case errno == syscall.EAGAIN && r.patient:
			if r.buffer != nil {
				r.from.Put(r.buffer)
				r.buffer = nil
			}
			return false
		default:
			r.errno = errno
			return true
		}
	}
}

// Write writes what the kernel takes of p now, maybe nothing.
//
// RawConn.Write would do as well, but it prepares to wait, which touches memory of the runtime's poller that no processor
// has at hand; Control only keeps the descriptor open meanwhile.
func (c Conn) Write(p []byte) (n int, err error) {
	w := rawWrites.Get().(*rawWrite)
	w.p, w.n, w.errno = p, 0, 0
	err = c.sc.Control(w.send)
	if err == nil && w.errno != 0 {
		err = w.errno
	}
	n, w.p = w.n, nil
	rawWrites.Put(w)
	return n, err
}

// Writev is Write for several pieces, none of which is empty.
func (c Conn) Writev(pieces [][]byte) (n int, err error) {
	if len(pieces) == 1 {
		return c.Write(pieces[0])
	}
	w := rawWrites.Get().(*rawWrite)
	w.n, w.errno = 0, 0
	for i, p := range pieces {
		w.vector[i].Base = &p[0]
		w.vector[i].SetLen(len(p))
	}
	w.header.Iov, w.header.Iovlen = &w.vector[0], uint64(len(pieces))
	err = c.sc.Control(w.sendMessage)
	if err == nil && w.errno != 0 {
		err = w.errno
	}
	n = w.n
	clear(w.vector[:len(pieces)])
	rawWrites.Put(w)
	return n, err
}

// rawWrite is a write under way. It never waits, so a few serve all connections.
type rawWrite struct {
	p           []byte
	header      syscall.Msghdr
	vector      [MaxPieces]syscall.Iovec
	n           int
	errno       syscall.Errno
	send        func(fd uintptr)
	sendMessage func(fd uintptr)
}

var rawWrites = sync.Pool{New: func() any {
	w := new(rawWrite)
	w.send, w.sendMessage = w.doSend, w.doSendMessage
	return w
}}

// doSend makes the call. A short write has filled the socket's buffer.
func (w *rawWrite) doSend(fd uintptr) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&w.p[0])), uintptr(len(w.p)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		if w.sent(n, errno) {
			return
		}
	}
}

// doSendMessage is doSend for several pieces.
func (w *rawWrite) doSendMessage(fd uintptr) {
	for {
		n, _, errno := syscall.RawSyscall(syscall.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&w.header)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL)
		if w.sent(n, errno) {
			return
		}
	}
}

// sent notes what became of a system call. False means that it is to be made again.
func (w *rawWrite) sent(n uintptr, errno syscall.Errno) bool {
	switch errno {
	case 0:
		w.n = int(n)
	case syscall.EINTR:
		return false
	case syscall.EAGAIN:
	default:
		w.errno = errno
	}
	return true
}
