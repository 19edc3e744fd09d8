package socketio_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

func TestNamespaceNames(t *testing.T) {
	server, web := serve(t, nil)
	var made []string
	off := server.OnNamespace(func(n *socketio.Namespace) { made = append(made, n.Name()) })
	for _, same := range [][]string{{"", "/"}, {"abc", "/abc"}, {"/a/b"}} {
		first := server.Of(same[0])
		for _, name := range same {
			if server.Of(name) != first || first.Name() != same[len(same)-1] {
				t.Errorf("%q is the namespace %q", name, server.Of(name).Name())
			}
		}
	}
	off()
	server.Of("late")
	if server.Of("/") != server.Namespace {
		t.Error(`the server is not the namespace "/"`)
	}
	if !slices.Equal(made, []string{"/abc", "/a/b"}) {
		t.Errorf("made %q", made)
	}
	p := dialWebSocket(t, web)
	p.join("/a/b")
	p.join("/abc")
	p.join("/")
	for _, unknown := range []string{"/unknown", "/ABC", "/a", "//", "/abc?token=1"} {
		p.send(`0` + unknown + `,{}`)
		p.expect(`4` + unknown + `,{"message":"Invalid namespace"}`)
	}
	p.nothingMore(server)
}

// Each namespace has its own socket, handlers, middleware and rooms.
func TestNamespacesAreApart(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	for _, name := range []string{"/", "/a", "/b"} {
		n := server.Of(name)
		n.OnConnection(func(s *socketio.Socket) { s.Join("room"); tell.add("%s connection", s.Namespace().Name()) })
		n.On("e", func(_ ctx, s *socketio.Socket, _ struct{}) error { tell.add("%s e", s.Namespace().Name()); return nil })
		n.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) { tell.add("%s %s", s.Namespace().Name(), r) })
	}
	server.Of("/b").On("only b", func(ctx, *socketio.Socket, struct{}) error { tell.add("only b"); return nil })
	p := dialWebSocket(t, web)
	ids := map[string]bool{}
	for i, name := range []string{"/", "/a", "/b"} {
		ids[p.join(name)] = true
		tell.expect(t, []string{"/ connection", "/a connection", "/b connection"}[:i+1]...)
	}
	if len(ids) != 3 {
		t.Errorf("ids %v", ids)
	}
	server.To("room").Emit("root")
	server.Of("a").To("room").Emit("in a", []byte("b"))
	p.expect(`2["root"]`, `51-/a,["in a",{"_placeholder":true,"num":0}]`, `<b>`)
	p.send(`2/a,["e"]`)
	tell.expect(t, "/ connection", "/a connection", "/b connection", "/a e")
	p.send(`2["only b"]`, `1/a`)
	tell.expect(t, "/ connection", "/a connection", "/b connection", "/a e", "/a client namespace disconnect")
	p.send(`2/b,["only b"]`)
	tell.expect(t, "/ connection", "/a connection", "/b connection", "/a e", "/a client namespace disconnect", "only b")
	// It may be joined again, with a new socket.
	if id := p.join("/a"); ids[id] {
		t.Error("the socket has its old id")
	}
}

// Every connection handler of a namespace hears of every client, in the order of registration.
func TestEveryConnectionHandlerRuns(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	for _, name := range []string{"/news", "news"} {
		server.Of(name).OnConnection(func(s *socketio.Socket) { tell.add("%s hears of %s", name, s.Namespace().Name()) })
	}
	server.Of("chat").OnConnection(func(*socketio.Socket) { tell.add("chat") })
	p := dialWebSocket(t, web)
	p.join("/news")
	tell.expect(t, "/news hears of /news", "news hears of /news")
}

// The sockets of a namespace, and of its rooms, are those of this namespace alone.
func TestSocketsOfANamespaceAndOfItsRooms(t *testing.T) {
	server, web := serve(t, nil)
	chat, other := server.Of("chat"), server.Of("other")
	c := connect(t, chat, web, 3)
	o := connect(t, other, web, 1)
	c[0].Join("foo")
	c[1].Join("foo", "bar")
	c[2].Join("bar")
	o[0].Join("foo")
	ids := func(list []*socketio.Socket) (ids []string) {
		for _, s := range list {
			ids = append(ids, s.ID())
		}
		slices.Sort(ids)
		return ids
	}
	for _, q := range []struct {
		name string
		got  []*socketio.Socket
		want []client
	}{
		{"all of chat", chat.Sockets(), c},
		{"foo of chat", chat.In("foo").Sockets(), c[:2]},
		{"foo and bar of chat", chat.In("foo").In("bar").Sockets(), c},
		{"foo without bar of chat", chat.In("foo").Except("bar").Sockets(), c[:1]},
		{"foo of other", other.In("foo").Sockets(), o},
		{"the main namespace", server.Sockets(), nil},
	} {
		var want []*socketio.Socket
		for _, s := range q.want {
			want = append(want, s.Socket)
		}
		if !slices.Equal(ids(q.got), ids(want)) {
			t.Errorf("%s: %q, want %q", q.name, ids(q.got), ids(want))
		}
	}
}

// Rule: what comes out of order ends the connection, and every socket on it.
func TestPacketsOutOfOrder(t *testing.T) {
	for _, c := range []struct {
		name    string
		packets []string
		reason  socketio.DisconnectReason
	}{
		{"second CONNECT", []string{`0`}, socketio.ForcedServerClose},
		{"event for another namespace", []string{`2/other,["e"]`}, socketio.ForcedServerClose},
		{"event for an unknown namespace", []string{`2/unknown,["e"]`}, socketio.ForcedServerClose},
		{"acknowledgement for another namespace", []string{`3/other,1[]`}, socketio.ForcedServerClose},
		{"DISCONNECT of another namespace", []string{`1/other`}, socketio.ForcedServerClose},
		{"CONNECT_ERROR", []string{`4{"message":"no"}`}, socketio.ForcedServerClose},
		{"event after DISCONNECT", []string{`1`, `2["e"]`}, socketio.ClientNamespaceDisconnect},
		{"no packet", []string{`abc`}, socketio.ParseError},
		{"no name", []string{`2[]`}, socketio.ParseError},
		{"reserved name", []string{`2["disconnect"]`}, socketio.ParseError},
		{"empty", []string{``}, socketio.ParseError},
		{"attachment missing", []string{`51-["e",{"_placeholder":true,"num":0}]`, `2["e"]`}, socketio.ParseError},
		{"no attachments", []string{`50-["e"]`}, socketio.ParseError},
		{"placeholder without attachment", []string{`51-["e",{"_placeholder":true,"num":1}]`}, socketio.ParseError},
		{"deep", []string{`2["e",` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `]`}, socketio.ParseError},
		{"many arguments", []string{`2["e"` + strings.Repeat(",1", 1001) + `]`}, socketio.ParseError},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, web := serve(t, nil)
			server.Of("other")
			reasons := make(chan socketio.DisconnectReason, 1)
			server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { reasons <- r })
			server.OnAny(func(ctx, *socketio.Socket, *socketio.Event) error { t.Error("handled"); return nil })
			witness := connect(t, server.Namespace, web, 1)[0]
			p := dialWebSocket(t, web)
			p.join("/")
			p.send(c.packets...)
			p.expect("closed")
			if r := <-reasons; r != c.reason {
				t.Errorf("reason %q", r)
			}
			witness.Emit("still here")
			witness.expect(`2["still here"]`)
		})
	}
	t.Run("binary without a header", func(t *testing.T) {
		server, web := serve(t, nil)
		p := connect(t, server.Namespace, web, 1)[0]
		p.sendBinary(`2["e"]`, "bytes")
		p.expect("closed")
	})
}

// An event named error, or with a name or data that JavaScript would trip over, is an event like any other.
func TestStrangeEvents(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	server.OnAny(func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		tell.add("%s %v", e.Name(), e.Args())
		return nil
	})
	server.On("error", func(_ ctx, _ *socketio.Socket, v string) error { tell.add("heard %s", v); return nil })
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`2["error","boom"]`, `2["__proto__",{"__proto__":{"a":1}}]`, `2["client message",{"msg":"hi, server"}]`,
		`2[5,1]`, `2["",null]`, `2["connection"]`, `2["reconnect",true]`)
	tell.expect(t, `error ["boom"]`, `heard boom`, `__proto__ [{"__proto__":{"a":1}}]`, `client message [{"msg":"hi, server"}]`,
		`5 [1]`, ` [null]`, `connection []`, `reconnect [true]`)
}

func TestAConnectionJoins20Namespaces(t *testing.T) {
	server, web := serve(t, nil)
	for i := range 25 {
		server.Of(fmt.Sprint("n", i))
	}
	p := dialWebSocket(t, web)
	for i := range 20 {
		p.join(fmt.Sprint("/n", i))
	}
	p.send(`0/n20`)
	p.expect(`4/n20,{"message":"too many namespaces"}`)
	p.send(`1/n3`)
	p.join("/n21")
	p.send(`0/n22`)
	p.expect(`4/n22,{"message":"too many namespaces"}`)
}

// A peer that asks for names that are not there leaves nothing behind.
func TestUnknownNamesAreNotKept(t *testing.T) {
	server, web := serve(t, nil)
	server.OnNamespace(func(n *socketio.Namespace) { t.Errorf("made %s", n.Name()) })
	p := dialWebSocket(t, web)
	for part := range 20 {
		var batch []string
		for i := range 100 {
			batch = append(batch, fmt.Sprintf(`0/x%d`, 100*part+i))
		}
		p.send(batch...)
		for range batch {
			if got := p.next(); !strings.HasSuffix(got, `,{"message":"Invalid namespace"}`) {
				t.Fatal(got)
			}
		}
	}
}

// A peer can't join and leave faster than the handlers follow.
func TestComingAndGoingIsPaced(t *testing.T) {
	server, web := serve(t, &socketio.Options{InboxBytes: 32 << 10})
	release := make(chan bool)
	server.OnDisconnect(func(s *socketio.Socket, _ socketio.DisconnectReason) {
		<-release
	})
	p := dialWebSocket(t, web)
	go func() {
		for range 100 {
			p.join("/")
			p.send(`1`)
		}
	}()
	eventually(t, func() bool { return server.Busy() >= 5 })
	for i := range 100 {
		if n := server.Busy(); n > 12 {
			t.Errorf("%d sockets at once", n)
		}
		select {
		case release <- true:
		case <-t.Context().Done():
			t.Fatal("round", i)
		}
	}
}

// A peer that asks for one namespace too many, again and again, and does not read the answers is slowed down, not cut.
func TestRefusalsWaitForTheirReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 8}})
		p := dial()
		for i := range 21 {
			server.Of(itoa(i))
		}
		for i := range 20 {
			p.join("/" + itoa(i))
		}
		resume := p.stopReading()
		sent := make(chan bool)
		go func() {
			for range 100 {
				p.send("0/20,")
			}
			close(sent)
		}()
		synctest.Wait()
		resume()
		for range 100 {
			p.expect(`4/20,{"message":"too many namespaces"}`)
		}
		<-sent
	})
}
