package client_test

import (
	"compress/gzip"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// The rest of the server that misbehaves: what needs bytes of its own, and upgrades.

// shakeHands answers a WebSocket handshake by hand, and gives the connection away.
func shakeHands(w http.ResponseWriter, r *http.Request, guid string) net.Conn {
	nc, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + guid))
	fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	return nc
}

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// frame is a WebSocket frame of a server; first is its first byte.
func frame(first byte, text string) string {
	if len(text) < 126 {
		return string([]byte{first, byte(len(text))}) + text
	}
	return string([]byte{first, 126, byte(len(text) >> 8), byte(len(text))}) + text
}

func TestHostileServerByTheByte(t *testing.T) {
	bye := "disconnect:io client disconnect"
	talk := func(frames ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			nc := shakeHands(w, r, guid)
			defer nc.Close()
			io.WriteString(nc, frame(0x81, handshake))
			nc.Read(make([]byte, 1)) // CONNECT
			for _, f := range append([]string{frame(0x81, `40{"sid":"xyz"}`)}, frames...) {
				io.WriteString(nc, f)
			}
			io.Copy(io.Discard, nc)
		}
	}
	lost := []string{"connect", "disconnect:transport error", "reconnect_attempt:1", "reconnect:1", "connect"}
	for _, c := range []struct {
		name   string
		server http.HandlerFunc
		want   []string
	}{
		{"a bad Sec-WebSocket-Accept", func(w http.ResponseWriter, r *http.Request) { shakeHands(w, r, "other").Close() },
			[]string{"connect_error:websocket error", "manager_error:websocket error", "reconnect_attempt:1", "connect_error:websocket error"}},
		{"fragments in the middle of a character", talk(frame(0x01, `42["frag","`+"\xe2"), frame(0x89, "ping"), frame(0x00, "\x82"), frame(0x00, ""), frame(0x80, "\xac\"]")),
			[]string{"connect", `event:frag:["€"]`, bye}},
		{"all in one segment", talk(frame(0x81, `42["a"]`) + frame(0x81, `42["b"]`) + frame(0x8a, "") + frame(0x81, `42["after",1]`)),
			[]string{"connect", "event:a:[]", "event:b:[]", "event:after:[1]", bye}},
		{"a masked frame", talk("\x81\x83\x00\x00\x00\x00422"), lost},
		{"text that is not UTF-8", talk(frame(0x81, "42[\"a\",\"\xff\"]")), lost},
		{"reserved bits", talk(frame(0xf1, `42["a"]`)), lost},
		{"a length of 2^63", talk("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00"), lost},
		{"a length of 4 GB", talk("\x81\x7f\x00\x00\x00\x01\x00\x00\x00\x00"), lost},
		{"a long ping", talk("\x89\x7e\x00\x80" + strings.Repeat("x", 128)), lost},
		{"a fragment of nothing", talk(frame(0x80, "x")), lost},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := httptest.NewServer(c.server)
			defer h.Close()
			checkLife(t, h.URL, []string{"websocket"}, false, c.want, bye)
		})
	}
}

// upgrader is a server of one session. CONNECT is answered when the upgrade has come to its end, so that the order of
// what happens is known.
type upgrader struct {
	play    func(w http.ResponseWriter, r *http.Request, s *upgrader) // the handshake of WebSocket, and what follows
	gets    atomic.Int32
	settled chan struct{} // closed when the client has given the upgrade up
	noop    chan struct{} // closed to release the poll that waits
}

func (s *upgrader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Upgrade") != "":
		s.play(w, r, s)
	case r.Method == http.MethodPost:
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "ok")
	case r.URL.Query().Get("sid") == "":
		io.WriteString(w, strings.Replace(handshake, "[]", `["websocket"]`, 1))
	default:
		s.poll(w, r)
	}
}

func (s *upgrader) poll(w http.ResponseWriter, r *http.Request) {
	wait := func(c chan struct{}) bool {
		select {
		case <-c:
			return true
		case <-s.noop:
			io.WriteString(w, "6")
		case <-r.Context().Done():
		}
		return false
	}
	select {
	case <-s.noop:
		io.WriteString(w, "6")
		return
	default:
	}
	switch s.gets.Add(1) {
	case 1:
		if wait(s.settled) {
			io.WriteString(w, `40{"sid":"xyz"}`)
		}
	case 2:
		io.WriteString(w, `42["after",1]`)
	default:
		wait(nil)
	}
}

func TestHostileUpgrade(t *testing.T) {
	bye := "disconnect:io client disconnect"
	// probed accepts, waits for the probe and answers it.
	probed := func(answer func(p peer, s *upgrader)) func(http.ResponseWriter, *http.Request, *upgrader) {
		return func(w http.ResponseWriter, r *http.Request, s *upgrader) {
			conn, err := websocket.Accept(w, r, nil)
			if err != nil {
				panic(err)
			}
			defer conn.CloseNow()
			p := peer{conn, 0}
			if p.expect("2probe") {
				answer(p, s)
			}
		}
	}
	for _, c := range []struct {
		name string
		play func(http.ResponseWriter, *http.Request, *upgrader)
		want []string
	}{
		{"no answer to the probe", probed(func(p peer, s *upgrader) { close(s.settled); p.wait() }),
			[]string{"connect", "event:after:[1]", bye}},
		{"another answer to the probe", probed(func(p peer, s *upgrader) { p.send("3nothing"); p.wait() }),
			[]string{"upgradeError:probe error", "connect", "event:after:[1]", bye}},
		{"rejected", func(w http.ResponseWriter, _ *http.Request, s *upgrader) {
			w.WriteHeader(http.StatusForbidden)
		}, []string{"upgradeError:probe error: Error: websocket error", "connect", "event:after:[1]", bye}},
		{"closed", probed(func(p peer, s *upgrader) { p.Close(websocket.CodeNoStatus, ""); p.wait() }),
			[]string{"upgradeError:probe error: transport closed", "connect", "event:after:[1]", bye}},
		{"well", probed(func(p peer, s *upgrader) {
			p.send("3probe")
			close(s.noop)
			if p.expect("5") {
				p.send(`40{"sid":"xyz"}`)
				p.after()
			}
		}), []string{"upgrade:websocket", "connect", "event:after:[1]", bye}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &upgrader{play: c.play, settled: make(chan struct{}), noop: make(chan struct{})}
			h := httptest.NewServer(s)
			defer h.Close()
			checkLife(t, h.URL, nil, false, c.want, bye, func(m *client.Manager) {
				m.OnUpgradeError(func(error) { close(s.settled) })
			})
		})
	}
}

// Polling responses in the forms that HTTP has for them. The reference can't read compressed ones.
func TestPollingAnswersOfEveryForm(t *testing.T) {
	bye := "disconnect:io client disconnect"
	for name, write := range map[string]func(w http.ResponseWriter, r *http.Request, body string){
		"gzip": func(w http.ResponseWriter, r *http.Request, body string) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				panic("it does not ask for gzip")
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, body)
			z.Close()
		},
		"slow pieces": func(w http.ResponseWriter, _ *http.Request, body string) {
			for i := range len(body) {
				io.WriteString(w, body[i:i+1])
				http.NewResponseController(w).Flush()
			}
		},
		"another content type": func(w http.ResponseWriter, _ *http.Request, body string) {
			w.Header().Set("Content-Type", "application/octet-stream")
			io.WriteString(w, body)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var gets atomic.Int32
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					io.Copy(io.Discard, r.Body)
					io.WriteString(w, "ok")
					return
				}
				polls := []string{handshake, `40{"sid":"xyz"}`, `42["after",1]`}
				if n := int(gets.Add(1)) - 1; n < len(polls) {
					write(w, r, polls[n])
					return
				}
				<-r.Context().Done()
			}))
			defer h.Close()
			checkLife(t, h.URL, []string{"polling"}, false, []string{"connect", "event:after:[1]", bye}, bye)
		})
	}
}

// The cookies of the handshake come back with every request after it, if the HTTP client has a jar.
func TestCookiesComeBack(t *testing.T) {
	var gets atomic.Int32
	cookies := make(chan string, 100)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookies <- r.Method + " " + r.Header.Get("Cookie")
		if r.Method == http.MethodPost {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, "ok")
			return
		}
		switch gets.Add(1) {
		case 1:
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "gone", Value: "1", MaxAge: -1})
			io.WriteString(w, handshake)
		case 2:
			io.WriteString(w, `40{"sid":"xyz"}`)
		default:
			<-r.Context().Done()
		}
	}))
	defer h.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c, err := client.Dial(t.Context(), h.URL, &client.Options{Engine: engineio.DialOptions{
		Transports: []string{"polling"}, HTTP: &http.Client{Jar: jar, Transport: transport},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if first := <-cookies; first != "GET " {
		t.Errorf("first request %q", first)
	}
	for range 2 { // the poll and the post of CONNECT, in any order
		if next := <-cookies; next != "GET a=1" && next != "POST a=1" {
			t.Errorf("request %q", next)
		}
	}
}
