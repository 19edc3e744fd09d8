package official

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// quickly are options of a client that tries soon again.
func quickly() *client.Options {
	return &client.Options{ReconnectionDelay: 10 * time.Millisecond, ReconnectionDelayMax: 20 * time.Millisecond}
}

// twice are those of one whose attempts all fail at once, and who makes two more.
func twice() *client.Options {
	o := quickly()
	o.Timeout, o.ReconnectionAttempts = time.Nanosecond, 2
	return o
}

// nobody is an address that nobody listens at.
const nobody = "http://127.0.0.1:1"

// still lets pass what should not happen, if it does.
func still() { time.Sleep(100 * time.Millisecond) }

// attempts fails the test unless the manager makes two attempts and gives up.
func attempts(l lab, m *client.Manager, begin func()) {
	l.Helper()
	var got []int
	m.OnReconnectAttempt(func(n int) { got = append(got, n) })
	failed, heard := signal()
	off := m.OnReconnectFailed(failed)
	begin()
	next(l, heard)
	off()
	if !slices.Equal(got, []int{1, 2}) {
		l.Errorf("attempts %v", got)
	}
}

// socket.io-client/test/connection.ts
func TestConnection(t *testing.T) {
	titles{
		"should connect to localhost": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "hi")
			s.Emit("hi")
			next(l, back)
		},
		"should not connect when autoConnect option set to false": func(l lab) {
			s := l.socket("/", nil) // nothing connects by itself here
			if s.Manager().Conn() != nil || s.Active() {
				l.Error("it has a connection")
			}
		},
		"should start two connections with same path": func(l lab) {
			a, b := l.connect("/", nil), l.connect("/", nil)
			if a.Manager().Conn() == b.Manager().Conn() {
				l.Error("one connection")
			}
		},
		"should start two connections with same path and different querystrings": func(l lab) {
			a, b := lab{l.T, l.url + "?woot"}.connect("/", nil), l.connect("/", nil)
			if a.Manager() == b.Manager() {
				l.Error("one manager")
			}
		},
		"should start two connections with different paths": func(l lab) {
			a, b := l.connect("/", nil), l.connect("/foo", nil)
			if a.Manager() == b.Manager() {
				l.Error("one manager")
			}
		},
		"should start a single connection with different namespaces": func(l lab) {
			m := l.manager(nil)
			a, b := m.Socket("/", nil), m.Socket("/foo", nil)
			a.Connect()
			b.Connect()
			l.wait(a)
			l.wait(b)
			if a.Manager().Conn() != b.Manager().Conn() || a == b {
				l.Error("two connections")
			}
		},
		"should work with acks": func(l lab) {
			s := l.connect("/", nil)
			asked := make(chan struct{}, 1)
			s.OnCall("ack", func(context.Context, struct{}) (client.Args2[int, map[string]bool], error) {
				asked <- struct{}{}
				return client.Args2[int, map[string]bool]{A: 5, B: map[string]bool{"test": true}}, nil
			})
			s.Emit("ack")
			next(l, asked)
		},
		"should receive date with ack": func(l lab) {
			got := ask[string](l, l.connect("/", nil), "getAckDate", map[string]bool{"test": true})
			if _, err := time.Parse(time.RFC3339, got); err != nil {
				l.Error(err)
			}
		},
		"should work with false": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "false")
			s.Emit("false")
			v := true
			if err := next(l, back).Decode(&v); err != nil || v {
				l.Error(v, err)
			}
		},
		"should receive utf8 multibyte characters": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "takeUtf8")
			s.Emit("getUtf8")
			for _, want := range utf8 {
				var got string
				if err := next(l, back).Decode(&got); err != nil || got != want {
					l.Errorf("got %q, want %q", got, want)
				}
			}
		},
		"should connect to a namespace after connection established": func(l lab) {
			s := l.connect("/", nil)
			foo := s.Manager().Socket("/foo", nil)
			foo.Connect()
			l.wait(foo)
		},
		"should open a new namespace after connection gets closed": func(l lab) {
			s := l.connect("/", nil)
			s.Disconnect()
			foo := s.Manager().Socket("/foo", nil)
			foo.Connect()
			l.wait(foo)
		},
		"should reconnect by default": func(l lab) {
			s := l.connect("/", quickly())
			back, heard := signal()
			s.OnReconnect(func(int) { back() })
			s.Manager().Conn().Close()
			next(l, heard)
		},
		"should reconnect manually": func(l lab) {
			s := l.connect("/", nil)
			s.Disconnect()
			s.Connect()
			l.wait(s)
		},
		"should reconnect automatically after reconnecting manually": func(l lab) {
			s := l.connect("/", quickly())
			s.Disconnect()
			s.Connect()
			l.wait(s)
			back, heard := signal()
			s.OnReconnect(func(int) { back() })
			s.Manager().Conn().Close()
			next(l, heard)
		},
		"should attempt reconnects after a failed reconnect": func(l lab) {
			m := l.manager(twice())
			s := m.Socket("/timeout", nil)
			failed, heard := signal()
			off := m.OnReconnectFailed(failed)
			s.Connect()
			next(l, heard)
			off()
			attempts(l, m, s.Connect)
		},
		"reconnect delay should increase every time": func(l lab) {
			o := twice()
			o.ReconnectionAttempts, o.ReconnectionDelay, o.ReconnectionDelayMax, o.RandomizationFactor = 3, 4*time.Millisecond, time.Second, .2
			s := l.socket("/timeout", o)
			var delays []time.Duration
			s.OnReconnecting(func(_ int, delay time.Duration) { delays = append(delays, delay) })
			failed, heard := signal()
			s.OnReconnectFailed(failed)
			s.Connect()
			next(l, heard)
			if len(delays) != 3 || !slices.IsSorted(delays) || delays[0] == delays[2] {
				l.Errorf("delays %v", delays)
			}
		},
		"should not reconnect when force closed": func(l lab) {
			o := twice()
			s := l.socket("/invalid", o)
			failed, heard := signal()
			s.Manager().OnError(func(error) {
				s.Disconnect()
				failed()
			})
			s.OnReconnecting(func(int, time.Duration) { l.Error("it tries again") })
			s.Connect()
			next(l, heard)
			still()
		},
		"should stop reconnecting when force closed": func(l lab) {
			s := l.socket("/invalid", twice())
			tries, heard := signal()
			s.OnReconnecting(func(n int, _ time.Duration) {
				s.Disconnect()
				tries()
			})
			s.Connect()
			next(l, heard)
			still()
			if len(heard) > 0 {
				l.Error("it tries again")
			}
		},
		"should reconnect after stopping reconnection": func(l lab) {
			s := l.socket("/invalid", twice())
			tries, heard := signal()
			s.OnReconnecting(func(int, time.Duration) {
				if tries(); len(heard) == 1 {
					s.Disconnect()
					s.Connect()
				}
			})
			s.Connect()
			for range 2 {
				next(l, heard)
			}
		},
		"should stop reconnecting on a socket and keep to reconnect on another": func(l lab) {
			a := l.connect("/", quickly())
			m := a.Manager()
			b := m.Socket("/asd", nil)
			b.Connect()
			l.wait(b)
			m.OnReconnectAttempt(func(int) { a.Disconnect() })
			a.OnConnect(func() { l.Error("the one that left comes back") })
			back, heard := signal()
			b.OnConnect(back)
			m.Conn().Close()
			next(l, heard)
			still()
		},
		"should try to reconnect twice and fail when requested two attempts with immediate timeout and reconnect enabled": func(l lab) {
			m := l.manager(twice())
			attempts(l, m, m.Socket("/timeout", nil).Connect)
		},
		"should fire reconnect_* events on manager": func(l lab) {
			m := l.manager(twice())
			failures, heard := signal()
			m.OnReconnectError(func(error) { failures() })
			attempts(l, m, m.Socket("/timeout_socket", nil).Connect)
			if len(heard) != 2 {
				l.Errorf("%d errors", len(heard))
			}
		},
		"should fire reconnecting (on manager) with attempts number when reconnecting twice": func(l lab) {
			m := l.manager(twice())
			attempts(l, m, m.Socket("/timeout_socket", nil).Connect)
		},
		"should not try to reconnect and should form a connection when connecting to correct port with default timeout": func(l lab) {
			s := l.socket("/valid", quickly())
			s.OnReconnecting(func(int, time.Duration) { l.Error("it tries again") })
			s.Connect()
			l.wait(s)
			still()
		},
		"should connect while disconnecting another socket": func(l lab) {
			a := l.connect("/foo", nil)
			b := a.Manager().Socket("/asd", nil)
			b.Connect()
			a.Disconnect()
			l.wait(b)
		},
		"should not close the connection when disconnecting a single socket": func(l lab) {
			a := l.connect("/foo", nil)
			m := a.Manager()
			b := m.Socket("/asd", nil)
			b.Connect()
			l.wait(b)
			gone, heard := signal()
			b.OnDisconnect(func(client.DisconnectReason, error) { gone() })
			a.Disconnect()
			still()
			if len(heard) > 0 || m.Conn() == nil {
				l.Error("the other went too")
			}
			closed, over := signal()
			m.OnClose(func(client.DisconnectReason, error) { closed() })
			b.Disconnect()
			next(l, over)
		},
		"should stop trying to reconnect": func(l lab) {
			m := l.managerOf(nobody, quickly())
			failed, heard := signal()
			m.OnReconnectError(func(error) {
				m.Reconfigure(&client.Options{NoReconnection: true})
				m.OnReconnectAttempt(func(int) { l.Error("it tries again") })
				failed()
			})
			m.Socket("/", nil).Connect()
			next(l, heard)
			still()
		},
		"should try to reconnect twice and fail when requested two attempts with incorrect address and reconnect enabled": func(l lab) {
			o := quickly()
			o.ReconnectionAttempts = 2
			m := l.managerOf(nobody, o)
			attempts(l, m, m.Socket("/asd", nil).Connect)
		},
		"should not try to reconnect with incorrect port when reconnection disabled": func(l lab) {
			o := quickly()
			o.NoReconnection = true
			m := l.managerOf(nobody, o)
			failed, heard := signal()
			m.OnError(func(error) { failed() })
			m.OnReconnectAttempt(func(int) { l.Error("it tries again") })
			m.Socket("/invalid", nil).Connect()
			next(l, heard)
			still()
		},
		"should still try to reconnect twice after opening another socket asynchronously": func(l lab) {
			o := quickly()
			o.ReconnectionAttempts = 2
			m := l.managerOf(nobody, o)
			m.OnReconnectAttempt(func(int) { m.Socket("/room2", nil).Connect() })
			attempts(l, m, m.Socket("/room1", nil).Connect)
		},
		"should emit date as string": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "takeDate")
			s.Emit("getDate")
			var text string
			if err := next(l, back).Decode(&text); err != nil || text == "" {
				l.Error(text, err)
			}
		},
		"should emit date in object": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "takeDateObj")
			s.Emit("getDateObj")
			var v struct{ Date string }
			if err := next(l, back).Decode(&v); err != nil || v.Date == "" {
				l.Error(v, err)
			}
		},
		"should get base64 data as a last resort": func(l lab) {
			s := l.connect("/", &client.Options{Engine: engineio.DialOptions{ForceBase64: true}})
			back := hear(s, "doge")
			s.Emit("doge")
			var b []byte
			if err := next(l, back).Decode(&b); err != nil || string(b) != "asdfasdf" {
				l.Error(b, err)
			}
		},
		"should get binary data (as an ArrayBuffer)": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "doge")
			s.Emit("doge")
			var b []byte
			if err := next(l, back).Decode(&b); err != nil || string(b) != "asdfasdf" {
				l.Error(b, err)
			}
		},
		"should send binary data (as an ArrayBuffer)": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "binary")
			s.Emit("binary", []byte("asdfasdf"))
			var b []byte
			if err := next(l, back).Decode(&b); err != nil || string(b) != "asdfasdf" {
				l.Error(b, err)
			}
		},
		"should send binary data (as an ArrayBuffer) mixed with json": func(l lab) {
			type mixed struct {
				Hello, Goodbye string
				Message        []byte
			}
			s := l.connect("/", nil)
			back := hear(s, "binary")
			want := mixed{"lol", "gotcha", []byte("howdy")}
			s.Emit("binary", want)
			var got mixed
			if err := next(l, back).Decode(&got); err != nil || !reflect.DeepEqual(got, want) {
				l.Error(got, err)
			}
		},
		"should send events with ArrayBuffers in the correct order": func(l lab) {
			s := l.connect("/", nil)
			back := hear(s, "binary")
			s.Emit("binary", bytes.Repeat([]byte{1}, 100_000))
			s.Emit("binary", "second")
			var b []byte
			var text string
			if err := next(l, back).Decode(&b); err != nil || len(b) != 100_000 {
				l.Error(len(b), err)
			}
			if err := next(l, back).Decode(&text); err != nil || text != "second" {
				l.Error(text, err)
			}
		},
		"should reopen a cached socket": func(l lab) {
			s := l.connect("/", nil)
			s.Disconnect()
			again := s.Manager().Socket("/", nil)
			again.Connect()
			if again != s || !again.Active() {
				l.Error("it is another")
			}
			l.wait(again)
		},
		"should not reopen a cached but active socket": func(l lab) {
			sent := newTape()
			m := l.manager(&client.Options{Parser: sent})
			a, b := m.Socket("/", nil), m.Socket("/", nil)
			a.Connect()
			b.Connect()
			l.wait(a)
			b.Connect()
			a.Disconnect()
			if got := sent.sent(); a != b || !slices.Equal(got, []string{"0", "1"}) {
				l.Errorf("sent %q", got)
			}
		},
		"should not reopen an already active socket": func(l lab) {
			sent := newTape()
			m := l.manager(&client.Options{Parser: sent})
			a, foo := m.Socket("/", nil), m.Socket("/foo", nil)
			a.Connect()
			foo.Connect()
			l.wait(a)
			l.wait(foo)
			a.Connect()
			a.Disconnect()
			foo.Disconnect()
			if got := sent.sent(); !slices.Equal(got, []string{"0", "0/foo,", "1", "1/foo,"}) {
				l.Errorf("sent %q", got)
			}
		},
	}.run(t, serve(t))
}

// engine.io-client/test/transport.js, "rememberUpgrade": it is an option of the manager, which makes the connections.
func TestRememberUpgrade(t *testing.T) {
	begins := func(remember bool, want string) func(lab) {
		return func(l lab) {
			o := quickly()
			o.RememberUpgrade = remember
			s := l.socket("/", o)
			upgraded, heard := signal()
			s.Manager().OnUpgrade(func(string) { upgraded() })
			first := make(chan string, 10)
			s.OnConnecting(func(transport string) { first <- transport })
			s.Connect()
			next(l, heard)
			if name := next(l, first); name != "polling" {
				l.Errorf("it begins with %q", name)
			}
			s.Manager().Conn().Close()
			if name := next(l, first); name != want {
				l.Errorf("it begins again with %q", name)
			}
		}
	}
	titles{
		"should remember websocket connection":     begins(true, "websocket"),
		"should not remember websocket connection": begins(false, "polling"),
	}.run(t, serve(t))
}

// socket.io-client/test/url.ts
func TestURL(t *testing.T) {
	names := func(address, want string, o *client.Options) func(lab) {
		return func(l lab) {
			s, err := client.New(address, o)
			if want == "" {
				if err == nil {
					s.Close()
					l.Errorf("%q is an address", address)
				}
				return
			}
			if err != nil {
				l.Fatal(err)
			}
			defer s.Close()
			if s.Namespace() != want {
				l.Errorf("%q, want %q", s.Namespace(), want)
			}
			r := recorder{make(chan *http.Request, 9)}
			o := *cmp.Or(o, &client.Options{})
			o.Engine.HTTP = &http.Client{Transport: r}
			again, err := client.New(address, &o)
			if err != nil {
				l.Fatal(err)
			}
			defer again.Close()
			again.Connect()
			path := cmp.Or(o.Path, "/socket.io") + "/"
			if q := next(l, r.url); q.URL.Path != path || !strings.Contains(address, q.URL.Host) || q.URL.Scheme != cmp.Or(schemeOf(address), "https") {
				l.Errorf("it asks %s", q.URL)
			}
		}
	}
	titles{
		"works with no protocol":                   names("localhost:3000", "", nil),
		"works with a schema that is none of ours": names("ftp://localhost/", "", nil),
		"works with no schema":                     names("//localhost:3000", "/", nil),
		"identifies the namespace":                 names("http://example.com/woot?a=b#c", "/woot", nil),
		"works with ipv6":                          names("http://[::1]/woot", "/woot", nil),
		"works with a custom path":                 names("http://example.com/woot", "/woot", &client.Options{Path: "/some/path"}),
		"works with relative paths":                names("/test", "", nil),
		"works with undefined":                     names("", "", nil),
	}.run(t, "")
}

// schemeOf is "" if the address has none.
func schemeOf(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	if strings.HasPrefix(scheme, "/") {
		return ""
	}
	return scheme
}
