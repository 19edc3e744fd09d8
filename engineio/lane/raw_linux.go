//go:build linux && (amd64 || arm64)

package lane

import (
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"
)

// raw reads and writes the descriptor of a TCP or Unix connection, without waiting for the scheduler to be told: the calls
// into the kernel never block (MSG_DONTWAIT). A read takes a buffer only when there are bytes for it, a write gives up
// where it would wait.
type raw struct {
	sc syscall.RawConn // nil in the zero raw, which is none
}

// newRaw returns none if nc is anything but a connection of the kernel: a wrapper may do more than pass the bytes on.
func newRaw(nc net.Conn) raw {
	var sc syscall.RawConn
	var err error
	switch nc := nc.(type) {
	case *net.TCPConn:
		sc, err = nc.SyscallConn()
	case *net.UnixConn:
		sc, err = nc.SyscallConn()
	}
	if err != nil {
		return raw{}
	}
	return raw{sc}
}

func (r raw) there() bool { return r.sc != nil }

// read reads bytes: into dst or, if that is empty, into a buffer of the pool, which it returns. If there are none it waits or,
// if patient is false, returns errNothing.
func (r raw) read(dst []byte, patient bool) (n int, b *buffer, err error) {
	o := rawReads.Get().(*rawRead)
	o.dst, o.patient, o.n, o.errno = dst, patient, 0, 0
	err = r.sc.Read(o.receive)
	if err == nil && o.errno != 0 {
		err = o.errno
	}
	n, b = o.n, o.b
	o.dst, o.b = nil, nil
	rawReads.Put(o)
	switch {
	case err == syscall.EAGAIN:
		err = errNothing
	case n == 0 && err == nil:
		err = io.EOF
	}
	if n == 0 && b != nil {
		buffers.Put(b)
		b = nil
	}
	return n, b, err
}

type rawRead struct {
	dst     []byte
	patient bool
	b       *buffer
	n       int
	errno   syscall.Errno
	receive func(fd uintptr) bool
}

var rawReads = sync.Pool{New: func() any {
	o := new(rawRead)
	o.receive = o.doReceive
	return o
}}

// doReceive is called when the descriptor may have bytes. False means: wait.
func (o *rawRead) doReceive(fd uintptr) bool {
	dst := o.dst
	if len(dst) == 0 {
		if o.b == nil {
			o.b = buffers.Get().(*buffer)
		}
		dst = o.b[:]
	}
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)),
			syscall.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			o.n = int(n)
			return true
		case syscall.EINTR:
		default:
			if errno == syscall.EAGAIN && o.patient {
				if o.b != nil {
					buffers.Put(o.b)
					o.b = nil
				}
				return false
			}
			o.errno = errno
			return true
		}
	}
}

// write writes what the kernel takes of p now, maybe nothing.
func (r raw) write(p []byte) (n int, err error) {
	o := rawWrites.Get().(*rawWrite)
	o.p, o.n, o.errno = p, 0, 0
	err = r.sc.Control(o.send)
	if err == nil && o.errno != 0 {
		err = o.errno
	}
	n, o.p = o.n, nil
	rawWrites.Put(o)
	return n, err
}

type rawWrite struct {
	p     []byte
	n     int
	errno syscall.Errno
	send  func(fd uintptr)
}

var rawWrites = sync.Pool{New: func() any {
	o := new(rawWrite)
	o.send = o.doSend
	return o
}}

func (o *rawWrite) doSend(fd uintptr) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&o.p[0])), uintptr(len(o.p)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		switch errno {
		case 0:
			o.n = int(n)
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
		default:
			o.errno = errno
		}
		return
	}
}
