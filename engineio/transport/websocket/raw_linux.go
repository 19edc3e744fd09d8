//go:build linux && (amd64 || arm64)

package websocket

import (
	"io"
	"net"
	"syscall"
	"unsafe"
)

// raw reads and writes the descriptor of a plain TCP or Unix connection. It buys two things over net.Conn: a write that
// gives up instead of waiting, so that whoever sends may write (BenchmarkSend), and a read that takes its buffer only
// when there are bytes for it, so that an idle connection holds none.
//
// The calls into the kernel never block (MSG_DONTWAIT), so they are made without telling the scheduler.
type raw struct {
	sc syscall.RawConn
	// The two callbacks are made once. Each has its own parameters and results below, as each side has one user.
	onRead, onWrite func(fd uintptr) bool

	// Owned by read.
	into   []byte
	buffer *[readSize]byte
	n      int
	rerr   error

	// Owned by write.
	from []byte
	sent int
	werr error
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
	r.onRead, r.onWrite = r.receive, r.send
	return r
}

// read waits for bytes and reads them into dst, or into a pooled buffer if dst is empty. The buffer is the caller's to
// give back; it is nil on error.
func (r *raw) read(dst []byte) (n int, buffer *[readSize]byte, err error) {
	r.into, r.n, r.rerr = dst, 0, nil
	err = r.sc.Read(r.onRead)
	if err == nil {
		err = r.rerr
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

// receive is called when the descriptor may have bytes. False means: wait.
func (r *raw) receive(fd uintptr) bool {
	dst := r.into
	if len(dst) == 0 {
		if r.buffer == nil {
			r.buffer = readPool.Get().(*[readSize]byte)
		}
		dst = r.buffer[:]
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
			r.rerr = errno
			return true
		}
	}
}

// write writes what the kernel takes of p now, maybe nothing.
func (r *raw) write(p []byte) (n int, err error) {
	r.from, r.sent, r.werr = p, 0, nil
	err = r.sc.Write(r.onWrite)
	r.from = nil
	if err == nil {
		err = r.werr
	}
	return r.sent, err
}

func (r *raw) send(fd uintptr) bool {
	for len(r.from) > 0 {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&r.from[0])), uintptr(len(r.from)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		switch errno {
		case 0:
			r.sent += int(n)
			r.from = r.from[n:]
		case syscall.EINTR:
		case syscall.EAGAIN:
			return true
		default:
			r.werr = errno
			return true
		}
	}
	return true
}
