package lane

import (
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// handOver gives the connection to net/http, with what has been read of it. If h is there, net/http gets that request and
// no more, and then gives the connection back; the body is what has been read of it beyond the buffer. Without h the
// connection is net/http's for good.
func (c *Conn) handOver(h *Head, body []byte) {
	c.away = true
	f := &foreigner{Conn: c.nc, c: c, left: -1}
	if c.from < c.to {
		bytes := c.b[c.from:c.to]
		if h != nil {
			if h.Post {
				c.blanks = spareBytes
			}
			here := bytes[:min(len(bytes), h.Size+h.Length)]
			f.stash = append(f.stash, bytes[len(here):]...)
			f.left = h.Size + h.Length - len(here)
			bytes = here
			if body != nil {
				f.replay = append(f.replay, bytes[:h.Size]...)
				bytes, f.left = body, 0
			}
		}
		f.replay = append(f.replay, bytes...)
	}
	c.release()
	c.until, c.armed = 0, 0
	c.nc.SetReadDeadline(time.Time{})
	c.server.forget(c)
	if !c.server.foreign.put(f) {
		c.nc.Close()
	}
}

// foreigner is a connection that net/http has, at least for one request.
type foreigner struct {
	net.Conn
	c *Conn

	// Owned by who reads.
	replay []byte // what net/http reads first
	left   int    // how much of the request comes behind that; negative: everything is for net/http
	stash  []byte // read behind the request

	home   atomic.Bool // the request has been answered: what comes next is ours again
	closed sync.Once
	err    error
}

// Read gives net/http the one request that is meant for it. While that is being answered net/http reads on, to see when
// the peer goes; what comes instead of the end is kept. When net/http asks for another request the connection seems to
// have ended.
func (f *foreigner) Read(p []byte) (n int, err error) {
	switch {
	case len(f.replay) > 0:
		n = copy(p, f.replay)
		if f.replay = f.replay[n:]; len(f.replay) == 0 {
			f.replay = nil
		}
		return n, nil
	case f.left < 0:
		return f.Conn.Read(p)
	case f.left > 0:
		n, err = f.Conn.Read(p[:min(len(p), f.left)])
		f.left -= n
		return n, err
	case f.home.Load():
		return 0, io.EOF
	case len(f.stash) > 0:
		return 0, nil // there is more, so nobody can see whether it is the last
	}
	n, err = f.Conn.Read(p)
	f.stash = append(f.stash, p[:n]...)
	return 0, err
}

// Close brings the connection home, if that was agreed.
func (f *foreigner) Close() error {
	f.closed.Do(func() {
		if !f.home.Load() || !f.c.server.welcome(f) {
			f.err = f.Conn.Close()
		}
	})
	return f.err
}

// CloseWrite is what net/http does before it closes a connection whose peer may be writing still.
func (f *foreigner) CloseWrite() error {
	if half, ok := f.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Bare is the connection itself, for who has taken it from net/http, and what is to be read before it.
func (f *foreigner) Bare() (net.Conn, []byte) { return f.Conn, f.replay }

// answered is told by the HTTP server what becomes of its connections: when a request has been answered, and when a handler
// takes the connection for itself, with what has come behind the request.
func answered(nc net.Conn, s http.ConnState) {
	f, ok := nc.(*foreigner)
	switch {
	case !ok:
	case s == http.StateIdle && f.left == 0:
		f.home.Store(true)
	case s == http.StateHijacked && f.left >= 0:
		f.replay, f.stash, f.left = append(f.replay, f.stash...), nil, -1
	}
}

// foreign is the listener of the HTTP server: it accepts what is handed over.
type foreignOnes struct {
	addr  net.Addr
	conns chan net.Conn
	over  chan struct{}
	once  sync.Once
}

func (l *foreignOnes) put(nc net.Conn) bool {
	select {
	case l.conns <- nc:
		return true
	case <-l.over:
		return false
	}
}

// Accept is what the HTTP server calls.
func (l *foreignOnes) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.over:
		return nil, net.ErrClosed
	}
}

// Close lets nothing be handed over any more.
func (l *foreignOnes) Close() error {
	l.once.Do(func() { close(l.over) })
	return nil
}

// Addr is that of the listener.
func (l *foreignOnes) Addr() net.Addr { return l.addr }
