package pipe

import (
	"context"
	"net"
	"sync"
)

// Network is a listener and the way to it. Its methods are safe for use by several goroutines.
type Network struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

var _ net.Listener = (*Network)(nil)

// New makes a network.
func New() *Network { return &Network{conns: make(chan net.Conn), done: make(chan struct{})} }

// Accept waits for the next connection.
func (n *Network) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close ends accepting. Connections that exist stay.
func (n *Network) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

// Addr is an address of the loopback interface that nothing listens on.
func (n *Network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// Dial connects to the listener.
func (n *Network) Dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case n.conns <- there:
		return here, nil
	case <-n.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
