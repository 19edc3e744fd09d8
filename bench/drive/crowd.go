//go:build linux

package drive

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/socketio-go/socketio/bench/wire"
)

// patience ends the wait for a server that hangs.
const patience = time.Minute

// underWay is how many handshakes of a crowd run at the same time.
const underWay = 64

// Crowd opens n WebSocket connections and joins the default namespace on each.
func (l *Loop) Crowd(addr netip.AddrPort, n int) ([]*Conn, error) {
	request := fmt.Appendf(nil, "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", addr)
	var (
		crowd = make([]*Conn, 0, n)
		ready int
		open  func() error
		wrong error
	)
	open = func() error {
		if len(crowd) == n {
			return nil
		}
		c, err := l.dial(addr, upgrading)
		if err != nil {
			return err
		}
		c.Index = len(crowd)
		c.opened = func(*Conn) {
			ready++
			wrong = errors.Join(wrong, open())
		}
		c.SendRaw(request)
		crowd = append(crowd, c)
		return nil
	}
	for range min(n, underWay) {
		if err := open(); err != nil {
			return nil, err
		}
	}
	done, err := l.Run(silence{}, patience, func() bool { return ready == n || wrong != nil })
	switch {
	case err != nil || wrong != nil:
		return nil, errors.Join(err, wrong)
	case !done:
		return nil, fmt.Errorf("%d of %d connections stood after %v", ready, n, patience)
	}
	return crowd, nil
}

// Plain opens n HTTP connections.
func (l *Loop) Plain(addr netip.AddrPort, n int) ([]*Conn, error) {
	conns := make([]*Conn, n)
	for i := range conns {
		c, err := l.dial(addr, plain)
		if err != nil {
			return nil, err
		}
		c.Index = i
		conns[i] = c
	}
	return conns, nil
}

// silence is the load of connections that stand: nothing may come.
type silence struct{}

func (silence) Message(_ *Conn, _ bool, m []byte) error {
	return fmt.Errorf("%.40q comes unasked", m)
}

func (l *Loop) dial(addr netip.AddrPort, p phase) (*Conn, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	err = errors.Join(
		os.NewSyscallError("connect", syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()})),
		syscall.SetNonblock(fd, true),
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1),
	)
	slot := len(l.conns)
	if err == nil {
		e := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(slot)}
		err = os.NewSyscallError("epoll_ctl", syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, fd, &e))
	}
	if err != nil {
		syscall.Close(fd)
		return nil, err
	}
	c := &Conn{loop: l, fd: fd, slot: slot, phase: p}
	l.conns = append(l.conns, c)
	return c, nil
}

// response handles an HTTP response: the handshake, or what a plain connection gets.
func (c *Conn) response(b []byte) (int, error) {
	status, body, size, err := wire.Response(b, c.loop.body)
	if err != nil || size == 0 {
		return 0, err
	}
	want := 200
	if c.phase == upgrading {
		want = 101
	}
	if status != want {
		return 0, fmt.Errorf("%w: %.200q", wire.ErrResponse, b)
	}
	if c.phase == plain {
		return size, c.loop.load.Message(c, false, body)
	}
	c.phase = opening
	return size, nil
}

// greet leads a connection from the open packet to the namespace.
func (c *Conn) greet(m []byte) error {
	switch {
	case c.phase == opening && bytes.HasPrefix(m, []byte("0{")):
		c.SendText([]byte("40"))
		c.phase = joining
	case c.phase == joining && bytes.HasPrefix(m, []byte("40{")):
		c.phase = open
		c.opened(c)
	default:
		return fmt.Errorf("%.80q within the handshake", m)
	}
	return nil
}
