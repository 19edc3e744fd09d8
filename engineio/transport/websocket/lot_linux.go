//go:build linux && (amd64 || arm64)

package websocket

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

// watcher is an epoll instance of our own. It is watched in turn by the runtime's, so that the goroutine which asks it
// for news costs no thread while there is none. It lives as long as there are connections in it.
type watcher struct {
	file  *os.File
	poll  syscall.RawConn // of file
	slots []slot
	free  uint32 // the first free slot and one, 0: none
	used  int
}

// slot is the place of a transport. What the kernel is given is its number and turn, so that news of a connection that
// has gone reaches nobody.
type slot struct {
	t    *Transport
	turn int32
	next uint32 // free slot, and one
}

// anyNews is that there are bytes to read, an end, or an error. It is told once.
const anyNews = syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT

// enter gives t a place, and has its first news told. False means that it can't have one.
func (l *Lot) enter(t *Transport) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &l.watcher
	if w.file == nil && !l.open() {
		return false
	}
	if w.free == 0 {
		w.slots = append(w.slots, slot{})
		w.free = uint32(len(w.slots))
	}
	t.slot = int32(w.free - 1)
	s := &w.slots[t.slot]
	s.t, w.free = t, s.next
	w.used++
	t.turn = s.turn
	if t.watchFor(syscall.EPOLL_CTL_ADD) != nil {
		l.vacate(t)
		return false
	}
	return true
}

// open makes the instance and starts its goroutine. It is called with mu held.
func (l *Lot) open() bool {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return false
	}
	syscall.SetNonblock(fd, true) // so that the runtime watches it
	file := os.NewFile(uintptr(fd), "epoll")
	poll, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails if the runtime can't watch it: the kernel bounds its watches too
	}
	if err != nil {
		file.Close()
		return false
	}
	l.watcher = watcher{file: file, poll: poll}
	l.epoll.Store(int32(fd))
	l.running.Add(1)
	go l.watch(poll)
	return true
}

// leave takes the place of t back.
func (l *Lot) leave(t *Transport) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.vacate(t)
}

// vacate is leave with mu held. The last one closes the door.
func (l *Lot) vacate(t *Transport) {
	w := &l.watcher
	s := &w.slots[t.slot]
	s.t = nil
	s.turn++
	s.next, w.free = w.free, uint32(t.slot+1)
	if w.used--; w.used == 0 {
		w.file.Close()
		l.watcher, l.busy = watcher{}, nil
	}
}

// arm has the next news of t told, once; if there is some already, at once. An error is that of a connection which is
// closed, and whoever closes it wakes t.
func (l *Lot) arm(t *Transport) {
	t.watchFor(syscall.EPOLL_CTL_MOD)
}

// watchFor has the next news of t told.
func (t *Transport) watchFor(op int) error {
	c := epollCalls.Get().(*epollCall)
	c.epoll, c.op = int(t.lot.epoll.Load()), op
	c.event = syscall.EpollEvent{Events: anyNews, Fd: t.slot, Pad: t.turn}
	err := t.raw.Control(c.control)
	if err == nil {
		err = c.err
	}
	epollCalls.Put(c)
	return err
}

// epollCall is a call of epoll_ctl. It is lent, as it would be allocated for each.
type epollCall struct {
	epoll, op int
	event     syscall.EpollEvent
	err       error
	control   func(fd uintptr)
}

var epollCalls = sync.Pool{New: func() any {
	c := new(epollCall)
	c.control = func(fd uintptr) { c.err = syscall.EpollCtl(c.epoll, c.op, int(fd), &c.event) }
	return c
}}

// tick ends the watcher's wait after d, for a sweep; 0 means never.
func (w *watcher) tick(d time.Duration) {
	var deadline time.Time
	if d > 0 {
		deadline = time.Now().Add(d)
	}
	w.file.SetReadDeadline(deadline)
}

// epollBatch is how many connections are woken at a time.
const epollBatch = 128

// watch wakes those who have something to read, until the instance is closed.
func (l *Lot) watch(poll syscall.RawConn) {
	defer l.running.Done()
	var (
		events [epollBatch]syscall.EpollEvent
		woken  [epollBatch]*Transport
		n      int
	)
	ask := func(fd uintptr) bool {
		var err error
		if n, err = syscall.EpollWait(int(fd), events[:], 0); err != nil {
			n = 0 // interrupted
		}
		return n > 0
	}
	for {
		switch err := poll.Read(ask); {
		case err == nil:
			l.find(poll, events[:n], woken[:n])
			for i, t := range woken[:n] {
				if t != nil {
					t.wake()
					woken[i] = nil
				}
			}
		case !errors.Is(err, os.ErrDeadlineExceeded) || !l.tick(poll):
			return
		}
	}
}

// find looks up who the events are for.
func (l *Lot) find(poll syscall.RawConn, events []syscall.EpollEvent, found []*Transport) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watcher.poll != poll {
		return // another instance has followed
	}
	for i, e := range events {
		if s := &l.watcher.slots[e.Fd]; s.turn == e.Pad {
			found[i] = s.t
		}
	}
}

// tick is the time for a sweep. False means that another instance has followed.
func (l *Lot) tick(poll syscall.RawConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watcher.poll != poll {
		return false
	}
	again := time.Duration(0)
	if l.sweep() {
		again = l.silence
	}
	l.watcher.tick(again)
	return true
}
