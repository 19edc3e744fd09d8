//go:build linux && (amd64 || arm64)

package websocket

import (
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"
)

// raw reads and writes the descriptor of a plain TCP or Unix connection. It buys two things over net.Conn: a write that
// gives up instead of waiting, so that whoever sends may write (BenchmarkSend), and a read that takes its buffer only
// when there are bytes for it, so that an idle connection holds none.
//
// The calls into the kernel never block (MSG_DONTWAIT), so they are made without telling the scheduler.
type raw struct {
	sc      syscall.RawConn
	receive func(fd uintptr) bool // made once, as a reader waits in it; a writer borrows its own, see rawWrite

	// Owned by read.
	into   []byte
	buffer *readBuffer
	n      int
	errno  syscall.Errno
}

// newRaw returns nil if nc is anything but a connection of the kernel: a wrapper may do more than pass the bytes on.
func newRaw(nc net.Conn) *raw {
	var sc syscall.RawConn
	var err error
	switch nc := nc.(type) {
	case *net.TCPConn:
		sc, err = nc.SyscallConn()
	case *net.UnixConn:
		sc, err = nc.SyscallConn()
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	r := &raw{sc: sc}
	r.receive = r.doReceive
	return r
}

// read waits for bytes and reads them into dst, or into a pooled buffer if dst is empty. The buffer is the caller's to
// give back; it is nil on error.
func (r *raw) read(dst []byte) (n int, buffer *readBuffer, err error) {
	r.into, r.n, r.errno = dst, 0, 0
	err = r.sc.Read(r.receive)
	if err == nil && r.errno != 0 {
		err = r.errno
	}
	n, buffer = r.n, r.buffer
	r.into, r.buffer = nil, nil
	if n == 0 && err == nil {
		err = io.EOF
	}
	if n == 0 && buffer != nil {
		readPool.Put(buffer)
		buffer = nil
	}
	return n, buffer, err
}

// doReceive is called when the descriptor may have bytes. False means: wait.
func (r *raw) doReceive(fd uintptr) bool {
	dst := r.into
	if len(dst) == 0 {
		if r.buffer == nil {
			r.buffer = readPool.Get().(*readBuffer)
		}
		dst = r.buffer.bytes[:]
	}
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)),
			syscall.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			r.n = int(n)
			return true
		case syscall.EINTR:
		case syscall.EAGAIN:
			if r.buffer != nil {
				readPool.Put(r.buffer)
				r.buffer = nil
			}
			return false
		default:
			r.errno = errno
			return true
		}
	}
}

// write writes what the kernel takes of p now, maybe nothing.
func (r *raw) write(p []byte) (n int, err error) {
	w := rawWrites.Get().(*rawWrite)
	w.p, w.n, w.errno = p, 0, 0
	err = r.sc.Write(w.send)
	if err == nil && w.errno != 0 {
		err = w.errno
	}
	n, w.p = w.n, nil
	rawWrites.Put(w)
	return n, err
}

// writev is write for several pieces, none of which is empty.
func (r *raw) writev(pieces [][]byte) (n int, err error) {
	if len(pieces) == 1 {
		return r.write(pieces[0])
	}
	w := rawWrites.Get().(*rawWrite)
	w.n, w.errno = 0, 0
	for i, p := range pieces {
		w.vector[i].Base = &p[0]
		w.vector[i].SetLen(len(p))
	}
	w.header.Iov, w.header.Iovlen = &w.vector[0], uint64(len(pieces))
	err = r.sc.Write(w.sendMessage)
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
	vector      [len(vector{}.places)]syscall.Iovec
	n           int
	errno       syscall.Errno
	send        func(fd uintptr) bool
	sendMessage func(fd uintptr) bool
}

var rawWrites = sync.Pool{New: func() any {
	w := new(rawWrite)
	w.send, w.sendMessage = w.doSend, w.doSendMessage
	return w
}}

// doSend always returns true: whatever happens, there is no waiting. A short write has filled the socket's buffer.
func (w *rawWrite) doSend(fd uintptr) bool {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&w.p[0])), uintptr(len(w.p)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		if w.sent(n, errno) {
			return true
		}
	}
}

// doSendMessage is doSend for several pieces.
func (w *rawWrite) doSendMessage(fd uintptr) bool {
	for {
		n, _, errno := syscall.RawSyscall(syscall.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&w.header)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL)
		if w.sent(n, errno) {
			return true
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
