package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/parser"
)

var dynamic = regexp.MustCompile(`^/dynamic-\d+$`)

func TestAClientMakesAChildOfAPattern(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnNamespace(func(n *socketio.Namespace) { tell.add("made %s", n.Name()) })
	parent := server.OfMatching(dynamic)
	parent.Use(func(ctx, *socketio.Socket) error { tell.add("asked"); return nil })
	parent.OnConnection(func(s *socketio.Socket) {
		tell.add("in %s", s.Namespace().Name())
		s.Join("room")
		parent.Emit("hello", 1, "2", map[string]any{"3": "4"})
		parent.To("room").Emit("room")
		parent.Except("room").Emit("never")
	})
	p := dialWebSocket(t, web)
	p.join("/dynamic-101")
	p.expect(`2/dynamic-101,["hello",1,"2",{"3":"4"}]`, `2/dynamic-101,["room"]`)
	tell.expect(t, "made /dynamic-101", "asked", "in /dynamic-101")
	for _, other := range []string{"/dynamic-", "/dynamic-1x", "/x/dynamic-1", "/dynamic-" + strings.Repeat("1", 1024)} {
		p.send("0" + other + ",")
		p.expect("4" + other + `,{"message":"Invalid namespace"}`)
	}
	if got := names(parent.Children()); got != "/dynamic-101" {
		t.Errorf("children %s", got)
	}
}

func names(list []*socketio.Namespace) string {
	var names []string
	for _, n := range list {
		names = append(names, n.Name())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// Parents are asked in the order of their registration, functions with what the client said; errors and panics are a no.
// A name that exists is not asked about.
func TestParentsAreAskedInOrder(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	ask := func(who string, answer func(name string) (bool, error)) {
		server.OfFunc(func(c ctx, name string, h *socketio.Handshake) (bool, error) {
			var auth struct{ Token string }
			err := h.Auth(&auth)
			tell.add("%s %s %s %v", who, name, auth.Token, err)
			return answer(name)
		}).OnConnection(func(s *socketio.Socket) { s.Emit("child of", who) })
	}
	ask("error", func(string) (bool, error) { return true, errors.New("no") })
	ask("panic", func(string) (bool, error) { panic("no") })
	server.OfMatching(regexp.MustCompile(`^/p`)).OnConnection(func(s *socketio.Socket) { s.Emit("child of", "pattern") })
	ask("function", func(name string) (bool, error) { return name != "/no", nil })
	p := dialWebSocket(t, web)
	p.send(`0/f,{"token":"x"}`)
	if got := p.next(); !strings.HasPrefix(got, `0/f,{"sid"`) {
		t.Fatal(got)
	}
	p.expect(`2/f,["child of","function"]`)
	p.send(`0/no,`)
	p.expect(`4/no,{"message":"Invalid namespace"}`)
	p.join("/p")
	p.expect(`2/p,["child of","pattern"]`)
	q := dialWebSocket(t, web)
	q.join("/f")
	tell.expect(t, "error /f x <nil>", "panic /f x <nil>", "function /f x <nil>",
		"error /no  <nil>", "panic /no  <nil>", "function /no  <nil>", "error /p  <nil>", "panic /p  <nil>")
	if n := server.Stats().Panics; n != 3 {
		t.Errorf("%d panics counted", n)
	}
}

// Two clients ask for a name at the same time: one child is made, and both are in it.
func TestTwoAskAtOnce(t *testing.T) {
	for _, pattern := range []bool{true, false} {
		t.Run(fmt.Sprint("pattern ", pattern), func(t *testing.T) {
			server, web := serve(t, nil)
			var made atomic.Int32
			server.OnNamespace(func(*socketio.Namespace) { made.Add(1) })
			var both sync.WaitGroup
			both.Add(2)
			if pattern {
				server.OfMatching(dynamic)
			} else {
				server.OfFunc(func(ctx, string, *socketio.Handshake) (bool, error) {
					both.Done()
					both.Wait()
					return true, nil
				})
			}
			p, q := dialWebSocket(t, web), dialWebSocket(t, web)
			p.send("0/dynamic-101,")
			q.send("0/dynamic-101,")
			for _, p := range []*peer{p, q} {
				if got := p.next(); !strings.HasPrefix(got, `0/dynamic-101,{"sid"`) {
					t.Fatal(got)
				}
			}
			server.Of("/dynamic-101").Emit("message")
			p.expect(`2/dynamic-101,["message"]`)
			q.expect(`2/dynamic-101,["message"]`)
			if n := made.Load(); n != 1 {
				t.Errorf("made %d namespaces", n)
			}
		})
	}
}

// What is registered with the parent runs for the sockets of every child, whenever it was registered, before the child's
// own.
func TestChildrenInherit(t *testing.T) {
	server, web := serve(t, nil)
	parent := server.OfMatching(dynamic)
	a := connect(t, server.Of("dynamic-1"), web, 1)[0]
	b := connect(t, server.Of("dynamic-2"), web, 1)[0]
	tell := newStory()
	name := func(s *socketio.Socket) string { return s.Namespace().Name()[1:] }
	server.Of("dynamic-1").On("e", func(_ ctx, s *socketio.Socket, _ struct{}) error { tell.add("own e"); return nil })
	parent.OnAny(func(_ ctx, s *socketio.Socket, e *socketio.Event) error {
		tell.add("any %s %s", name(s), e.Name())
		return nil
	})
	parent.On("e", func(_ ctx, s *socketio.Socket, n int) error { tell.add("e %s %d", name(s), n); return nil })
	parent.OnCall("ask", func(_ ctx, s *socketio.Socket, _ struct{}) (string, error) { return name(s), nil })
	parent.OnAnyOutgoing(func(s *socketio.Socket, event string, _ []any) { tell.add("out %s %s", name(s), event) })
	parent.OnDisconnecting(func(s *socketio.Socket, _ socketio.DisconnectReason) { tell.add("leaving %s", name(s)) })
	parent.OnDisconnect(func(s *socketio.Socket, _ socketio.DisconnectReason) { tell.add("left %s", name(s)) })
	parent.Use(func(_ ctx, s *socketio.Socket) error { return socketio.Errorf("full") })
	a.send(`2/dynamic-1,["e",1]`, `2/dynamic-1,7["ask"]`)
	a.expect(`3/dynamic-1,7["dynamic-1"]`)
	b.send(`2/dynamic-2,["e",2]`)
	tell.expect(t, "any dynamic-1 e", "e dynamic-1 1", "own e", "any dynamic-1 ask", "any dynamic-2 e", "e dynamic-2 2")
	b.Emit("x")
	server.Of("dynamic-2").Emit("y")
	b.send(`1/dynamic-2`)
	tell.expect(t, "any dynamic-1 e", "e dynamic-1 1", "own e", "any dynamic-1 ask", "any dynamic-2 e", "e dynamic-2 2",
		"out dynamic-2 x", "out dynamic-2 y", "leaving dynamic-2", "left dynamic-2")
	a.send(`0/dynamic-3,`)
	a.expect(`4/dynamic-3,{"message":"full"}`)
}

// A broadcast of the parent reaches every child, and so do its bulk commands and questions.
func TestAParentReachesAllItsChildren(t *testing.T) {
	server, web := serve(t, nil)
	parent := server.OfMatching(dynamic)
	if err := parent.Emit("nobody"); err != nil {
		t.Error(err)
	}
	if _, err := parent.EmitWithAck(t.Context(), "connect"); !errors.Is(err, socketio.ErrReservedName) {
		t.Errorf("reserved name: %v", err)
	}
	stranger := connect(t, server.Namespace, web, 1)[0]
	a := connect(t, server.Of("dynamic-1"), web, 1)[0]
	b := connect(t, server.Of("dynamic-2"), web, 1)[0]
	b.Join("muted")
	if n := len(parent.Sockets()); n != 2 {
		t.Errorf("%d sockets", n)
	}
	parent.SocketsJoin("all")
	parent.In("muted").SocketsLeave("all")
	parent.To("all").Send("to all")
	parent.Except("muted").Emit("e", []byte("b"))
	a.expect(`2/dynamic-1,["message","to all"]`, `51-/dynamic-1,["e",{"_placeholder":true,"num":0}]`, "<b>")
	go func() {
		a.expect(`2/dynamic-1,0["q"]`)
		a.send(`3/dynamic-1,0["A"]`)
		b.expect(`2/dynamic-2,0["q"]`)
		b.send(`3/dynamic-2,0["B"]`)
	}()
	replies, err := parent.EmitWithAck(t.Context(), "q")
	if err != nil {
		t.Error(err)
	}
	got := map[string]string{}
	for id, r := range replies.All() {
		got[id] = fmt.Sprint(r.Args)
	}
	if len(got) != 2 || got[a.ID()] != `["A"]` || got[b.ID()] != `["B"]` {
		t.Errorf("replies %v", got)
	}
	parent.DisconnectSockets(false)
	a.expect(`1/dynamic-1,`)
	b.expect(`1/dynamic-2,`)
	stranger.nothingMore(server)
}

// A name given to Of that matches a pattern makes a child; one that only a function allows does not.
func TestOfUnderAPattern(t *testing.T) {
	server, _ := serve(t, nil)
	before := server.Of("/dynamic-0")
	parent := server.OfMatching(dynamic)
	second := server.OfMatching(dynamic)
	function := server.OfFunc(func(ctx, string, *socketio.Handshake) (bool, error) { return true, nil })
	server.Of("/dynamic-1")
	server.Of("/other")
	if got := names(parent.Children()); got != "/dynamic-1" {
		t.Errorf("children of the pattern: %s", got)
	}
	if len(second.Children())+len(function.Children()) != 0 || server.Of("/dynamic-0") != before {
		t.Error("children of others")
	}
}

// With the option a child goes with its last socket, and its adapter with it; without, it stays. Other namespaces stay
// anyway.
func TestEmptyChildren(t *testing.T) {
	for _, remove := range []bool{true, false} {
		t.Run(fmt.Sprint("cleanup ", remove), func(t *testing.T) {
			w := new(wire)
			server, web := serve(t, &socketio.Options{CleanupEmptyChildNamespaces: remove, Adapter: w.join})
			parent := server.OfMatching(dynamic)
			var refuse atomic.Bool
			parent.Use(func(ctx, *socketio.Socket) error {
				if refuse.Load() {
					return socketio.Errorf("no")
				}
				return nil
			})
			server.Of("/chat").OnCall("read", func(ctx, *socketio.Socket, struct{}) (struct{}, error) { return struct{}{}, nil })
			p, q := dialWebSocket(t, web), dialWebSocket(t, web)
			p.join("/chat")
			for range 2 { // it can come back
				p.join("/dynamic-1")
				if got := names(parent.Children()); got != "/dynamic-1" {
					t.Errorf("children %s", got)
				}
				refuse.Store(true)
				q.send("0/dynamic-1,") // it is refused, but others are there
				q.expect(`4/dynamic-1,{"message":"no"}`)
				refuse.Store(false)
				if !server.Exists("/dynamic-1") {
					t.Error("gone with somebody in it")
				}
				p.send("1/dynamic-1", `2/chat,0["read"]`)
				p.expect(`3/chat,0[]`)
				eventually(t, func() bool { return server.Busy() == 0 && server.Exists("/dynamic-1") != remove })
			}
			refuse.Store(true)
			p.send("0/dynamic-2,")
			p.expect(`4/dynamic-2,{"message":"no"}`)
			p.send("1/chat")
			eventually(t, func() bool { return server.Busy() == 0 && server.Exists("/dynamic-2") != remove })
			if !server.Exists("/chat") {
				t.Error("another namespace is gone")
			}
			for _, a := range w.nodes {
				child := strings.HasPrefix(a.node.Namespace(), "/dynamic")
				eventually(t, func() bool { w.mu.Lock(); defer w.mu.Unlock(); return a.closed == (child && remove) })
			}
		})
	}
}

// Clients can't fill the memory with names: beyond the limit the child that has been empty for longest makes room, and if
// none is empty the client is refused. Children that the server made stay.
func TestNamesMadeByClientsAreBounded(t *testing.T) {
	server, web := serve(t, &socketio.Options{MaxChildNamespaces: 3})
	parent := server.OfMatching(dynamic)
	server.Of("/dynamic-0")
	p := dialWebSocket(t, web)
	p.join("/")
	server.OnCall("read", func(ctx, *socketio.Socket, struct{}) (struct{}, error) { return struct{}{}, nil })
	for i := 1; i <= 3; i++ {
		p.join(fmt.Sprint("/dynamic-", i))
	}
	p.send("0/dynamic-4,")
	p.expect(`4/dynamic-4,{"message":"too many namespaces"}`)
	empty := func(names ...string) {
		for _, name := range names {
			p.send("1"+name, `20["read"]`)
			p.expect(`30[]`)
			eventually(t, func() bool { return server.Busy() == 0 })
		}
	}
	empty("/dynamic-2", "/dynamic-1", "/dynamic-3")
	p.join("/dynamic-2") // not empty any more
	p.join("/dynamic-4")
	if got := names(parent.Children()); got != "/dynamic-0 /dynamic-2 /dynamic-3 /dynamic-4" {
		t.Errorf("children %s", got)
	}
	empty("/dynamic-2")
	for i := 100; i < 400; i++ {
		name := fmt.Sprint("/dynamic-", i)
		p.join(name)
		empty(name)
	}
	if got := names(parent.Children()); got != "/dynamic-0 /dynamic-398 /dynamic-399 /dynamic-4" {
		t.Errorf("children %s", got)
	}
}

// A client comes in when the listeners of the new namespace are done with it; Of gives it to them and to others meanwhile.
func TestClientsWaitForTheListenersOfANamespace(t *testing.T) {
	server, web := serve(t, nil)
	server.OfMatching(dynamic)
	inside, release := make(chan bool), make(chan bool)
	server.OnNamespace(func(n *socketio.Namespace) {
		if server.Of(n.Name()) != n {
			t.Error("another namespace inside of the listener")
		}
		inside <- true
		<-release
		n.OnConnection(func(s *socketio.Socket) { s.Emit("registered in time") })
	})
	for _, name := range []string{"/static", "/dynamic-1"} {
		t.Run(name, func(t *testing.T) {
			p, gone := dialWebSocket(t, web), dialWebSocket(t, web)
			if name == "/static" {
				go server.Of(name)
				<-inside
				p.send("0" + name + ",")
			} else {
				p.send("0" + name + ",")
				<-inside
			}
			gone.send("0" + name + ",")
			eventually(t, func() bool { return server.Busy() == 2 })
			gone.link.close() // who goes meanwhile leaves nothing behind
			eventually(t, func() bool { return server.Busy() == 1 })
			if n := server.Of(name); n.Name() != name {
				t.Error(n.Name())
			}
			release <- true
			if got := p.next(); !strings.HasPrefix(got, "0"+name+`,{"sid"`) {
				t.Fatal(got)
			}
			p.expect(`2` + name + `,["registered in time"]`)
		})
	}
}

// A function is asked on a goroutine of the client's: it may block without holding up others, or the client's own events,
// and its context ends when the client goes.
func TestAFunctionMayBlock(t *testing.T) {
	server, web := serve(t, nil)
	asked := make(chan bool, 1)
	server.OfFunc(func(c ctx, name string, _ *socketio.Handshake) (bool, error) {
		asked <- true
		<-c.Done()
		return true, context.Cause(c)
	})
	p := dialWebSocket(t, web)
	p.send("0/slow,")
	<-asked
	p.join("/")
	p.nothingMore(server)
	other := connect(t, server.Namespace, web, 1)[0]
	other.nothingMore(server)
	p.send("0/slow,") // a second CONNECT is out of order
	p.closed()
	eventually(t, func() bool { return server.Busy() == 0 })
	if server.Exists("/slow") {
		t.Error("made for a client that had gone")
	}
}

// Adapters and listeners are user code: their panics refuse one client, or are contained.
func TestChildrenThatFail(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	server, web := serve(t, &socketio.Options{Adapter: func(n adapter.Node) adapter.Adapter {
		if n.Namespace() == "/dynamic-1" && broken.Load() {
			panic("no broker")
		}
		return adapter.Memory(n)
	}})
	parent := server.OfMatching(dynamic)
	server.OnNamespace(func(*socketio.Namespace) { panic("listener") })
	tell := newStory()
	server.OnNamespace(func(n *socketio.Namespace) { tell.add("made %s", n.Name()) })
	p := dialWebSocket(t, web)
	p.send("0/dynamic-1,")
	p.expect(`4/dynamic-1,{"message":"internal error"}`)
	if server.Exists("/dynamic-1") || len(parent.Children()) != 0 {
		t.Error("a child without an adapter is there")
	}
	func() {
		defer func() { recover() }()
		server.Of("/dynamic-1")
		t.Error("Of does not panic")
	}()
	if server.Exists("/dynamic-1") || len(parent.Children()) != 0 {
		t.Error("a child without an adapter is there")
	}
	broken.Store(false)
	p.join("/dynamic-1")
	tell.expect(t, "made /dynamic-1")
	if n := server.Stats().Panics; n != 2 {
		t.Errorf("%d panics counted", n)
	}
}

// Clients of children come and go while the server makes and reads them: everybody who joins is in the child that is
// there.
func TestChildrenUnderLoad(t *testing.T) {
	server, web := serve(t, &socketio.Options{CleanupEmptyChildNamespaces: true, MaxChildNamespaces: 4})
	parent := server.OfMatching(dynamic)
	parent.OnConnection(func(s *socketio.Socket) {
		if !slices.Contains(parent.Sockets(), s) && s.Connected() {
			t.Errorf("in a namespace that is gone: %s", s.Namespace().Name())
		}
		s.Emit("in")
	})
	var clients sync.WaitGroup
	for range 8 {
		p := dialWebSocket(t, web)
		clients.Go(func() {
			for i := range 60 {
				name := fmt.Sprint("/dynamic-", i%3)
				p.send("0" + name + ",")
				for _, want := range []string{"0" + name + `,{"sid"`, "2" + name + `,["in"]`} {
					got := p.next()
					for strings.HasSuffix(got, `,["tick",1]`) {
						got = p.next()
					}
					if !strings.HasPrefix(got, want) {
						t.Errorf("got %s, want %s", got, want)
						return
					}
				}
				p.send("1" + name)
			}
		})
	}
	done := make(chan bool)
	go func() { clients.Wait(); close(done) }()
	for {
		select {
		case <-done:
			eventually(t, func() bool { return server.Busy() == 0 && len(parent.Children()) == 0 })
			return
		case <-time.After(time.Millisecond):
			parent.Emit("tick", 1)
		}
	}
}

func TestParentsAreRegisteredRight(t *testing.T) {
	server, _ := serve(t, nil)
	for name, misuse := range map[string]func(){
		"no pattern":  func() { server.OfMatching(nil) },
		"no function": func() { server.OfFunc(nil) },
		"no handler":  func() { server.OfMatching(dynamic).On("e", (func(ctx, *socketio.Socket, int) error)(nil)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			misuse()
		}()
	}
}

// muteAbout is a dialect that has no words for the events of one namespace, and takes its time over a goodbye.
type muteAbout struct {
	parser.JSON
	namespace string
}

func (d muteAbout) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	switch {
	case p.Type == parser.Event && p.Namespace == d.namespace:
		return dst, errors.New("no words")
	case p.Type == parser.Disconnect:
		time.Sleep(time.Millisecond)
	}
	return d.JSON.AppendMessages(dst, p)
}

// A question to all children of a parent that can't be put to one of them is awaited in none.
func TestAQuestionToAParentThatFailsIsNotAwaited(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: muteAbout{namespace: "/dynamic-2"}})
	parent := server.OfMatching(dynamic)
	a := connect(t, server.Of("/dynamic-1"), web, 1)[0]
	connect(t, server.Of("/dynamic-2"), web, 1)
	if _, err := parent.EmitWithAck(t.Context(), "q"); err == nil || !strings.Contains(err.Error(), "no words") {
		t.Errorf("error %v", err)
	}
	if own, conn := a.Awaited(); own != 0 || conn != 0 {
		t.Errorf("%d and %d acknowledgements awaited", own, conn)
	}
}

// A connection may be closed while a client of it waits for a namespace that is being made. (The race detector says so.)
func TestDisconnectWhileANamespaceIsBeingMade(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: muteAbout{}})
	asked := make(chan bool, 1)
	server.OfFunc(func(ctx, string, *socketio.Handshake) (bool, error) {
		asked <- true
		time.Sleep(2 * time.Millisecond)
		return true, nil
	})
	for i := range 20 {
		a := connect(t, server.Namespace, web, 1)[0]
		a.send(fmt.Sprintf(`0/made-%d,`, i))
		<-asked
		a.Disconnect(true)
		a.closed()
	}
}
