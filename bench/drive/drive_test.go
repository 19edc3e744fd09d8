//go:build linux

package drive_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/socketio-go/socketio/bench/drive"
)

// told is a load that keeps what it is told.
type told struct {
	bodies []string
}

func (l *told) Message(_ *drive.Conn, _ bool, m []byte) error {
	l.bodies = append(l.bodies, string(m))
	return nil
}

// listen runs serve on the first connection of a listener, until the test ends.
func listen(t *testing.T, serve func(net.Conn)) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := l.Accept(); err == nil {
			defer conn.Close()
			serve(conn)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l.Addr().(*net.TCPAddr)
}

// loop opens one plain connection.
func loop(t *testing.T, addr *net.TCPAddr) (*drive.Loop, *drive.Conn) {
	t.Helper()
	l, err := drive.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	conns, err := l.Plain(addr.AddrPort(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return l, conns[0]
}

const patience = 20 * time.Second

func TestMoreThanTheKernelTakesAtOnce(t *testing.T) {
	sent := make([]byte, 32<<20)
	for i := range sent {
		sent[i] = byte(i * i >> 7)
	}
	l, c := loop(t, listen(t, func(conn net.Conn) {
		got := make([]byte, len(sent))
		_, err := io.ReadFull(conn, got)
		answer := "no"
		if err == nil && sha256.Sum256(got) == sha256.Sum256(sent) {
			answer = "ok"
		}
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"+answer)
	}))
	var load told
	c.SendRaw(sent[:1<<20])
	c.SendRaw(sent[1<<20:])
	if done, err := l.Run(&load, patience, func() bool { return len(load.bodies) > 0 }); err != nil || !done || load.bodies[0] != "ok" {
		t.Errorf("done %v, %v, %q", done, err, load.bodies)
	}
}

func TestAServerThatEndsTheConnectionEndsTheRun(t *testing.T) {
	l, _ := loop(t, listen(t, func(net.Conn) {}))
	if _, err := l.Run(&told{}, patience, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

func TestAResponseInPieces(t *testing.T) {
	for _, awake := range []bool{false, true} {
		l, c := loop(t, listen(t, func(conn net.Conn) {
			for _, b := range "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nworld" {
				io.WriteString(conn, string(b))
			}
			io.Copy(io.Discard, conn)
		}))
		l.Awake = awake
		var load told
		if done, err := l.Run(&load, patience, func() bool { return len(load.bodies) == 2 }); err != nil || !done || load.bodies[1] != "world" {
			t.Errorf("done %v, %v, %q", done, err, load.bodies)
		}
		c.Reset()
	}
}

// paced is a load that is due again and again.
type paced struct {
	told
	next  time.Duration
	times int
}

func (p *paced) Due(now time.Duration) (time.Duration, error) {
	if p.next == 0 || now >= p.next {
		p.times++
		p.next = now + time.Millisecond
	}
	return p.next, nil
}

func TestALoadIsAskedWhenItIsDue(t *testing.T) {
	l, err := drive.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var p paced
	if done, err := l.Run(&p, patience, func() bool { return p.times == 5 }); err != nil || !done {
		t.Errorf("%d times, %v", p.times, err)
	}
}
