package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// A server that misbehaves on purpose, and what the client makes of it: the same as the client of the reference, but where
// a line says why not.

const handshake = `0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`

// peer is the server's end of a WebSocket connection.
type peer struct {
	*websocket.Conn
	n int // of the connection, from 0
}

func (p peer) send(texts ...string) {
	for _, s := range texts {
		p.Write(false, []byte(s))
	}
}

// expect reads up to the message that begins so.
func (p peer) expect(prefix string) bool {
	for {
		_, data, err := p.Read()
		if err != nil {
			return false
		}
		if strings.HasPrefix(string(data), prefix) {
			return true
		}
	}
}

// wait reads until the client has gone.
func (p peer) wait() { p.expect("\x00never") }

// connected plays a server up to the answer to CONNECT.
func (p peer) connected(handshakes ...string) bool {
	p.send(append(handshakes, handshake)[0])
	ok := p.expect("40")
	p.send(`40{"sid":"xyz"}`)
	return ok
}

// after sends an event that shows that the client lives.
func (p peer) after() {
	p.send(`42["after",1]`)
	p.wait()
}

func TestHostileServerOverWebSocket(t *testing.T) {
	bye := "disconnect:io client disconnect"
	again := []string{"reconnect_attempt:1", "reconnect:1", "connect"}
	refused := []string{"connect_error:websocket error", "manager_error:websocket error", "reconnect_attempt:1", "connect_error:websocket error"}
	late := []string{"connect_error:timeout", "manager_error:timeout", "reconnect_attempt:1"}
	badHandshake := []string{"connect_error:server error", "manager_error:server error", "reconnect_attempt:1"}
	parseError := slices.Concat([]string{"connect", "disconnect:parse error"}, again)
	closed := slices.Concat([]string{"connect", "disconnect:transport close"}, again)
	alive := []string{"connect", "event:after:[1]", bye}
	status := func(code int, first int) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, n int) bool {
			if n < first {
				w.WriteHeader(code)
			}
			return n < first
		}
	}
	for _, c := range []struct {
		name   string
		refuse func(w http.ResponseWriter, n int) bool // before the handshake of WebSocket; n counts requests
		play   func(p peer)
		ask    bool // a question, once connected
		want   []string
	}{
		{name: "no open packet", play: peer.wait, want: late},
		// The reference throws an exception that nobody can catch.
		{name: "open packet with bad JSON", play: func(p peer) { p.send("0{"); p.wait() }, want: badHandshake},
		// The reference opens a session without an id, and times out.
		{name: "open packet with nothing in it", play: func(p peer) { p.send("0{}"); p.wait() }, want: badHandshake},
		{name: "401", refuse: status(401, 9), want: refused},
		{name: "503 twice", refuse: status(503, 2), play: func(p peer) { p.connected(); p.wait() },
			want: append(slices.Clone(refused), "manager_error:websocket error", "reconnect_attempt:2", "reconnect:2", "connect", bye)},
		{name: "an answer without upgrade", refuse: status(200, 9), want: refused},
		{name: "no answer to CONNECT", play: func(p peer) { p.send(handshake); p.wait() }, want: nil},
		{name: "CONNECT without sid", play: func(p peer) { p.send(handshake); p.expect("40"); p.send("40"); p.wait() },
			want: []string{"connect_error:It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible (more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)"}},
		{name: "gone without an answer to CONNECT", play: func(p peer) { p.send(handshake); p.expect("40"); p.CloseNow() },
			want: []string{"connect_error:socketio: disconnected: transport close: EOF", "reconnect_attempt:1", "reconnect:1"}},
		{name: "refusal", play: func(p peer) {
			p.send(handshake)
			p.expect("40")
			p.send(`44{"message":"nope","data":{"code":7}}`)
			p.wait()
		}, want: []string{`connect_error:nope{"code":7}`}},
		{name: "no pings", play: func(p peer) {
			p.connected(strings.NewReplacer("25000", "1000", "20000", "1000").Replace(handshake))
			p.wait()
		}, want: slices.Concat([]string{"connect", "disconnect:ping timeout"}, again)},
		{name: "pings", play: func(p peer) {
			p.connected()
			for range 3 {
				p.send("2")
				if !p.expect("3") {
					return
				}
			}
			p.after()
		}, want: alive},
		{name: "a close packet, which only polling knows", play: func(p peer) { p.connected(); p.send("1"); p.after() }, want: alive},
		{name: "connection dropped", play: func(p peer) { p.connected(); p.CloseNow() }, want: closed},
		{name: "closed with 1009", play: func(p peer) { p.connected(); p.Close(websocket.CodeTooBig, ""); p.wait() }, want: closed},
		{name: "disconnected", play: func(p peer) { p.connected(); p.send("41"); p.wait() }, want: []string{"connect", "disconnect:io server disconnect"}},
		{name: "bad packet", play: func(p peer) { p.connected(); p.send("4abc"); p.wait() }, want: parseError},
		{name: "bad payload", play: func(p peer) { p.connected(); p.send(`42{"a":1}`); p.wait() }, want: parseError},
		{name: "bad engine packet", play: func(p peer) { p.connected(); p.send("abc"); p.wait() },
			want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)},
		{name: "text instead of an attachment", play: func(p peer) {
			p.connected()
			p.send(`451-["b",{"_placeholder":true,"num":0}]`, `42["a"]`)
			p.wait()
		}, want: parseError},
		{name: "bytes nobody announced", play: func(p peer) { p.connected(); p.Write(true, []byte{1}); p.wait() }, want: parseError},
		{name: "bad placeholder", play: func(p peer) {
			p.connected()
			p.send(`451-["b",{"_placeholder":true,"num":7}]`)
			p.Write(true, []byte{1})
			p.wait()
		}, want: parseError},
		{name: "10^9 attachments", play: func(p peer) { p.connected(); p.send(`451000000000-["b"]`); p.wait() }, want: parseError},
		{name: "no attachments", play: func(p peer) { p.connected(); p.send(`450-["b"]`); p.wait() }, want: parseError},
		{name: "deep JSON", play: func(p peer) {
			p.connected()
			p.send(`42["a",` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "]")
			p.wait()
		}, want: parseError},
		{name: "reserved event", play: func(p peer) { p.connected(); p.send(`42["disconnect"]`); p.wait() }, want: parseError},
		{name: "answer nobody asked for", play: func(p peer) { p.connected(); p.send("4377[1]"); p.after() }, want: alive},
		{name: "packet of an unknown namespace", play: func(p peer) { p.connected(); p.send(`42/foo,["a"]`); p.after() }, want: alive},
		{name: "event before the answer to CONNECT", play: func(p peer) {
			p.send(handshake, `42["early",1]`)
			p.expect("40")
			p.send(`40{"sid":"xyz"}`)
			p.wait()
		}, want: []string{"event:early:[1]", "connect", bye}},
		{name: "answered twice", ask: true, play: func(p peer) {
			p.connected()
			p.expect(`420["q"]`)
			p.send(`430["first"]`, `430["second"]`)
			p.wait()
		}, want: []string{"connect", `ack:["first"]`, bye}},
		{name: "never answered", ask: true, play: func(p peer) { p.connected(); p.wait() },
			want: []string{"connect", "ack-error:operation has timed out", bye}},
		{name: "noops, unknown fields", play: func(p peer) {
			p.send(strings.Replace(handshake, "{", `{"more":[1],`, 1))
			p.expect("40")
			p.send("6", `40{"sid":"xyz","more":1}`, "6")
			p.after()
		}, want: alive},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			var players sync.WaitGroup
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				players.Add(1)
				defer players.Done()
				n := int(requests.Add(1)) - 1
				if c.refuse != nil && c.refuse(w, n) {
					return
				}
				conn, err := websocket.Accept(w, r, nil)
				if err != nil {
					return
				}
				defer conn.CloseNow()
				c.play(peer{conn, n})
			}))
			defer func() {
				h.Close()
				players.Wait()
			}()
			checkLife(t, h.URL, []string{"websocket"}, c.ask, c.want, bye)
		})
	}
}

// checkLife runs a client and compares what happens to it with want. The listeners of watch come last.
func checkLife(t *testing.T, url string, transports []string, ask bool, want []string, bye string, watch ...func(*client.Manager)) {
	t.Helper()
	o := &client.Options{
		Timeout: patience, ReconnectionDelay: 20 * time.Millisecond, RandomizationFactor: -1, ReconnectionAttempts: 3,
		Engine: engineio.DialOptions{Transports: transports},
	}
	if len(want) > 0 && want[0] == "connect_error:timeout" {
		o.Timeout = 100 * time.Millisecond
	}
	c, err := client.New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	d := newDiary()
	limit := patience
	if slices.Contains(want, "ack-error:operation has timed out") {
		limit = 200 * time.Millisecond
	}
	var asking sync.WaitGroup
	c.OnConnect(func() {
		d.note("connect")
		if ask {
			asking.Go(func() { noteAnswer(d, c, limit) })
		}
	})
	c.OnDisconnect(func(r client.DisconnectReason, _ error) { d.note("disconnect:%s", r) })
	c.OnConnectError(func(err error) {
		var refusal *client.ConnectError
		if errors.As(err, &refusal) {
			d.note("connect_error:%v%s", err, refusal.Data)
			return
		}
		d.note("connect_error:%v", err)
	})
	c.OnAny(func(_ context.Context, e *client.Event) error {
		list, err := json.Marshal(e.Args())
		d.note("event:%s:%s", e.Name(), list)
		return err
	})
	m := c.Manager()
	m.OnError(func(err error) { d.note("manager_error:%v", err) })
	m.OnReconnectAttempt(func(n int) { d.note("reconnect_attempt:%d", n) })
	m.OnReconnect(func(n int) { d.note("reconnect:%d", n) })
	m.OnUpgrade(func(name string) { d.note("upgrade:%s", name) })
	m.OnUpgradeError(func(err error) { d.note("upgradeError:%v", err) })
	for _, f := range watch {
		f(m)
	}
	c.Connect()
	switch {
	case len(want) == 0:
		time.Sleep(100 * time.Millisecond) // nothing should happen, and nothing tells when it has not
	case want[len(want)-1] == bye:
		d.until(t, want[len(want)-2])
		c.Disconnect()
		d.until(t, bye)
	default:
		d.enough(t, len(want))
	}
	c.Close()
	asking.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	if got := d.lines[:min(len(want), len(d.lines))]; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", d.lines, want)
	}
}

// enough waits for n lines.
func (d *diary) enough(t *testing.T, n int) {
	t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		have := len(d.lines)
		d.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-d.more:
		case <-late:
			return
		}
	}
}

// noteAnswer asks, and notes what comes of it.
func noteAnswer(d *diary, c *client.Socket, limit time.Duration) {
	args, err := c.Timeout(limit).EmitWithAck(context.Background(), "q")
	switch {
	case errors.Is(err, client.ErrTimeout):
		d.note("ack-error:%v", client.ErrTimeout)
	case err != nil:
		d.note("ack-error:%v", err)
	default:
		list, _ := json.Marshal(args)
		d.note("ack:%s", list)
	}
}

func TestHostileServerOverPolling(t *testing.T) {
	bye := "disconnect:io client disconnect"
	open := `0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`
	refused := []string{"connect_error:xhr poll error", "manager_error:xhr poll error", "reconnect_attempt:1", "connect_error:xhr poll error"}
	unreadable := []string{"connect_error:server error", "manager_error:server error", "reconnect_attempt:1", "connect_error:server error"}
	alive := []string{"connect", "event:after:[1]", bye}
	for _, c := range []struct {
		name string
		// what GETs are answered with, in order; the last one is not answered. Without any, first is asked.
		polls []string
		first http.HandlerFunc
		want  []string
	}{
		{name: "well", polls: []string{open, `40{"sid":"xyz"}`, `42["after",1]`}, want: alive},
		{name: "several packets in one", polls: []string{open, "40{\"sid\":\"xyz\"}\x1e42[\"a\",1]\x1e2\x1e42[\"after\",1]"},
			want: []string{"connect", "event:a:[1]", "event:after:[1]", bye}},
		{name: "binary", polls: []string{open, `40{"sid":"xyz"}`, "451-[\"after\",{\"_placeholder\":true,\"num\":0}]\x1ebAQIDBA=="},
			want: []string{"connect", `event:after:[{"_placeholder":true,"num":0}]`, bye}},
		{name: "a close packet", polls: []string{open, `40{"sid":"xyz"}`, "1"},
			want: []string{"connect", "disconnect:transport close", "reconnect_attempt:1", "reconnect:1", "connect"}},
		{name: "session unknown", polls: []string{open, `40{"sid":"xyz"}`, "!"},
			want: []string{"connect", "manager_error:xhr poll error", "disconnect:transport error", "reconnect_attempt:1", "reconnect:1", "connect"}},
		{name: "not a packet", polls: []string{open, `40{"sid":"xyz"}`, "x"},
			want: []string{"connect", "manager_error:server error", "disconnect:transport error", "reconnect_attempt:1", "reconnect:1", "connect"}},
		{name: "500", first: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, want: refused},
		{name: "a page", first: func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, want: unreadable},
		{name: "silence", first: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			want: []string{"connect_error:timeout", "manager_error:timeout", "reconnect_attempt:1"}},
		{name: "an endless page", first: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("0"), 64<<10)); err != nil {
					return
				}
			}
		}, want: refused},
		{name: "redirects without end", first: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), 302) }, want: refused},
		{name: "a bomb", first: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 200 {
				z.Write(make([]byte, 64<<10))
			}
			z.Close()
		}, want: refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var gets atomic.Int32
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case c.first != nil:
					c.first(w, r)
					return
				case r.Method == http.MethodPost:
					io.Copy(io.Discard, r.Body)
					io.WriteString(w, "ok")
					return
				}
				if r.URL.Query().Get("sid") == "" {
					gets.Store(0)
				}
				n := int(gets.Add(1)) - 1
				switch {
				case n >= len(c.polls):
					<-r.Context().Done()
				case c.polls[n] == "!":
					w.WriteHeader(400)
				default:
					io.WriteString(w, c.polls[n])
				}
			}))
			defer h.Close()
			checkLife(t, h.URL, []string{"polling"}, false, c.want, bye)
		})
	}
}

// Posts are split so that none is longer than the server takes; a packet that is too long by itself goes alone.
func TestPostsKeepToMaxPayload(t *testing.T) {
	open := `0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}`
	var gets atomic.Int32
	bodies := make(chan string, 100)
	asked := make(chan struct{})
	ask := sync.OnceFunc(func() { close(asked) })
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			b, _ := io.ReadAll(r.Body)
			bodies <- string(b)
			ask()
			io.WriteString(w, "ok")
			return
		}
		switch gets.Add(1) {
		case 1:
			io.WriteString(w, open)
		case 2:
			<-asked
			io.WriteString(w, `40{"sid":"xyz"}`)
		default:
			<-r.Context().Done()
		}
	}))
	defer h.Close()
	c, err := client.New(h.URL, &client.Options{Engine: engineio.DialOptions{Transports: []string{"polling"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 6 {
		c.Emit("m", strings.Repeat("x", 30))
	}
	c.Emit("big", strings.Repeat("x", 150))
	c.Connect()
	var packets []string
	for len(packets) < 8 {
		body := <-bodies
		split := strings.Split(body, "\x1e")
		if len(body) > 100 && len(split) > 1 {
			t.Errorf("a body of %d bytes with %d packets", len(body), len(split))
		}
		packets = append(packets, split...)
	}
	want := append([]string{"40"}, slices.Repeat([]string{fmt.Sprintf(`42["m","%s"]`, strings.Repeat("x", 30))}, 6)...)
	want = append(want, fmt.Sprintf(`42["big","%s"]`, strings.Repeat("x", 150)))
	if !slices.Equal(packets, want) {
		t.Errorf("packets %q", packets)
	}
}
