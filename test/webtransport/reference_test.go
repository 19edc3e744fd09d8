package webtransport

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	library "github.com/quic-go/webtransport-go"

	socketclient "github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/nodejs"
)

// reference is the official server with its own code for WebTransport, behind HTTP/3 of ours: see
// test/interop/webtransport.mjs.
type reference struct {
	sessions library.Server
	pipes    string // where a connection is a session
	running  sync.WaitGroup
}

// newReference starts it, and returns where it answers, on TCP and on UDP.
func newReference(t *testing.T) (url string) {
	t.Helper()
	node := nodejs.Start(t, nil, filepath.Join(nodejs.Root(t), "test", "interop", "webtransport.mjs"))
	web, pipes, ok := strings.Cut(node.Line(), " ")
	if !ok {
		t.Fatal("it does not say its ports")
	}
	pair, _ := certificate(t)
	r := &reference{pipes: "127.0.0.1:" + pipes}
	r.sessions.H3 = &http3.Server{
		TLSConfig:       http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{pair}}),
		QUICConfig:      &quic.Config{EnableDatagrams: true},
		EnableDatagrams: true,
		Handler:         r,
	}
	library.ConfigureHTTP3Server(r.sessions.H3)
	front := httptest.NewServer(httputil.NewSingleHostReverseProxy(target("127.0.0.1:" + web)))
	conn, err := net.ListenPacket("udp", strings.TrimPrefix(front.URL, "http://"))
	for range 20 {
		if err == nil {
			break
		}
		front.Close() // the number is taken on the other side
		front = httptest.NewServer(httputil.NewSingleHostReverseProxy(target("127.0.0.1:" + web)))
		conn, err = net.ListenPacket("udp", strings.TrimPrefix(front.URL, "http://"))
	}
	if err != nil {
		t.Fatal(err)
	}
	r.running.Go(func() { r.sessions.Serve(conn) })
	t.Cleanup(func() {
		r.sessions.Close()
		conn.Close()
		front.Close()
		r.running.Wait()
	})
	return front.URL
}

func target(host string) *url.URL { return &url.URL{Scheme: "http", Host: host} }

// ServeHTTP makes a session of a request, and carries its stream to the server and back.
func (r *reference) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.running.Add(1)
	defer r.running.Done()
	session, err := r.sessions.Upgrade(w, req)
	if err != nil {
		return
	}
	defer session.CloseWithError(0, "")
	stream, err := session.AcceptStream(session.Context())
	if err != nil {
		return
	}
	pipe, err := net.Dial("tcp", r.pipes)
	if err != nil {
		return
	}
	defer pipe.Close()
	stop := context.AfterFunc(session.Context(), func() { pipe.Close() })
	defer stop()
	r.running.Go(func() {
		io.Copy(pipe, stream)
		pipe.Close()
	})
	io.Copy(stream, pipe)
	stream.Close()
}

// The Go client over WebTransport against the official server: from the start, and moving there from polling.
func TestReferenceServer(t *testing.T) {
	url := newReference(t)
	for _, transports := range [][]string{only, {"polling", "webtransport"}} {
		t.Run(strings.Join(transports, " "), func(t *testing.T) {
			c, err := socketclient.New(url, &socketclient.Options{Engine: engineio.DialOptions{Transports: transports, WebTransport: dialer()}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			moved, pings, numbers := make(chan string, 1), make(chan struct{}, 1000), make(chan int, 1000)
			c.Manager().OnUpgrade(func(name string) { moved <- name })
			c.Manager().OnPing(func() { pings <- struct{}{} })
			c.On("n", func(_ context.Context, n int) error { numbers <- n; return nil })
			c.Connect()
			if len(transports) > 1 {
				receive(t, moved)
			}
			for _, n := range []int{0, 1, 100, 125, 126, 65535, 65536, 300_000} { // the forms of a frame's length
				want := bytes.Repeat([]byte("\x00\xff"), n)[:n]
				got, err := c.Call[socketclient.Args2[string, []byte]](t.Context(), "echo", strings.Repeat("é", n), want)
				if err != nil || len(got.A) != 2*n || !bytes.Equal(got.B, want) {
					t.Fatalf("%d: %d and %d bytes came back, %v", n, len(got.A), len(got.B), err)
				}
			}
			if name, err := c.Call[string](t.Context(), "transport"); err != nil || name != "webtransport" {
				t.Errorf("the server's transport is %q, %v", name, err)
			}
			c.Emit("burst", 500)
			for i := range 500 {
				if n := receive(t, numbers); n != i {
					t.Fatalf("%d came, want %d", n, i)
				}
			}
			receive(t, pings)
			receive(t, pings) // the first was answered
			gone := make(chan socketclient.DisconnectReason, 1)
			c.OnDisconnect(func(r socketclient.DisconnectReason, _ error) { gone <- r })
			c.Emit("drop")
			if r := receive(t, gone); r != socketclient.TransportClose {
				t.Errorf("reason %q", r)
			}
		})
	}
}
