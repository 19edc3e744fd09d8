package interop

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// patience ends a wait that is in vain; nothing is measured with it.
const patience = time.Minute

// server is what a case runs against. A case can have it restarted.
type server interface {
	start(addr string)
	stop()
}

// ours is the server in Go, in this process.
type ours struct {
	t       *testing.T
	deflate *engineio.PerMessageDeflate
	offers  *atomic.Int64 // handshakes that offered it; may be nil

	io   *socketio.Server
	http *http.Server
}

func (o *ours) start(addr string) {
	l, err := listen(addr)
	if err != nil {
		o.t.Error(err)
		return
	}
	o.io = newServer(o.deflate)
	o.http = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.offers != nil && strings.Contains(r.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate") {
			o.offers.Add(1)
		}
		o.io.ServeHTTP(w, r)
	})}
	go o.http.Serve(l) // ends with stop
}

// listen takes an address that another listener of this process may have had until now. A program that is being forked by
// a test beside this one holds a copy of every socket until its exec, also of that listener: so long, the address is taken.
func listen(addr string) (l net.Listener, err error) {
	for limit := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		l, err = net.Listen("tcp", addr)
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(limit) {
			return l, err
		}
	}
}

func (o *ours) stop() {
	if o.http == nil { // it never started
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := o.io.Shutdown(ctx); err != nil {
		o.t.Errorf("shutdown: %v", err)
	}
	if err := o.http.Close(); err != nil {
		o.t.Errorf("close: %v", err)
	}
	o.http = nil
}

// reference is the official server, in a Node process.
type reference struct {
	t    *testing.T
	env  []string // what reference.mjs reads, as "NAME=value"
	node *process.Process
}

func (r *reference) start(addr string) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		r.t.Error(err)
		return
	}
	r.node = nodejs.Start(r.t, append([]string{"PORT=" + port}, r.env...), "reference.mjs")
	r.node.AwaitPort(port)
}

func (r *reference) stop() {
	if r.node != nil {
		r.node.Kill()
	}
}

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
