package lane_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio/lane"
)

// recording is a connection on which a peer has written all that it has to say.
type recording struct {
	in     *bytes.Reader
	out    bytes.Buffer
	closed chan struct{}
	once   sync.Once
}

func (r *recording) Read(p []byte) (int, error)       { return r.in.Read(p) }
func (r *recording) Write(p []byte) (int, error)      { return r.out.Write(p) }
func (r *recording) Close() error                     { r.once.Do(func() { close(r.closed) }); return nil }
func (r *recording) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (r *recording) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (r *recording) SetDeadline(time.Time) error      { return nil }
func (r *recording) SetReadDeadline(time.Time) error  { return nil }
func (r *recording) SetWriteDeadline(time.Time) error { return nil }

// FuzzHeadServed holds the lane against net/http's server, which refuses more than its parser does: whatever the lane takes
// reaches the handler, as the same request with a body of the same length.
func FuzzHeadServed(f *testing.F) {
	for _, head := range plainOnes {
		f.Add([]byte(fmt.Sprintf(head, "X-More: yes\r\n")))
	}
	for _, head := range oddOnes {
		f.Add([]byte(head))
	}
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	seen := make(chan string, 1<<10)
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := io.Copy(io.Discard, r.Body)
			seen <- fmt.Sprintf("%s %s?%s %q %d %q", r.Method, r.URL.Path, r.URL.RawQuery, r.Host, n, r.Header)
		}),
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	var served sync.WaitGroup
	served.Go(func() { srv.Serve(l) })
	f.Cleanup(func() {
		srv.Close()
		served.Wait()
	})
	f.Fuzz(func(t *testing.T, b []byte) {
		var h lane.Head
		if whole, _ := lane.Parse(b, &h); !whole {
			return
		}
		if h.Length > 1<<10 {
			return
		}
		// What comes behind is all of the body, and the beginning of a second request.
		b = append(append(b[:h.Size:h.Size], make([]byte, h.Length)...), "PUT /second HTTP/1.1\r\nHost: b\r\n\r\n"...)
		r := &recording{in: bytes.NewReader(b), closed: make(chan struct{})}
		l.conns <- r
		<-r.closed
		method := "GET"
		if h.Post {
			method = "POST"
		}
		want := fmt.Sprintf("%s %s?%s %q %d %q", method, h.Path, h.Query, h.Host, h.Length, h.Header())
		if len(seen) != 2 {
			t.Fatalf("%q: %d requests: %.200s", b, len(seen), r.out.String())
		}
		if got := <-seen; got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", b, got, want)
		}
		if got := <-seen; got != `PUT /second? "b" 0 map[]` {
			t.Errorf("%q: behind it: %s", b, got)
		}
	})
}
