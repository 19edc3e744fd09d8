package webtransport

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/webtransport"
)

// socketIO is a Socket.IO server on TCP and UDP, at ports of the same number as clients that upgrade expect it.
type socketIO struct {
	server *socketio.Server
	url    string // for clients
	hash   [32]byte
}

// newSocketIO starts a server that answers "echo" and "pair" with what it got, and ends a socket that says "bye". Pages of
// any origin may use it.
func newSocketIO(t *testing.T) *socketIO {
	t.Helper()
	pair, hash := certificate(t)
	wt := webtransport.New(&webtransport.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}})
	server := socketio.NewServer(&socketio.Options{
		Engine: engineio.Options{WebTransport: wt, CORS: &engineio.CORS{Origins: []string{"*"}}},
		Logger: slog.New(slog.DiscardHandler),
	})
	answer := func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) }
	server.OnEvent("echo", answer)
	server.OnEvent("pair", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		return e.Ack(e.Args())
	})
	server.OnEvent("bye", func(_ context.Context, s *socketio.Socket, _ *socketio.Event) error {
		s.Disconnect(true)
		return nil
	})
	http := twins(t, server, wt)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := wt.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		http.Close()
	})
	return &socketIO{server, http.URL, hash}
}

// twins serves h on a TCP and on a UDP port of one number.
func twins(t testing.TB, h http.Handler, wt *webtransport.Server) *httptest.Server {
	t.Helper()
	var err error
	for range 20 {
		s := httptest.NewServer(h)
		if err = wt.Listen(strings.TrimPrefix(s.URL, "http://"), h); err == nil {
			return s
		}
		s.Close() // the number is taken on the other side
	}
	t.Fatal(err)
	return nil
}

func TestListen(t *testing.T) {
	pair, _ := certificate(t)
	o := &webtransport.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}}
	wt := webtransport.New(o)
	if wt.Addr() != nil || !errors.Is(wt.Wait(), webtransport.ErrServerClosed) {
		t.Error("a server that does not serve has an address, or waits")
	}
	if err := wt.Listen("127.0.0.1:0", http.NotFoundHandler()); err != nil {
		t.Fatal(err)
	}
	if err := wt.Listen("127.0.0.1:0", http.NotFoundHandler()); err == nil {
		t.Error("it listens twice")
	}
	taken := webtransport.New(o)
	if err := taken.Listen(wt.Addr().String(), nil); err == nil {
		t.Error("two servers have one address")
	}
	if err := taken.Close(); err != nil {
		t.Error(err)
	}
	if err := wt.Close(); err != nil {
		t.Error(err)
	}
	if err := wt.Wait(); !errors.Is(err, webtransport.ErrServerClosed) {
		t.Error(err)
	}
	if err := wt.Listen("127.0.0.1:0", nil); !errors.Is(err, webtransport.ErrServerClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := webtransport.New(nil).Listen("127.0.0.1:0", nil); err == nil {
		t.Error("it serves without a certificate")
	}
	if err := wt.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// Serve takes a connection of the caller's, and closes it in the end.
func TestServe(t *testing.T) {
	pair, _ := certificate(t)
	wt := webtransport.New(&webtransport.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}})
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- wt.Serve(conn, http.NotFoundHandler()) }()
	_, res, err := (&site{t: t, target: "https://" + conn.LocalAddr().String() + "/"}).dial(nil)
	if err == nil || res == nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("got %v %v", res, err)
	}
	if err := wt.Close(); err != nil {
		t.Error(err)
	}
	if err := receive(t, served); !errors.Is(err, webtransport.ErrServerClosed) {
		t.Error(err)
	}
	if _, err := conn.WriteTo([]byte("x"), conn.LocalAddr()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the connection is open: %v", err)
	}
}

// What the handshake of a socket says comes from the request for the WebTransport session.
func TestHandshake(t *testing.T) {
	s := newSocketIO(t)
	seen := make(chan *socketio.Handshake, 1)
	s.server.OnConnection(func(s *socketio.Socket) { seen <- s.Handshake() })
	c := (&site{t: t, target: strings.Replace(s.url, "http:", "https:", 1) + "/socket.io/?token=abc"}).session()
	c.send("0")
	parseOpen(t, c.text())
	c.send(`40{"name":"Ann"}`)
	if got := c.text(); !strings.HasPrefix(got, `40{"sid":"`) {
		t.Fatalf("answer to CONNECT: %q", got)
	}
	h := receive(t, seen)
	if h.Address != "127.0.0.1" || !h.Secure || h.Query.Get("token") != "abc" || h.URL != "/socket.io/?token=abc" {
		t.Errorf("handshake: %+v", h)
	}
	c.send(`420["echo","hello"]`)
	c.wantText(`430["hello"]`)
}

// A WebTransport request outside the path of the server is the handler's, as any other.
func TestOtherPath(t *testing.T) {
	s := newSocketIO(t)
	_, res, err := (&site{t: t, target: strings.Replace(s.url, "http:", "https:", 1) + "/elsewhere"}).dial(nil)
	if err == nil || res == nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("got %v %v", res, err)
	}
}
