//go:build linux

package drive

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// Load decides what is sent, and judges what comes.
type Load interface {
	// Message is told each message of a WebSocket connection, or each body of an HTTP connection. The bytes are valid
	// until it returns. It may send on every connection of the loop.
	Message(c *Conn, binary bool, m []byte) error
}

// Pacer is a Load that sends at times of its own.
type Pacer interface {
	// Due is called at every turn, with the time of the loop, and at least at the time that it returned last.
	Due(now time.Duration) (next time.Duration, err error)
}

// Loop is a set of connections. It belongs to the goroutine that made it, which stays on its thread.
type Loop struct {
	// Awake lets the loop look again and again instead of sleeping until there is something. A server on the same machine
	// that sends to a sleeping client pays for waking the client's core, which no server does whose clients are elsewhere.
	Awake bool

	base  time.Time
	now   time.Duration
	spent time.Duration // on looking, when there was nothing
	epoll int
	conns []*Conn // by slot; nil when closed
	dirty []*Conn // have something to write
	in    []byte  // of every read
	body  []byte  // of chunked bodies
	ready [64]syscall.EpollEvent
	load  Load
}

// NewLoop makes an empty set.
func NewLoop() (*Loop, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create", err)
	}
	runtime.LockOSThread()
	const timerSlack = 29 // PR_SET_TIMERSLACK: wakes when asked to, and not 50 µs later
	syscall.RawSyscall(syscall.SYS_PRCTL, timerSlack, 1, 0)
	return &Loop{base: time.Now(), epoll: fd, in: make([]byte, 512<<10), body: make([]byte, 0, 64<<10)}, nil
}

// Close resets every connection and ends the loop.
func (l *Loop) Close() {
	for _, c := range l.conns {
		if c != nil {
			c.Reset()
		}
	}
	syscall.Close(l.epoll)
	runtime.UnlockOSThread()
}

// Now is the time of the last turn, since the loop was made.
func (l *Loop) Now() time.Duration { return l.now }

// Spent is the time that being awake has cost so far, while there was nothing to do.
func (l *Loop) Spent() time.Duration { return l.spent }

func (l *Loop) look() time.Duration {
	l.now = time.Since(l.base)
	return l.now
}

// Run lets load work for d, or until done, when given, says so. It reports whether done did.
func (l *Loop) Run(load Load, d time.Duration, done func() bool) (bool, error) {
	const never = time.Duration(1<<63 - 1)
	end := l.look() + d
	pacer, _ := load.(Pacer)
	l.load = load
	next := never
	for {
		if pacer != nil {
			var err error
			if next, err = pacer.Due(l.now); err != nil {
				return false, err
			}
		}
		if err := l.flush(); err != nil {
			return false, err
		}
		if done != nil && done() {
			return true, nil
		}
		if l.now >= end {
			return false, nil
		}
		before := l.now
		n, err := l.wait(min(next, end) - l.now)
		if err != nil {
			return false, err
		}
		if l.look(); n == 0 && l.Awake {
			l.spent += l.now - before
		}
		for i := range n {
			if err := l.serve(l.ready[i]); err != nil {
				return false, err
			}
			if l.look() >= next {
				if next, err = pacer.Due(l.now); err != nil {
					return false, err
				}
				if err := l.flush(); err != nil {
					return false, err
				}
			}
		}
	}
}

// wait is epoll_pwait2, whose time-out has nanoseconds.
func (l *Loop) wait(d time.Duration) (int, error) {
	const epollPwait2 = 441
	if l.Awake {
		d = 0
	}
	timeout := syscall.NsecToTimespec(int64(max(d, 0)))
	n, _, errno := syscall.Syscall6(epollPwait2, uintptr(l.epoll), uintptr(unsafe.Pointer(&l.ready[0])), uintptr(len(l.ready)),
		uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno == syscall.EINTR {
		return 0, nil
	}
	if errno != 0 {
		return 0, os.NewSyscallError("epoll_pwait2", errno)
	}
	return int(n), nil
}

// serve reads what a connection has, and writes what the load answers.
func (l *Loop) serve(e syscall.EpollEvent) error {
	c := l.conns[e.Fd]
	if c == nil {
		return nil // it was closed in this turn
	}
	if c.ignored {
		c.Reset() // the server has ended it
		return nil
	}
	if e.Events&syscall.EPOLLOUT != 0 {
		c.blocked = false
		c.mark()
	}
	if e.Events&^syscall.EPOLLOUT != 0 {
		if err := c.receive(); err != nil {
			return fmt.Errorf("connection %d: %w", c.Index, err)
		}
	}
	return l.flush()
}

// flush writes what was sent since the last time.
func (l *Loop) flush() error {
	for _, c := range l.dirty {
		c.dirty = false
		if err := c.write(); err != nil {
			return fmt.Errorf("connection %d: %w", c.Index, err)
		}
	}
	l.dirty = l.dirty[:0]
	return nil
}
