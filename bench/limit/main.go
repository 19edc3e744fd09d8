//go:build linux

// Command limit is no rival: it speaks just enough Socket.IO for the load generator of bench, over one epoll set and
// nothing else, to show what the machine itself asks for a message. It trusts its peers blindly, has one namespace, no
// heartbeat, no polling, no second core and no limit to what waits for a reader.
package main

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"os"
	"syscall"
	"unsafe"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("limit: ")
	if err := serve(os.Getenv("PORT")); err != nil {
		log.Fatal(err)
	}
}

// serve serves until an error.
func serve(port string) error {
	listener, err := net.Listen("tcp4", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	defer listener.Close() // and not earlier: we use its descriptor
	raw, err := listener.(*net.TCPListener).SyscallConn()
	if err != nil {
		return err
	}
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		return err
	}
	s := &server{epoll: epoll, rooms: make(map[string][]*conn), read: make([]byte, 256<<10)}
	if err := raw.Control(func(fd uintptr) { s.listener = int(fd); err = s.watch(s.listener) }); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	fmt.Println("ready", listener.Addr().(*net.TCPAddr).Port)
	return s.loop()
}

type server struct {
	epoll, listener int
	conns           []*conn // by descriptor; nil where there is none
	all             []*conn
	rooms           map[string][]*conn
	read            []byte
	due             []*conn // has something to write
	frame           []byte
}

type conn struct {
	fd    int
	open  bool   // the handshake is done
	rest  []byte // the part of a frame that came
	out   []byte
	isDue bool
}

func (s *server) watch(fd int) error {
	return syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

// loop waits without telling the scheduler: there is nothing else that could run.
func (s *server) loop() error {
	var events [128]syscall.EpollEvent
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(s.epoll), uintptr(unsafe.Pointer(&events)),
			uintptr(len(events)), ^uintptr(0), 0, 0)
		if errno == syscall.EINTR {
			continue
		}
		if errno != 0 {
			return errno
		}
		for _, e := range events[:n] {
			if int(e.Fd) == s.listener {
				if err := s.accept(); err != nil {
					return err
				}
				continue
			}
			c := s.conns[e.Fd]
			if e.Events&syscall.EPOLLOUT != 0 {
				s.wait(c, syscall.EPOLLIN)
				s.due = append(s.due, c)
			}
			if err := s.receive(c); err != nil {
				return err
			}
		}
		if err := s.flush(); err != nil {
			return err
		}
	}
}

// wait makes the loop wait for something of a connection.
func (s *server) wait(c *conn, events uint32) {
	// Its error is that of a descriptor which is not in the set, and this one is.
	_ = syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_MOD, c.fd, &syscall.EpollEvent{Events: events, Fd: int32(c.fd)})
}

func (s *server) accept() error {
	fd, _, err := syscall.Accept4(s.listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
	if err == syscall.EAGAIN {
		return nil
	}
	if err != nil {
		return err
	}
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	for len(s.conns) <= fd {
		s.conns = append(s.conns, nil)
	}
	s.conns[fd] = &conn{fd: fd}
	return s.watch(fd)
}

func (s *server) receive(c *conn) error {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(c.fd), uintptr(unsafe.Pointer(&s.read[0])),
		uintptr(len(s.read)), syscall.MSG_DONTWAIT, 0, 0)
	switch {
	case errno == syscall.EAGAIN:
		return nil
	case errno != 0 || n == 0:
		return s.leave(c)
	}
	in := s.read[:n]
	if len(c.rest) > 0 {
		c.rest = append(c.rest, in...)
		in = c.rest
	}
	taken := 0
	for {
		k := 0
		if c.open {
			k = s.message(c, in[taken:])
		} else {
			k = s.handshake(c, in[taken:])
		}
		if k == 0 {
			break
		}
		taken += k
	}
	c.rest = append(c.rest[:0], in[taken:]...)
	return nil
}

func (s *server) leave(c *conn) error {
	s.conns[c.fd] = nil
	for i, other := range s.all {
		if other == c {
			s.all = append(s.all[:i], s.all[i+1:]...)
			break
		}
	}
	c.isDue, c.out = true, nil // nothing is written any more
	return syscall.Close(c.fd)
}

// handshake answers a request, and gives its length; 0 if it is not complete.
func (s *server) handshake(c *conn, in []byte) int {
	end := bytes.Index(in, []byte("\r\n\r\n"))
	if end < 0 {
		return 0
	}
	const name = "Sec-WebSocket-Key: "
	key := in[bytes.Index(in, []byte(name))+len(name):]
	key = key[:bytes.IndexByte(key, '\r')]
	sum := sha1.Sum(append(key[:len(key):len(key)], "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	c.out = fmt.Appendf(c.out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	s.send(c, 1, fmt.Appendf(nil, `0{"sid":"%020d","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`, c.fd))
	c.open = true
	s.all = append(s.all, c)
	return end + 4
}

// message takes one frame, and gives its length; 0 if it is not complete.
func (s *server) message(c *conn, in []byte) int {
	if len(in) < 6 {
		return 0
	}
	size, at := int(in[1]&127), 2
	switch size {
	case 126:
		size, at = int(binary.BigEndian.Uint16(in[2:])), 4
	case 127:
		if len(in) < 14 {
			return 0
		}
		size, at = int(binary.BigEndian.Uint64(in[2:])), 10
	}
	if len(in) < at+4+size {
		return 0
	}
	key, data := in[at:at+4], in[at+4:at+4+size]
	unmask(data, binary.LittleEndian.Uint32(key))
	s.packet(c, in[0]&15, data)
	return at + 4 + size
}

func unmask(b []byte, key uint32) {
	wide := uint64(key)<<32 | uint64(key)
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^wide)
	}
	for i := range b {
		b[i] ^= byte(key >> (8 * (i & 3)))
	}
}

func (s *server) packet(c *conn, op byte, data []byte) {
	switch {
	case op == 2: // an attachment, which goes back
		s.send(c, 1, []byte(`451-["bin",{"_placeholder":true,"num":0}]`))
		s.send(c, 2, data)
	case op != 1 || len(data) < 2 || data[0] != '4':
	case data[1] == '0':
		s.send(c, 1, fmt.Appendf(nil, `40{"sid":"%020d"}`, c.fd))
	case data[1] == '2':
		s.event(c, data[2:])
	}
}

// event does one of the five: what stands between the quotes is taken as it is.
func (s *server) event(c *conn, data []byte) {
	i := bytes.IndexByte(data, '[')
	id, args := data[:i], data[i:]
	switch args[2] {
	case 'e': // ["echo","…"]
		s.begin("43", id, "[", args[len(`["echo",`):])
		s.send(c, 1, s.frame)
	case 'c': // ["cast","…"]
		s.begin(`42["m",`, nil, "", args[len(`["cast",`):])
		s.sendAll(s.all)
	case 'j': // ["join","…"]
		name := string(args[len(`["join","`) : len(args)-2])
		s.rooms[name] = append(s.rooms[name], c)
		s.begin("43", id, "[{}", []byte("]"))
		s.send(c, 1, s.frame)
	case 'r': // ["room","…","…"]
		args = args[len(`["room","`):]
		end := bytes.IndexByte(args, '"')
		s.begin(`42["m",`, nil, "", args[end+2:])
		s.sendAll(s.rooms[string(args[:end])])
	}
}

func (s *server) begin(kind string, id []byte, open string, args []byte) {
	s.frame = append(append(append(append(s.frame[:0], kind...), id...), open...), args...)
}

func (s *server) sendAll(to []*conn) {
	for _, c := range to {
		s.send(c, 1, s.frame)
	}
}

// send makes a frame, which leaves when all that was read has been answered.
func (s *server) send(c *conn, op byte, data []byte) {
	c.out = append(c.out, 0x80|op)
	switch {
	case len(data) < 126:
		c.out = append(c.out, byte(len(data)))
	case len(data) < 1<<16:
		c.out = binary.BigEndian.AppendUint16(append(c.out, 126), uint16(len(data)))
	default:
		c.out = binary.BigEndian.AppendUint64(append(c.out, 127), uint64(len(data)))
	}
	c.out = append(c.out, data...)
	if !c.isDue {
		c.isDue = true
		s.due = append(s.due, c)
	}
}

func (s *server) flush() error {
	for _, c := range s.due {
		if len(c.out) == 0 {
			continue
		}
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(c.fd), uintptr(unsafe.Pointer(&c.out[0])),
			uintptr(len(c.out)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		switch {
		case errno == syscall.EPIPE || errno == syscall.ECONNRESET: // it is told of when it is read
		case errno == syscall.EAGAIN || errno == 0 && int(n) < len(c.out):
			if errno == 0 {
				c.out = append(c.out[:0], c.out[n:]...)
			}
			s.wait(c, syscall.EPOLLIN|syscall.EPOLLOUT)
			continue
		case errno != 0:
			return errno
		}
		c.out, c.isDue = c.out[:0], false
	}
	s.due = s.due[:0]
	return nil
}
