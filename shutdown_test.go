package socketio_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio"
)

// Shutdown ends what belongs to the server. The HTTP server that it was attached to is the application's: it goes on.
func TestShutdownOfAnAttachedServer(t *testing.T) {
	server := socketio.NewServer(quiet())
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "app") }))
	if err := server.Attach(web.Config); err != nil {
		t.Fatal(err)
	}
	web.Start()
	defer web.Close()
	c := connect(t, server.Namespace, web, 2)
	if n := len(server.Sockets()); n != 2 {
		t.Errorf("%d sockets", n)
	}
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for _, p := range c {
		p.expect("closed")
	}
	if n, sessions := len(server.Sockets()), server.Engine().Count(); n != 0 || sessions != 0 {
		t.Errorf("%d sockets and %d sessions left", n, sessions)
	}
	if res, body := get(t, web.URL); res.StatusCode != http.StatusOK || string(body) != "app" {
		t.Errorf("the application says %s %s", res.Status, body)
	}
}

// The address that a server listened on is free again when Shutdown returns, whatever its clients do.
func TestTheAddressIsFreeAfterShutdown(t *testing.T) {
	server := socketio.NewServer(quiet())
	if err := server.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	addr := server.Addr().String()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, openWebSocket(t, conn, "/socket.io/?EIO=4&transport=websocket", nil))
	p.join("/")
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	again, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	p.expect("closed")
}

// A server that never served is shut down without an error, as often as one likes.
func TestShutdownOfAServerThatNeverServed(t *testing.T) {
	for name, attach := range map[string]func(*socketio.Server) error{
		"alone":    func(*socketio.Server) error { return nil },
		"attached": func(s *socketio.Server) error { return s.Attach(new(http.Server)) },
	} {
		server := socketio.NewServer(quiet())
		if err := attach(server); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := server.Shutdown(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
