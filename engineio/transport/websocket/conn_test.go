package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
)

// client is a connection made with the library, to hold ours against.
type client struct {
	t  *testing.T
	nc net.Conn
	r  io.Reader
}

func (c *client) send(first byte, payload string) {
	c.t.Helper()
	if _, err := c.nc.Write(clientFrame(first, []byte(payload))); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) want(op ws.OpCode, payload string) {
	c.t.Helper()
	h, err := ws.ReadHeader(c.r)
	if err != nil {
		c.t.Fatal(err)
	}
	b := make([]byte, h.Length)
	if _, err := io.ReadFull(c.r, b); err != nil {
		c.t.Fatal(err)
	}
	if h.OpCode != op || string(b) != payload || !h.Fin || h.Masked {
		c.t.Fatalf("got %+v %.40q, want %#x %.40q", h, b, op, payload)
	}
}

func (c *client) wantEnd() {
	c.t.Helper()
	if n, err := c.r.Read(make([]byte, 1)); err == nil {
		c.t.Fatalf("%d more bytes", n)
	}
}

// accepted serves one connection with f over nc, and returns the other end after the handshake.
func accepted(t *testing.T, server, nc net.Conn, o *Options, f func(*Conn)) *client {
	return acceptedWith(t, server, nc, o, f, "")
}

// acceptedWith is accepted with an offer of an extension, which must be agreed to.
func acceptedWith(t *testing.T, server, nc net.Conn, o *Options, f func(*Conn), extension string) *client {
	l := &oneConn{conn: make(chan net.Conn, 1), done: make(chan struct{})}
	l.conn <- server
	var running sync.WaitGroup
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Accept(w, r, o)
		if err != nil {
			t.Error(err)
			return
		}
		running.Go(func() { f(c) })
	})}
	running.Go(func() { srv.Serve(l) })
	t.Cleanup(func() {
		nc.Close()
		srv.Close()
		running.Wait()
	})
	offer, answer := "", ""
	if extension != "" {
		offer, answer = "Sec-WebSocket-Extensions: "+extension+"\r\n", answered
	}
	io.WriteString(nc, "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"+
		offer+"Sec-WebSocket-Protocol: first, second\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	br := bufio.NewReader(nc)
	res, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The example of RFC 6455 section 1.3.
	if res.StatusCode != 101 || res.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" ||
		res.Header.Get("Sec-WebSocket-Protocol") != "first" || res.Header.Get("Sec-WebSocket-Extensions") != answer {
		t.Fatalf("%s %v", res.Status, res.Header)
	}
	return &client{t, nc, br}
}

type oneConn struct {
	conn chan net.Conn
	done chan struct{}
	once sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l *oneConn) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// tcpPair is a connection over the loopback.
func tcpPair(t *testing.T) (server, client net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// both runs f on a connection of the kernel, and on one that is not, in fake time.
func both(t *testing.T, o *Options, server func(*Conn), f func(*testing.T, *client)) {
	t.Helper()
	t.Run("tcp", func(t *testing.T) {
		s, c := tcpPair(t)
		f(t, accepted(t, s, c, o, server))
	})
	t.Run("pipe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, c := net.Pipe()
			f(t, accepted(t, s, c, o, server))
		})
	})
}

func echo(c *Conn) {
	for {
		binary, data, err := c.Read()
		if err != nil {
			return
		}
		if c.Write(binary, data) != nil {
			return
		}
	}
}

func TestEcho(t *testing.T) {
	both(t, nil, echo, func(t *testing.T, c *client) {
		for _, n := range []int{0, 1, 125, 126, 65535, 65536, 200_000} {
			s := strings.Repeat("x", n)
			c.send(0x81, s)
			c.want(ws.OpText, s)
			c.send(0x82, s)
			c.want(ws.OpBinary, s)
		}
		c.send(0x89, "are you there")
		c.want(ws.OpPong, "are you there")
		c.send(0x01, "in ")
		c.send(0x89, "")
		c.want(ws.OpPong, "")
		c.send(0x80, "parts")
		c.want(ws.OpText, "in parts")
		c.send(0x8a, "not asked for")
		c.send(0x88, "\x0f\xa0bye")
		c.want(ws.OpClose, "\x0f\xa0")
		c.wantEnd()
	})
}

func TestReadErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		bytes string
		want  CloseError
		close string
	}{
		{"closed with a reason", string(clientFrame(0x88, []byte("\x03\xe9away"))), CloseError{1001, "away", true}, "\x03\xe9"},
		{"closed without", string(clientFrame(0x88, nil)), CloseError{CodeNoStatus, "", true}, ""},
		{"not masked", "\x81\x00", CloseError{1002, "frames from client to server must be masked", false}, "\x03\xea"},
		{"too big", "\x82\xfe\x03\xe9\x00\x00\x00\x00", CloseError{1009, "message too big", false}, "\x03\xf1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := make(chan error, 2)
			both(t, &Options{MaxMessage: 1000}, func(c *Conn) {
				_, _, err := c.Read()
				got <- err
			}, func(t *testing.T, c *client) {
				io.WriteString(c.nc, tt.bytes)
				c.want(ws.OpClose, tt.close)
				c.nc.Close()
			})
			for range 2 {
				var ce *CloseError
				if err := <-got; !errors.As(err, &ce) || *ce != tt.want {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

func TestFragmentLimit(t *testing.T) {
	stream := strings.Repeat(string(clientFrame(0x00, []byte("a"))), 20_000)
	both(t, nil, echo, func(t *testing.T, c *client) {
		c.send(0x01, "a")
		go io.WriteString(c.nc, stream)
		c.want(ws.OpClose, "\x03\xf0")
		c.nc.Close()
	})
	both(t, &Options{MaxFragments: -1}, echo, func(t *testing.T, c *client) {
		c.send(0x01, "a")
		io.WriteString(c.nc, stream)
		c.send(0x80, "a")
		c.want(ws.OpText, strings.Repeat("a", 20_002))
	})
}

// Close waits for the peer's answer, for a while.
func TestConnClose(t *testing.T) {
	server := func(c *Conn) {
		c.Close(CodeGoingAway, "bye")
		if err := c.Write(false, nil); err == nil {
			panic("a message after the close frame")
		}
		for {
			if _, _, err := c.Read(); err != nil {
				return
			}
		}
	}
	both(t, nil, server, func(t *testing.T, c *client) {
		c.want(ws.OpClose, "\x03\xe9bye")
		c.send(0x81, "still on its way")
		c.send(0x88, "\x03\xe9")
		c.wantEnd()
	})
	synctest.Test(t, func(t *testing.T) {
		s, nc := net.Pipe()
		c := accepted(t, s, nc, nil, server)
		start := time.Now()
		c.want(ws.OpClose, "\x03\xe9bye")
		c.wantEnd()
		if d := time.Since(start); d != 10*time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}

// Writers of several goroutines do not mix their frames.
func TestConcurrentWrites(t *testing.T) {
	both(t, nil, func(c *Conn) {
		var writers sync.WaitGroup
		for g := range 4 {
			writers.Go(func() {
				for i := range 100 {
					c.Write(false, []byte(fmt.Sprintf("%d:%03d:%s", g, i, strings.Repeat("x", i*20))))
				}
			})
		}
		writers.Wait()
		c.Read()
	}, func(t *testing.T, c *client) {
		next := map[byte]int{}
		for range 400 {
			h, err := ws.ReadHeader(c.r)
			if err != nil {
				t.Fatal(err)
			}
			b := make([]byte, h.Length)
			io.ReadFull(c.r, b)
			i := next[b[0]]
			if want := fmt.Sprintf("%c:%03d:%s", b[0], i, strings.Repeat("x", i*20)); string(b) != want {
				t.Fatalf("got %.20q, want %.20q", b, want)
			}
			next[b[0]]++
		}
	})
}

// A segment may be of one byte.
func TestByteBySegment(t *testing.T) {
	both(t, nil, echo, func(t *testing.T, c *client) {
		stream := append(clientFrame(0x01, []byte("one ")), clientFrame(0x80, []byte("by one"))...)
		for i := range stream {
			if _, err := c.nc.Write(stream[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		c.want(ws.OpText, "one by one")
	})
}
