package soak

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/pipe"
	"github.com/socketio-go/socketio/test/raw"
)

// Peers that are slow with their headers or bodies, that do not read, or that say nothing, are each cut by a timer of the
// server, and nobody else waits for them. Time is not real here: it passes when everybody waits, so that ten minutes take
// seconds, and a healthy client that were held up by a timer of somebody else would be seen to be.
func TestSlowPeers(t *testing.T) {
	peers, length, start := size(22, 2_000), time.Duration(size(1, 10))*time.Minute, time.Now()
	var seen slowSeen
	synctest.Test(t, func(t *testing.T) { slowPeers(t, peers, length, &seen) })
	if !t.Failed() {
		result(t, start, "%d slow peers of %d kinds at a time for %v of virtual time: %d cut, those that must be within 20 s after %v at most; %d healthy requests, all served, none waited more than %v",
			peers, len(slowKinds), length, seen.cut, seen.longest, seen.served, seen.waited)
	}
}

// slowSeen is what a run saw.
type slowSeen struct {
	mu              sync.Mutex
	cut, served     int
	longest, waited time.Duration
}

const (
	cutSoon  = 20 * time.Second // headers, bodies, answers that are not read
	cutLate  = 48 * time.Second // who has a session: 45 s to join a namespace or for a heartbeat, 2 s to answer a close frame
	instant  = 50 * time.Millisecond
	dripping = 300 * time.Millisecond
)

// slowKind is a way to be slow. It returns when the server has ended the connection.
type slowKind struct {
	name   string
	within time.Duration
	run    func(w *wire) error
}

var slowKinds = []slowKind{
	{"nothing at all", cutSoon, func(w *wire) error { return w.silent() }},
	{"a header that stops", cutSoon, func(w *wire) error {
		return errors.Join(w.send("GET "+raw.PollingTarget+" HTTP/1.1\r\nHost: a\r\nX-A: "), w.silent())
	}},
	{"a header a byte at a time", cutSoon, func(w *wire) error {
		return errors.Join(w.send("GET "+raw.PollingTarget+" HTTP/1.1\r\nHost: a\r\nX-A: "), w.drip("a"))
	}},
	{"a body that never comes", cutSoon, func(w *wire) error { return errors.Join(w.post(), w.silent()) }},
	{"a body a byte at a time", cutSoon, func(w *wire) error { return errors.Join(w.post(), w.drip("4")) }},
	{"a body that takes minutes", cutSoon, func(w *wire) error { return errors.Join(w.post(), w.drip(strings.Repeat("4", 1_000))) }},
	{"a poll that is not read", cutSoon, func(w *wire) error {
		if err := w.pollingSession(); err != nil {
			return err
		}
		large := `4` + `21["echo","` + strings.Repeat("a", 100_000) + `"]`
		if err := w.exchange(raw.Request("POST", raw.Poll(w.sid), []byte(large)), "ok"); err != nil {
			return err
		}
		return errors.Join(w.send(string(raw.Request("GET", raw.Poll(w.sid), nil))), w.deaf())
	}},
	{"a WebSocket that asks and does not read", cutSoon, func(w *wire) error {
		if err := w.webSocket("40"); err != nil {
			return err
		}
		event := raw.AppendFrame(nil, raw.Text, []byte(`421["echo","`+strings.Repeat("a", 1_000)+`"]`))
		for { // until the server reads no more, and then ends it
			if _, err := w.Write(event); err != nil {
				return nil
			}
		}
	}},
	{"a WebSocket that never joins", cutLate, func(w *wire) error { return errors.Join(w.webSocket(""), w.silent()) }},
	{"a WebSocket that never pongs", cutLate, func(w *wire) error { return errors.Join(w.webSocket("40"), w.silent()) }},
	{"half a frame", cutLate, func(w *wire) error { return errors.Join(w.webSocket("40"), w.send("\x81\xfe\x10"), w.silent()) }},
}

// wire is a connection of a slow peer, in memory.
type wire struct {
	net.Conn
	in  *bufio.Reader
	sid string
}

func dialWire(network *pipe.Network) (*wire, error) {
	c, err := network.Dial(context.Background())
	if err != nil {
		return nil, err
	}
	return &wire{Conn: c, in: bufio.NewReader(c)}, nil
}

func (w *wire) send(s string) error {
	_, err := io.WriteString(w.Conn, s)
	return err
}

// silent reads until the server ends the connection.
func (w *wire) silent() error {
	io.Copy(io.Discard, w.in) // by which error does not matter
	return nil
}

// drip writes s again and again until the server ends the connection.
func (w *wire) drip(s string) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.silent()
	}()
	for {
		select {
		case <-ended:
			return nil
		case <-time.After(dripping):
			w.SetWriteDeadline(time.Now().Add(cutLate))
			if _, err := io.WriteString(w.Conn, s); err != nil {
				<-ended
				return nil
			}
		}
	}
}

// deaf reads nothing until the server must have ended the connection, and then only whether it has.
func (w *wire) deaf() error {
	time.Sleep(cutSoon)
	w.SetReadDeadline(time.Now().Add(instant))
	if _, err := w.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		return fmt.Errorf("still open: %v", err)
	}
	return nil
}

func (w *wire) exchange(request []byte, want string) error {
	if err := w.send(string(request)); err != nil {
		return err
	}
	r, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err == nil && !strings.HasPrefix(string(body), want) {
		err = fmt.Errorf("answered by %d %.100q; want %s", r.StatusCode, body, want)
	}
	if _, rest, found := strings.Cut(string(body), `0{"sid":"`); found && w.sid == "" {
		w.sid, _, _ = strings.Cut(rest, `"`)
	}
	return err
}

// pollingSession opens a session and joins the default namespace.
func (w *wire) pollingSession() error {
	return errors.Join(
		w.exchange(raw.Request("GET", raw.PollingTarget, nil), `0{"sid":"`),
		w.exchange(raw.Request("POST", raw.Poll(w.sid), []byte("40")), "ok"),
		w.exchange(raw.Request("GET", raw.Poll(w.sid), nil), `40{"sid":"`),
	)
}

// post begins a POST of a session, without its body.
func (w *wire) post() error {
	if err := w.exchange(raw.Request("GET", raw.PollingTarget, nil), `0{"sid":"`); err != nil {
		return err
	}
	return w.send(string(raw.Request("POST", raw.Poll(w.sid), nil, "Content-Length: 900000")))
}

// webSocket opens a session, with packet, if any, behind the handshake.
func (w *wire) webSocket(packet string) error {
	want := `0{"sid":`
	request := raw.Handshake(raw.WebSocketTarget)
	if packet != "" {
		request = raw.AppendFrame(request, raw.Text, []byte(packet))
		want = `40{"sid":`
	}
	sent := make(chan error, 1)
	go func() { sent <- w.send(string(request)) }() // the server may answer before it has read everything
	if err := w.await(want); err != nil {
		return err
	}
	return <-sent
}

// await reads until want has come.
func (w *wire) await(want string) error {
	var all bytes.Buffer
	for !strings.HasSuffix(all.String(), want) {
		b, err := w.in.ReadByte()
		if err != nil {
			return fmt.Errorf("%w after %q; want %s", err, &all, want)
		}
		all.WriteByte(b)
	}
	w.in.Discard(w.in.Buffered())
	return nil
}

func slowPeers(t *testing.T, peers int, length time.Duration, seen *slowSeen) {
	network := pipe.New()
	sio := socketio.NewServer(nil)
	sio.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	// The limits of Server.Listen, which has a listener of its own.
	web := &http.Server{Handler: sio.Handler(nil), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	var serving, slow, healthy sync.WaitGroup
	serving.Go(func() { web.Serve(network) })
	end := time.Now().Add(length)

	for i := range peers {
		slow.Go(func() {
			time.Sleep(time.Duration(i) * 7 * time.Millisecond) // not all in one instant
			for time.Now().Before(end) {
				kind := slowKinds[i%len(slowKinds)]
				took, err := beSlow(network, kind)
				seen.mu.Lock()
				seen.cut++
				if kind.within == cutSoon {
					seen.longest = max(seen.longest, took)
				}
				seen.mu.Unlock()
				if err != nil || took > kind.within {
					t.Errorf("%s: cut after %v, %v; want %v at most", kind.name, took, err, kind.within)
					return
				}
			}
		})
	}
	for i := range size(4, 20) {
		healthy.Go(func() {
			if err := beHealthy(network, i%2 == 0, end, seen); err != nil {
				t.Errorf("a healthy client: %v", err)
			}
		})
	}
	healthy.Wait()
	slow.Wait()
	if err := sio.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	web.Close()
	serving.Wait()
	time.Sleep(time.Second) // net/http takes its time to close a connection
}

func beSlow(network *pipe.Network, kind slowKind) (took time.Duration, err error) {
	w, err := dialWire(network)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	start := time.Now()
	err = kind.run(w)
	return time.Since(start), err
}

// beHealthy asks for an echo twice a second, on one session or each time on a new one.
func beHealthy(network *pipe.Network, stays bool, end time.Time, seen *slowSeen) error {
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return network.Dial(ctx) },
	}}
	defer client.CloseIdleConnections()
	sid := ""
	for time.Now().Before(end) {
		start := time.Now()
		if !stays || sid == "" {
			opened, err := request(client, "GET", raw.PollingTarget, "", `0{"sid":"`)
			if err != nil {
				return err
			}
			sid, _, _ = strings.Cut(strings.TrimPrefix(opened, `0{"sid":"`), `"`)
			if _, err := request(client, "POST", raw.Poll(sid), "40", "ok"); err != nil {
				return err
			}
			if _, err := request(client, "GET", raw.Poll(sid), "", `40{"sid":"`); err != nil {
				return err
			}
		}
		if _, err := request(client, "POST", raw.Poll(sid), `421["echo",1]`, "ok"); err != nil {
			return err
		}
		for answered := false; !answered; {
			got, err := request(client, "GET", raw.Poll(sid), "", "")
			if err != nil {
				return err
			}
			for record := range strings.SplitSeq(got, "\x1e") {
				switch record {
				case "431[1]":
					answered = true
				case "2":
					if _, err := request(client, "POST", raw.Poll(sid), "3", "ok"); err != nil {
						return err
					}
				default:
					return fmt.Errorf("the echo is %q", record)
				}
			}
		}
		waited := time.Since(start)
		if waited > instant {
			return fmt.Errorf("waited %v", waited)
		}
		seen.mu.Lock()
		seen.served++
		seen.waited = max(seen.waited, waited)
		seen.mu.Unlock()
		if !stays {
			if _, err := request(client, "POST", raw.Poll(sid), "1", "ok"); err != nil {
				return err
			}
		}
		time.Sleep(500 * time.Millisecond)
	}
	_, err := request(client, "POST", raw.Poll(sid), "1", "")
	return err
}

func request(client *http.Client, method, target, body, want string) (string, error) {
	r, err := http.NewRequest(method, "http://127.0.0.1"+target, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err == nil && !strings.HasPrefix(string(got), want) {
		err = fmt.Errorf("%s answered by %d %.100q; want %s", method, res.StatusCode, got, want)
	}
	return string(got), err
}
