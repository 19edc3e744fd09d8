package lane_test

import (
	"bufio"
	"context"
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

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/engineio/lane"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// yard is a lane on a network in memory, or on the loopback. It answers "plain" to a GET of /now, lets one of /later wait, says
// how long what is posted to /body is, and leaves the rest to net/http, which answers "foreign" and the path.
type yard struct {
	t       *testing.T
	lane    *lane.Server
	dial    func() net.Conn
	served  chan error
	waiting chan *lane.Conn
	gone    chan *lane.Conn
}

func (y *yard) Plain(c *lane.Conn, h *lane.Head) lane.Verdict {
	switch {
	case h.Post && string(h.Path) == "/body":
		var body []byte
		if b, ok := c.Take(h); ok {
			body = b
		} else {
			body, _ = io.ReadAll(c.Body(h))
		}
		if strings.HasPrefix(string(body), "foreign") {
			return c.PassWith(h, body)
		}
		c.Reply(response(c, string(body)), time.Second, false)
		return lane.Answered
	case string(h.Path) == "/now":
		c.Reply(response(c, "plain"), time.Second, false)
		return lane.Answered
	case string(h.Path) == "/later":
		c.Keep(y)
		y.waiting <- c
		return lane.Waits
	case string(h.Path) == "/deaf":
		c.Keep(deaf{y})
		y.waiting <- c
		return lane.Waits
	case string(h.Path) == "/unread":
		c.Reply(response(c, "enough"), time.Second, true)
		return lane.Answered
	case string(h.Path) == "/leave":
		return lane.Leave
	}
	return lane.Pass
}

func (y *yard) Gone(c *lane.Conn) bool {
	y.gone <- c
	return true
}

// deaf says that the response is being written.
type deaf struct{ y *yard }

func (d deaf) Gone(c *lane.Conn) bool {
	d.y.gone <- c
	return false
}

func response(c *lane.Conn, body string) []byte {
	return append(c.AppendEnd(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n", len(body))), body...)
}

func newYard(t *testing.T, l net.Listener, dial func() net.Conn) *yard {
	y := &yard{t: t, dial: dial, served: make(chan error, 1), waiting: make(chan *lane.Conn, 8), gone: make(chan *lane.Conn, 8)}
	y.lane = lane.New(y, &http.Server{
		ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hijack" {
				time.Sleep(time.Second)
				nc, rw, _ := http.NewResponseController(w).Hijack()
				io.Copy(nc, rw)
				nc.Close()
				return
			}
			b, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "foreign %s%s", r.URL.Path, b)
		}),
	})
	go func() { y.served <- y.lane.Serve(l) }()
	t.Cleanup(func() {
		y.lane.Close()
		if err := <-y.served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return y
}

// inMemory runs f with fake time.
func inMemory(t *testing.T, f func(*testing.T, *yard)) {
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Second) }) // net/http takes its time to close a connection
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		f(t, newYard(t, l, func() net.Conn {
			client, server := net.Pipe()
			l.conns <- server
			t.Cleanup(func() { client.Close() })
			return client
		}))
	})
}

// onLoopback runs f with connections of the kernel.
func onLoopback(t *testing.T, f func(*testing.T, *yard)) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f(t, newYard(t, l, func() net.Conn {
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		return nc
	}))
}

// both runs f with each.
func both(t *testing.T, f func(*testing.T, *yard)) {
	t.Run("in memory", func(t *testing.T) { inMemory(t, f) })
	t.Run("loopback", func(t *testing.T) { onLoopback(t, f) })
}

type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n" }

func post(path, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
}

// write writes without waiting for the server to read: a pipe has no buffer.
func write(nc net.Conn, s string) { go io.WriteString(nc, s) }

// late answers a request that waits.
func late(c *lane.Conn) {
	c.Go(func() { c.Done(c.Drain(response(c, "late"), time.Second)) })
}

// want reads the next response.
func (y *yard) want(br *bufio.Reader, body string) {
	y.t.Helper()
	res, err := http.ReadResponse(br, nil)
	if err != nil {
		y.t.Fatalf("no response with %q: %v", body, err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); string(b) != body || err != nil {
		y.t.Fatalf("got %q %v, want %q", b, err, body)
	}
}

// A connection comes home from net/http when the request that was not for the lane has been answered, also when more had come
// behind it already.
func TestComesHome(t *testing.T) {
	both(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		br := bufio.NewReader(nc)
		for range 3 {
			for _, r := range []struct{ request, body string }{
				{get("/now"), "plain"}, {get("/other"), "foreign /other"}, {post("/other", "!"), "foreign /other!"},
				{post("/body", "me"), "me"}, {post("/body", "foreign"), "foreign /bodyforeign"},
			} {
				write(nc, r.request)
				y.want(br, r.body)
			}
		}
		write(nc, get("/other")+get("/later"))
		y.want(br, "foreign /other")
		late(<-y.waiting) // the lane has read it, so it is home
		y.want(br, "late")
		write(nc, get("/leave")+get("/now"))
		y.want(br, "foreign /leave")
		y.want(br, "foreign /now") // it has left for good
	})
}

// However a stream of requests is cut, the answers are the same.
func TestCutEverywhere(t *testing.T) {
	stream := get("/now") + post("/body", "hello") + get("/other") + post("/other", "xyz") + post("/body", "") + get("/now")
	bodies := []string{"plain", "hello", "foreign /other", "foreign /otherxyz", "", "plain"}
	inMemory(t, func(t *testing.T, y *yard) {
		for cut := range len(stream) {
			nc := y.dial()
			br := bufio.NewReader(nc)
			go func() {
				io.WriteString(nc, stream[:cut])
				time.Sleep(time.Millisecond)
				io.WriteString(nc, stream[cut:])
			}()
			for _, b := range bodies {
				y.want(br, b)
			}
			nc.Close()
		}
		nc := y.dial()
		br := bufio.NewReader(nc)
		go func() {
			for i := range stream {
				io.WriteString(nc, stream[i:i+1])
			}
		}()
		for _, b := range bodies {
			y.want(br, b)
		}
	})
}

// What comes behind a request that waits is not looked at before that has been answered, and the answers keep their order.
func TestPipelined(t *testing.T) {
	both(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		br := bufio.NewReader(nc)
		write(nc, get("/later")+get("/later")+get("/now"))
		for range 2 {
			c := <-y.waiting
			if len(y.waiting) > 0 {
				t.Error("two requests of a connection at once")
			}
			late(c)
			y.want(br, "late")
		}
		y.want(br, "plain")
	})
}

// Who goes while the request waits is noticed, whether he says so or not.
func TestGoneWhileWaiting(t *testing.T) {
	onLoopback(t, func(t *testing.T, y *yard) {
		for name, leave := range map[string]func(*net.TCPConn){
			"closed": func(nc *net.TCPConn) { nc.Close() }, "half closed": func(nc *net.TCPConn) { nc.CloseWrite() },
			"reset": func(nc *net.TCPConn) { nc.SetLinger(0); nc.Close() },
		} {
			nc := y.dial()
			write(nc, get("/later"))
			c := <-y.waiting
			leave(nc.(*net.TCPConn))
			if got := <-y.gone; got != c {
				t.Errorf("%s: %p, want %p", name, got, c)
			}
		}
	})
}

// closedAfter fails unless the server ends a connection after that time.
func closedAfter(t *testing.T, nc net.Conn, want time.Duration) {
	t.Helper()
	start := time.Now()
	_, err := nc.Read(make([]byte, 1))
	if d := time.Since(start); err == nil || d != want {
		t.Errorf("ended after %v (%v), want %v", d, err, want)
	}
}

// Silent and slow peers have the time that the HTTP server gives them, to the moment.
func TestPatience(t *testing.T) {
	for name, begin := range map[string]string{"nothing": "", "a byte": "G", "half a head": "GET /now HTTP/1.1\r\nHost:"} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, y *yard) {
				nc := y.dial()
				write(nc, begin)
				closedAfter(t, nc, 5*time.Second)
			})
		})
	}
	t.Run("a byte of the next head", func(t *testing.T) {
		inMemory(t, func(t *testing.T, y *yard) {
			nc := y.dial()
			write(nc, get("/now"))
			y.want(bufio.NewReader(nc), "plain")
			time.Sleep(time.Minute)
			write(nc, "G")
			closedAfter(t, nc, 5*time.Second)
		})
	})
	t.Run("between requests", func(t *testing.T) {
		inMemory(t, func(t *testing.T, y *yard) {
			nc := y.dial()
			br := bufio.NewReader(nc)
			for range 3 {
				write(nc, get("/now"))
				y.want(br, "plain")
				time.Sleep(119 * time.Second)
			}
			write(nc, get("/now"))
			y.want(br, "plain")
			closedAfter(t, nc, 2*time.Minute)
		})
	})
	t.Run("while a request waits", func(t *testing.T) {
		inMemory(t, func(t *testing.T, y *yard) {
			nc := y.dial()
			write(nc, get("/later"))
			c := <-y.waiting
			time.Sleep(time.Hour + time.Second)
			late(c)
			y.want(bufio.NewReader(nc), "late")
			closedAfter(t, nc, 2*time.Minute)
		})
	})
}

// A head that is longer than the lane reads is net/http's.
func TestLongHead(t *testing.T) {
	both(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		br := bufio.NewReader(nc)
		write(nc, "GET /now HTTP/1.1\r\nHost: a\r\nX: "+strings.Repeat("x", 10_000)+"\r\n\r\n")
		y.want(br, "foreign /now")
	})
}

// Shutdown ends what is between two requests, and waits for the others, whose answer is the last.
func TestShutdown(t *testing.T) {
	inMemory(t, func(t *testing.T, y *yard) {
		quiet, waiting := y.dial(), y.dial()
		write(waiting, get("/later"))
		c := <-y.waiting
		synctest.Wait()
		ended := make(chan error)
		go func() { ended <- y.lane.Shutdown(context.Background()) }()
		synctest.Wait()
		closedAfter(t, quiet, 0)
		if len(ended) > 0 {
			t.Fatal("a request waits still")
		}
		late(c)
		res, err := http.ReadResponse(bufio.NewReader(waiting), nil)
		if err != nil || !res.Close {
			t.Errorf("%+v %v", res, err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// When its time is up, Shutdown waits for nobody.
func TestShutdownGivesUp(t *testing.T) {
	inMemory(t, func(t *testing.T, y *yard) {
		nc := y.dial()
		write(nc, get("/later"))
		<-y.waiting
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := y.lane.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}
