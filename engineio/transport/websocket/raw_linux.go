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
// when there are bytes for it, or gives up as well, so that an idle connection holds no buffer and needs no goroutine.
//
// The calls into the kernel never block (MSG_DONTWAIT), so they are made without telling the scheduler.
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

// there reports whether there is a connection.
func (r raw) there() bool { return r.sc != nil }

// read reads into dst, or into a pooled buffer if dst is empty. The buffer is the caller's to give back; it is nil on
// error. Without bytes to read it waits for some or, if patient is false, returns errIdle.
func (r raw) read(dst []byte, patient bool) (n int, buffer *readBuffer, err error) {
	w := rawReads.Get().(*rawRead)
	w.into, w.patient, w.n, w.errno = dst, patient, 0, 0
	err = r.sc.Read(w.receive)
	n, buffer = w.n, w.buffer
	if err == nil && w.errno != 0 {
		err = w.errno
	}
	w.into, w.buffer = nil, nil
	rawReads.Put(w)
	switch {
	case err == syscall.EAGAIN:
		err = errIdle
	case n == 0 && err == nil:
		err = io.EOF
	}
	if n == 0 && buffer != nil {
		readPool.Put(buffer)
		buffer = nil
	}
	return n, buffer, err
}

// rawRead is a read under way. Few wait, so a few serve all connections.
type rawRead struct {
	into    []byte
	patient bool
	buffer  *readBuffer
	n       int
	errno   syscall.Errno
	receive func(fd uintptr) bool
}

var rawReads = sync.Pool{New: func() any {
	w := new(rawRead)
	w.receive = w.doReceive
	return w
}}

// doReceive is called when the descriptor may have bytes. False means: wait.
func (w *rawRead) doReceive(fd uintptr) bool {
	dst := w.into
	if len(dst) == 0 {
		if w.buffer == nil {
			w.buffer = readPool.Get().(*readBuffer)
		}
		dst = w.buffer.bytes[:]
	}
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)),
			syscall.MSG_DONTWAIT, 0, 0)
		switch {
		case errno == 0:
			w.n = int(n)
			return true
		case errno == syscall.EINTR:
		case errno == syscall.EAGAIN && w.patient:
			if w.buffer != nil {
				readPool.Put(w.buffer)
				w.buffer = nil
			}
			return false
		default:
			w.errno = errno
			return true
		}
	}
}

// write writes what the kernel takes of p now, maybe nothing.
//
// RawConn.Write would do as well, but it prepares to wait, which touches memory of the runtime's poller that no processor
// has at hand; Control only keeps the descriptor open meanwhile.
func (r raw) write(p []byte) (n int, err error) {
	w := rawWrites.Get().(*rawWrite)
	w.p, w.n, w.errno = p, 0, 0
	err = r.sc.Control(w.send)
	if err == nil && w.errno != 0 {
		err = w.errno
	}
	n, w.p = w.n, nil
	rawWrites.Put(w)
	return n, err
}

// writev is write for several pieces, none of which is empty.
func (r raw) writev(pieces [][]byte) (n int, err error) {
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
	err = r.sc.Control(w.sendMessage)
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
