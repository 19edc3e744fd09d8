package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
)

// Promise 13: an id has 20 base64url characters, and is not that of the connection.
func TestIDs(t *testing.T) {
	server, web := serve(t, nil)
	shape := regexp.MustCompile(`^[A-Za-z0-9_-]{20}$`)
	seen := map[string]bool{}
	for _, c := range connect(t, server.Namespace, web, 50) {
		if !shape.MatchString(c.ID()) || seen[c.ID()] || c.ID() == c.Conn().ID() {
			t.Errorf("id %q, connection %q", c.ID(), c.Conn().ID())
		}
		seen[c.ID()] = true
	}
}

// Promise 11: the context carries the request's values and not its cancellation, and ends with the socket.
func TestTheContextOfASocket(t *testing.T) {
	type key struct{}
	server, _ := serve(t, nil)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
	}))
	defer web.Close()
	for _, dial := range []func(testing.TB, *httptest.Server) *peer{dialWebSocket, dialPolling} {
		p := dial(t, web)
		s := find(t, server.Namespace, p.join("/"))
		if s.Context().Value(key{}) != "value" || s.Context().Err() != nil {
			t.Errorf("value %v, error %v", s.Context().Value(key{}), s.Context().Err())
		}
		s.Disconnect(true)
		<-s.Context().Done()
		gone, ok := errors.AsType[*socketio.DisconnectError](context.Cause(s.Context()))
		if !ok || gone.Reason != socketio.ServerNamespaceDisconnect || !errors.Is(gone, socketio.ErrDisconnected) {
			t.Errorf("cause %v", context.Cause(s.Context()))
		}
	}
}

func TestTheHandshake(t *testing.T) {
	server, web := serve(t, nil)
	before := time.Now()
	header := http.Header{"X-Test": {"a", "b"}, "Origin": {"http://server"}}
	p := start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket&q=%C3%BC&q=2", header))
	p.send(`0{"token":"123","list":[1]}`)
	p.next()
	h := server.Sockets()[0].Handshake()
	var auth struct{ Token string }
	if err := h.Auth(&auth); err != nil || auth.Token != "123" {
		t.Errorf("auth %+v, %v", auth, err)
	}
	if got := string(h.RawAuth().Raw()); got != `{"token":"123","list":[1]}` {
		t.Errorf("raw auth %s", got)
	}
	if h.URL != "/socket.io/?EIO=4&transport=websocket&q=%C3%BC&q=2" || !slices.Equal(h.Query["q"], []string{"ü", "2"}) {
		t.Errorf("url %s, query %v", h.URL, h.Query)
	}
	if !slices.Equal(h.Header["X-Test"], []string{"a", "b"}) || h.Secure || !h.XDomain || net.ParseIP(h.Address) == nil {
		t.Errorf("%+v", h)
	}
	if h.Time.Before(before) || h.Time.After(time.Now()) {
		t.Errorf("time %v", h.Time)
	}
	// A payload of another shape is the client's mistake.
	var wrong struct{ Token int }
	if e, ok := errors.AsType[*socketio.Error](h.Auth(&wrong)); !ok || strings.Contains(e.Message, "123") {
		t.Errorf("auth of the wrong type: %v", e)
	}
	q := dialWebSocket(t, web)
	sid := q.join("/")
	var any map[string]any
	if err := find(t, server.Namespace, sid).Handshake().Auth(&any); err != nil || any == nil || len(any) != 0 {
		t.Errorf("no payload is %v, %v", any, err)
	}
	for _, bad := range []string{`0[]`, `0"text"`, `01,`} {
		r := dialWebSocket(t, web)
		r.send(bad)
		r.expect("closed")
	}
}

// Typed data: the seed's socket.warning = 0; ++socket.warning.
func TestKeys(t *testing.T) {
	server, web := serve(t, nil)
	warning := socketio.NewKey[int]("warning")
	other := socketio.NewKey[int]("warning")
	user := socketio.NewKey[*string]("user")
	c := connect(t, server.Namespace, web, 2)
	a, b := c[0].Socket, c[1].Socket
	if _, ok := warning.Get(a); ok {
		t.Error("a value before it was set")
	}
	warning.Set(a, 5)
	name := "ada"
	user.Set(a, &name)
	if v, ok := warning.Get(a); v != 5 || !ok {
		t.Errorf("%d, %v", v, ok)
	}
	if _, ok := other.Get(a); ok {
		t.Error("another key of the same name has the value")
	}
	if _, ok := warning.Get(b); ok {
		t.Error("another socket has the value")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				warning.Update(a, func(n int) int { return n + 1 })
				warning.Update(b, func(n int) int { return n + 1 })
			}
		})
	}
	wg.Wait()
	va, _ := warning.Get(a)
	vb, _ := warning.Get(b)
	if va != 805 || vb != 800 {
		t.Errorf("counted %d and %d", va, vb)
	}
	a.Disconnect(true)
	if u, ok := user.Get(a); !ok || *u != "ada" { // outlives the connection
		t.Errorf("user %v, %v", u, ok)
	}
	user.Set(a, nil)
	if u, ok := user.Get(a); !ok || u != nil {
		t.Errorf("nil is %v, %v", u, ok)
	}
	user.Delete(a)
	if _, ok := user.Get(a); ok || user.String() != "user" {
		t.Error("deleted, and still there")
	}
}

// An interface-typed key may hold nil.
func TestAKeyOfAnInterface(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0].Socket
	k := socketio.NewKey[error]("error")
	k.Set(a, nil)
	if v, ok := k.Get(a); v != nil || !ok {
		t.Errorf("%v, %v", v, ok)
	}
}

func TestCatchAll(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnAny(func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		tell.add("namespace %s %v", e.Name(), e.Args())
		return nil
	})
	a := connect(t, server.Namespace, web, 1)[0]
	off := a.OnAny(func(_ ctx, e *socketio.Event) error { tell.add("socket %s %d", e.Name(), e.Len()); return nil })
	a.OnCall("q", func(_ ctx, n int) (int, error) { tell.add("handler %d", n); return n, nil })
	a.send(`21["q",1]`, `2["unheard","x"]`, `30["an acknowledgement"]`)
	a.expect(`31[1]`)
	a.nothingMore(server)
	tell.expect(t, "namespace q [1]", "socket q 1", "handler 1", `namespace unheard ["x"]`, "socket unheard 1",
		"namespace sync []", "socket sync 0")
	off()
	a.send(`2["more"]`)
	a.nothingMore(server)
	tell.expect(t, "namespace q [1]", "socket q 1", "handler 1", `namespace unheard ["x"]`, "socket unheard 1",
		"namespace sync []", "socket sync 0", "namespace more []", "namespace sync []")
}

// The name "anything" is an event like any other, unless the option makes it the catch-all of old documents.
func TestTheNameAnything(t *testing.T) {
	for _, on := range []bool{false, true} {
		server, web := serve(t, &socketio.Options{CatchAllName: on})
		tell := newStory()
		server.On("anything", func(_ ctx, _ *socketio.Socket, data string) error { tell.add("anything %s", data); return nil })
		server.OnConnection(func(s *socketio.Socket) {
			s.On("anything", func(_ ctx, data string) error { tell.add("own %s", data); return nil })
		})
		server.On("e", func(_ ctx, _ *socketio.Socket, data string) error { tell.add("e %s", data); return nil })
		p := dialWebSocket(t, web)
		p.join("/")
		p.send(`2["e","x"]`, `2["anything","y"]`)
		want := []string{"e x", "anything x", "own x", "anything y", "own y"}
		if !on {
			want = []string{"e x", "anything y", "own y"}
		}
		tell.expect(t, want...)
	}
}

// Outgoing catch-all: once for each receiver, not for acknowledgements.
func TestOutgoingCatchAll(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 3)
	a, b := c[0], c[1]
	tell := newStory()
	name := func(s *socketio.Socket) string {
		return string('a' + rune(slices.IndexFunc(c, func(c client) bool { return c.Socket == s })))
	}
	off := server.OnAnyOutgoing(func(s *socketio.Socket, event string, args []any) { tell.add("%s %s %v", name(s), event, args) })
	ownOff := b.OnAnyOutgoing(func(event string, args []any) { tell.add("own %s", event) })
	server.OnCall("q", func(ctx, *socketio.Socket, struct{}) (int, error) { return 1, nil })
	a.Emit("direct", 1)
	a.send(`21["q"]`)
	a.expect(`2["direct",1]`, `31[1]`)
	a.To(b.ID()).Emit("room", "x")
	off()
	server.Emit("all", []byte("b"))
	ownOff()
	server.Emit("end")
	a.expect(`51-["all",{"_placeholder":true,"num":0}]`, `<b>`, `2["end"]`)
	tell.expect(t, "a direct [1]", "b room [x]", "own room", "own all")
}

// Who is put before the others runs before them, on both sides, and is taken off alone.
func TestPrependedCatchAll(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	tell := newStory()
	hear := func(who string) func(ctx, *socketio.Event) error {
		return func(ctx, *socketio.Event) error { tell.add("in %s", who); return nil }
	}
	notice := func(who string) func(string, []any) { return func(string, []any) { tell.add("out %s", who) } }
	server.OnAny(func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return hear("namespace")(nil, e) })
	a.OnAny(hear("third"))
	a.PrependAny(hear("second"))
	off := a.PrependAny(hear("first"))
	a.OnAnyOutgoing(notice("third"))
	a.PrependAnyOutgoing(notice("second"))
	offOut := a.PrependAnyOutgoing(notice("first"))
	a.send(`2["e"]`)
	want := []string{"in namespace", "in first", "in second", "in third"}
	tell.expect(t, want...)
	a.Emit("e")
	want = append(want, "out first", "out second", "out third")
	tell.expect(t, want...)
	off()
	offOut()
	server.Emit("e")
	a.send(`2["e"]`)
	tell.expect(t, append(want, "out second", "out third", "in namespace", "in second", "in third")...)
}

func TestOnceAndOff(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	a := connect(t, server.Namespace, web, 1)[0]
	server.Once("e", func(_ ctx, _ *socketio.Socket, n int) error { tell.add("once %d", n); return nil })
	off := server.On("e", func(_ ctx, _ *socketio.Socket, n int) error { tell.add("on %d", n); return nil })
	a.Once("e", func(_ ctx, n int) error { tell.add("own once %d", n); return nil })
	ownOff := a.On("e", func(_ ctx, n int) error { tell.add("own %d", n); return nil })
	a.On("e", func(_ ctx, n int) error { tell.add("own second %d", n); return nil })
	a.OnEvent("e", func(_ ctx, e *socketio.Event) error { tell.add("own event"); return nil })
	send := func(n int) {
		a.send(fmt.Sprintf(`2["e",%d]`, n))
		a.nothingMore(server)
	}
	send(1)
	off()
	ownOff()
	send(2)
	a.Off("e")
	send(3)
	server.On("e", func(_ ctx, _ *socketio.Socket, n int) error { tell.add("again %d", n); return nil })
	send(4)
	server.Off("e")
	send(5)
	tell.expect(t, "once 1", "on 1", "own once 1", "own 1", "own second 1", "own event", "own second 2", "own event", "again 4")
}

// An event whose arguments don't fit a Once handler does not use it up: it fails, and the next one that fits is taken.
func TestOnceWaitsForAnEventThatFits(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	a := connect(t, server.Namespace, web, 1)[0]
	server.Once("e", func(_ ctx, _ *socketio.Socket, n int) error { tell.add("once %d", n); return nil })
	a.Once("own", func(_ ctx, n int) error { tell.add("own %d", n); return nil })
	a.send(`20["e","text"]`, `21["e"]`, `22["own",{}]`)
	a.expect(`30[{"error":{"message":"argument 1 is invalid"}}]`, `31[{"error":{"message":"argument 1 is missing"}}]`,
		`32[{"error":{"message":"argument 1 is invalid"}}]`)
	if !server.HasHandler("e") || !a.HasHandler("own") || a.HasHandler("e") {
		t.Error("used up by an event that does not fit")
	}
	a.send(`23["e",1]`, `2["e",2]`, `24["own",3]`, `2["own",4]`)
	a.expect(`33[]`, `34[]`)
	a.nothingMore(server)
	tell.expect(t, "once 1", "own 3")
	if server.HasHandler("e") || a.HasHandler("own") {
		t.Error("still there")
	}
}

// Many events at once, on many sockets: a Once handler takes one.
func TestOnceIsOnce(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 8)
	for round := range 20 {
		var taken atomic.Int32
		server.Once("e", func(ctx, *socketio.Socket, int) error { taken.Add(1); return nil })
		for _, c := range c {
			c.send(`2["e",1]`, `2["e",2]`)
		}
		for _, c := range c {
			c.nothingMore(server)
		}
		if n := taken.Load(); n != 1 {
			t.Fatalf("round %d: taken %d times", round, n)
		}
	}
}

// Catch-all handlers go before others on demand, and can be taken off all together.
func TestPrependAnyAndOffAny(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	a := connect(t, server.Namespace, web, 1)[0]
	in := func(who string) func(ctx, *socketio.Socket, *socketio.Event) error {
		return func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			if e.Name() == "e" {
				tell.add("in %s", who)
			}
			return nil
		}
	}
	own := func(who string) func(ctx, *socketio.Event) error {
		return func(c ctx, e *socketio.Event) error { return in(who)(c, nil, e) }
	}
	server.OnAny(in("second"))
	server.PrependAny(in("first"))
	a.OnAny(own("own second"))
	off := a.PrependAny(own("own first"))
	server.OnAnyOutgoing(func(_ *socketio.Socket, e string, _ []any) { tell.add("out second %s", e) })
	server.PrependAnyOutgoing(func(_ *socketio.Socket, e string, _ []any) { tell.add("out first %s", e) })
	a.OnAnyOutgoing(func(e string, _ []any) { tell.add("out own second %s", e) })
	a.PrependAnyOutgoing(func(e string, _ []any) { tell.add("out own first %s", e) })
	say := func() {
		a.send(`2["e"]`)
		a.nothingMore(server)
		a.Emit("x")
		a.expect(`2["x"]`)
	}
	say()
	off()
	server.OffAnyOutgoing()
	say()
	server.OffAny()
	a.OffAny()
	a.OffAnyOutgoing()
	say()
	tell.expect(t, "in first", "in second", "in own first", "in own second",
		"out first x", "out second x", "out own first x", "out own second x",
		"in first", "in second", "in own second", "out own first x", "out own second x")
}

// Misuse panics when it is registered, not when a client comes.
func TestMisusePanics(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0].Socket
	nothing := func(ctx, *socketio.Socket, struct{}) error { return nil }
	own := func(ctx, struct{}) error { return nil }
	var nilOn func(ctx, *socketio.Socket, int) error
	var nilOwn func(ctx, int) error
	for name, misuse := range map[string]func(){
		"reserved":            func() { server.On("disconnect", nothing) },
		"reserved once":       func() { server.Once("connect", nothing) },
		"reserved own":        func() { a.On("disconnecting", own) },
		"connection":          func() { server.On("connection", nothing) },
		"nil On":              func() { server.On("e", nilOn) },
		"nil Once":            func() { server.Once("e", nilOn) },
		"nil own On":          func() { a.On("e", nilOwn) },
		"nil OnEvent":         func() { server.OnEvent("e", nil) },
		"nil own OnEvent":     func() { a.OnEvent("e", nil) },
		"nil OnAny":           func() { server.OnAny(nil) },
		"nil own OnAny":       func() { a.OnAny(nil) },
		"nil PrependAny":      func() { a.PrependAny(nil) },
		"nil Prepend…Out":     func() { a.PrependAnyOutgoing(nil) },
		"nil OnAnyOutgoing":   func() { server.OnAnyOutgoing(nil) },
		"nil Use":             func() { server.Use(nil) },
		"nil own Use":         func() { a.Use(nil) },
		"nil OnConnection":    func() { server.OnConnection(nil) },
		"nil OnDisconnect":    func() { server.OnDisconnect(nil) },
		"nil own disconnect":  func() { a.OnDisconnect(nil) },
		"nil OnDisconnecting": func() { server.OnDisconnecting(nil) },
		"nil OnCreateRoom":    func() { server.OnCreateRoom(nil) },
		"nil OnNamespace":     func() { server.OnNamespace(nil) },
		"nil OnError":         func() { a.OnError(nil) },
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "socketio: ") {
					t.Errorf("%s: %s", name, text)
				}
			}()
			misuse()
		}()
	}
	a.On("connection", own) // on a socket it is an event like any other
}
