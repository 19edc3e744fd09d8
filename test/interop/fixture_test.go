package interop

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// server is what a case runs against. A case can have it restarted.
type server interface {
	start(addr string)
	stop()
}

// ours is the server in Go, in this process.
type ours struct {
	t    *testing.T
	io   *socketio.Server
	http *http.Server
}

func (o *ours) start(addr string) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		o.t.Error(err)
		return
	}
	o.io = newServer()
	o.http = &http.Server{Handler: o.io}
	go o.http.Serve(l) // ends with stop
}

func (o *ours) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := o.io.Shutdown(ctx); err != nil {
		o.t.Errorf("shutdown: %v", err)
	}
	if err := o.http.Close(); err != nil {
		o.t.Errorf("close: %v", err)
	}
}

// reference is the official server, in a Node process.
type reference struct {
	t    *testing.T
	node *process.Process
}

func (r *reference) start(addr string) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		r.t.Error(err)
		return
	}
	r.node = nodejs.Start(r.t, []string{"PORT=" + port}, "reference.mjs")
	r.node.AwaitPort(port)
}

func (r *reference) stop() { r.node.Kill() }

// serve starts s and gives its URL, and another one that restarts it when it is posted to.
func serve(t *testing.T, s server) (url, control string) {
	t.Helper()
	addr := net.JoinHostPort("127.0.0.1", process.FreePort(t))
	s.start(addr)
	restarter := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		s.stop()
		s.start(addr)
	}))
	t.Cleanup(func() {
		restarter.Close()
		s.stop()
	})
	return "http://" + addr, restarter.URL
}
