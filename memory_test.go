package socketio_test

import (
	"log/slog"
	"net"
	"net/http"
	"testing"

	"github.com/socketio-go/socketio"
)

// pipes is a network in memory, for tests about time: inside of a synctest bubble real connections don't work.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// serveInMemory runs a server until the test ends. Dial opens a WebSocket to it.
func serveInMemory(t *testing.T, o *socketio.Options) (server *socketio.Server, dial func() *peer) {
	t.Helper()
	if o == nil {
		o = new(socketio.Options)
	}
	o.Logger = slog.New(slog.DiscardHandler)
	server = socketio.NewServer(o)
	network := &pipes{make(chan net.Conn), make(chan struct{})}
	web := &http.Server{Handler: server}
	go web.Serve(network)
	t.Cleanup(func() {
		if err := server.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("shutdown: %v", err)
		}
		web.Close()
	})
	return server, func() *peer {
		here, there := net.Pipe()
		network.conns <- there
		p := start(t, openWebSocket(t, here, "/socket.io/?EIO=4&transport=websocket", nil))
		p.patience = bubblePatience
		return p
	}
}
