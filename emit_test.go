package socketio_test

import (
	"errors"
	"math"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// client is a peer that has joined a namespace, with its socket on the server.
type client struct {
	*peer
	*socketio.Socket
}

// connect makes n clients join the namespace over WebSocket.
func connect(t testing.TB, n *socketio.Namespace, web *httptest.Server, count int) []client {
	t.Helper()
	var clients []client
	for range count {
		p := dialWebSocket(t, web)
		sid := p.join(n.Name())
		clients = append(clients, client{p, find(t, n, sid)})
	}
	return clients
}

// rest waits until nothing is on its way to the clients, so that a volatile event is not dropped.
func rest(t testing.TB, clients ...client) {
	t.Helper()
	for _, c := range clients {
		eventually(t, func() bool { return c.Conn().BufferedAmount() == 0 })
	}
}

func find(t testing.TB, n *socketio.Namespace, sid string) *socketio.Socket {
	t.Helper()
	list := n.To(sid).Sockets()
	for range 1000 {
		if len(list) > 0 {
			break
		}
		time.Sleep(time.Millisecond) // its answer to CONNECT is out, and it is about to count as connected
		list = n.To(sid).Sockets()
	}
	if len(list) != 1 || list[0].ID() != sid {
		t.Fatalf("sockets in room %s: %v", sid, list)
	}
	return list[0]
}

// Every line of the cheat sheet: who gets it, and who does not.
func TestWhoGetsAnEmit(t *testing.T) {
	server, web := serve(t, nil)
	root := connect(t, server.Namespace, web, 5)
	a, b, c, d, e := root[0], root[1], root[2], root[3], root[4]
	other := connect(t, server.Of("myNamespace"), web, 2)
	for _, join := range []struct {
		s     *socketio.Socket
		rooms []string
	}{
		{a.Socket, []string{"game", "game1"}}, {b.Socket, []string{"game", "game1", "game2"}},
		{c.Socket, []string{"game2"}}, {e.Socket, []string{"muted", "game"}}, {other[0].Socket, []string{"room", "game"}},
	} {
		if err := join.s.Join(join.rooms...); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]client{"a": a, "b": b, "c": c, "d": d, "e": e, "x": other[0], "y": other[1]}
	for _, line := range []struct {
		name string
		emit func(event string, args ...any) error
		who  string
	}{
		{"to the client", a.Emit, "a"},
		{"to the client, without compression", a.Compress(false).Emit, "a"},
		{"to the client, dropped if it is not ready", a.Volatile().Emit, "a"},
		{"to the client, without binary", a.Binary(false).Emit, "a"},
		{"to the client, with binary", a.Binary(true).Emit, "a"},
		{"to all but the sender", a.Broadcast().Emit, "bcde"},
		{"to a room but the sender", a.To("game").Emit, "be"},
		{"to a room, from outside", d.To("game").Emit, "abe"},
		{"to two rooms but the sender", a.To("game1").To("game2").Emit, "bc"},
		{"to two rooms at once", a.To("game1", "game2").Emit, "bc"},
		{"to a room with the sender", server.In("game").Emit, "abe"},
		{"to rooms, each once", server.To("game", "game1").In("game2").Emit, "abce"},
		{"to rooms except", a.To("game", "game2").Except("muted").Emit, "bc"},
		{"to all except", server.Except("game", "nobody").Emit, "cd"},
		{"to all but the sender and", b.Except("game2", "game1").Emit, "de"},
		{"to a namespace", server.Of("myNamespace").Emit, "xy"},
		{"to a room of a namespace", server.Of("/myNamespace").To("room").Emit, "x"},
		{"to one id", server.To(c.ID()).Emit, "c"},
		{"to one id, from a socket", a.To(c.ID()).Emit, "c"},
		{"to the sender's own id", a.To(a.ID()).Emit, ""},
		{"to a room that is not there", server.To("none").Emit, ""},
		{"to this node", server.Local().Emit, "abcde"},
		{"to this node, but the sender", a.Local().Emit, "bcde"},
		{"to all", server.Emit, "abcde"},
		{"to all, with modifiers", server.Volatile().Compress(false).Binary(false).Emit, "abcde"},
		{"with modifiers, to a room", a.Volatile().Compress(false).To("game").Emit, "be"},
		{"with modifiers, to all but the sender", a.Compress(false).Broadcast().Emit, "bcde"},
		{"with modifiers, on this node", a.Compress(true).Local().In("game2").Except("game1").Emit, "c"},
	} {
		rest(t, slices.Concat(root, other)...)
		if err := line.emit("line", line.name, 1, 2, "abc"); err != nil {
			t.Errorf("%s: %v", line.name, err)
		}
		// What follows shows that nothing else came before.
		server.Emit("end")
		server.Of("/myNamespace").Emit("end")
		for id, p := range all {
			ns := ""
			if p.Namespace().Name() != "/" {
				ns = p.Namespace().Name() + ","
			}
			if strings.Contains(line.who, id) {
				p.expect(`2` + ns + `["line","` + line.name + `",1,2,"abc"]`)
			}
			if got := p.next(); got != `2`+ns+`["end"]` {
				t.Errorf("%s: %s got %s", line.name, id, got)
				p.next()
			}
		}
	}
}

func TestSendIsTheEventMessage(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 2)
	a, b := c[0], c[1]
	for _, send := range []struct {
		send func(args ...any) error
		to   []client
	}{
		{a.Send, []client{a}}, {a.Volatile().Send, []client{a}}, {a.Broadcast().Send, []client{b}},
		{server.Send, c}, {server.To(b.ID()).Send, []client{b}},
	} {
		rest(t, c...)
		if err := send.send("hi", 1); err != nil {
			t.Error(err)
		}
		for _, p := range send.to {
			p.expect(`2["message","hi",1]`)
		}
	}
	// The other way: what a client sends so is the event message, with or without a callback.
	server.OnCall("message", func(_ ctx, _ *socketio.Socket, text string) (string, error) { return "got " + text, nil })
	a.send(`21["message","hi"]`, `2["message","hi"]`, `22["message","ho"]`)
	a.expect(`31["got hi"]`, `32["got ho"]`)
}

func TestValuesGoOutAsJavaScriptWritesThem(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	type point struct {
		X    int     `json:"x"`
		Name *string `json:"name"`
	}
	for _, c := range []struct {
		args []any
		want []string
	}{
		{nil, []string{`2["e"]`}},
		{[]any{nil, true, "ü<>&"}, []string{`2["e",null,true,"ü<>&"]`}},
		{[]any{math.NaN(), math.Inf(1), math.Copysign(0, -1), 1e21, 0.1}, []string{`2["e",null,null,0,1e+21,0.1]`}},
		{[]any{point{X: 1}, map[string]any{"b": 1, "a": []int{1}}}, []string{`2["e",{"x":1,"name":null},{"a":[1],"b":1}]`}},
		{[]any{[]byte("bytes")}, []string{`51-["e",{"_placeholder":true,"num":0}]`, `<bytes>`}},
		{[]any{[]byte{}}, []string{`51-["e",{"_placeholder":true,"num":0}]`, `<>`}},
		{[]any{map[string]any{"in": []any{[]byte("a"), "x", []byte("b")}}},
			[]string{`52-["e",{"in":[{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}]}]`, `<a>`, `<b>`}},
	} {
		if err := a.Emit("e", c.args...); err != nil {
			t.Errorf("%v: %v", c.args, err)
		}
		a.expect(c.want...)
	}
}

// Binary(false) forces an EVENT: bytes are JSON, as JSON.stringify writes a Buffer.
func TestBinaryOff(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	tricky := `\"{"_placeholder":true,"num":0}` + "\\"
	off := a.Binary(false)
	for _, emit := range []func(string, ...any) error{off.Emit, server.Binary(false).Emit, server.To(a.ID()).Binary(false).Emit} {
		if err := emit("what", tricky, []byte{1, 2}, map[string]any{"k": []byte{}}, "end"); err != nil {
			t.Fatal(err)
		}
		a.expect(`2["what","\\\"{\"_placeholder\":true,\"num\":0}\\",{"type":"Buffer","data":[1,2]},{"k":{"type":"Buffer","data":[]}},"end"]`)
	}
	many := slices.Repeat([]any{[]byte{0}}, 11)
	if err := off.Emit("many", many...); err != nil {
		t.Errorf("11 buffers as JSON: %v", err)
	}
	a.expect(`2["many"` + strings.Repeat(`,{"type":"Buffer","data":[0]}`, 11) + `]`)
	// It is a value of its own: the socket still detects binary.
	a.Emit("what", []byte("x"))
	a.expect(`51-["what",{"_placeholder":true,"num":0}]`, `<x>`)
	// With nothing binary in it there is no BINARY_EVENT: current parsers refuse one without attachments.
	a.Binary(true).Emit("what", "x")
	a.expect(`2["what","x"]`)
}

// Promise 4: an emit tells what is wrong with it, and sends nothing then.
func TestEmitErrors(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	eleven := slices.Repeat([]any{[]byte("b")}, 11)
	for name, emit := range map[string]func(string, ...any) error{
		"socket": a.Emit, "direct": a.Volatile().Emit, "namespace": server.Emit, "broadcast": server.To(a.ID()).Emit,
		"with ack": func(e string, args ...any) error { _, err := a.EmitWithAck(t.Context(), e, args...); return err },
		"broadcast with ack": func(e string, args ...any) error {
			_, err := server.EmitWithAck(t.Context(), e, args...)
			return err
		},
	} {
		for _, reserved := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
			if err := emit(reserved); !errors.Is(err, socketio.ErrReservedName) {
				t.Errorf("%s of %s: %v", name, reserved, err)
			}
		}
		if err := emit("e", func() {}); err == nil {
			t.Errorf("%s of a function: no error", name)
		}
		if err := emit("e", make(chan int)); err == nil {
			t.Errorf("%s of a channel: no error", name)
		}
		if err := emit("e", eleven...); !errors.Is(err, socketio.ErrTooManyAttachments) {
			t.Errorf("%s of 11 attachments: %v", name, err)
		}
	}
	if own, conn := a.Awaited(); own != 0 || conn != 0 {
		t.Errorf("%d and %d acknowledgements awaited", own, conn)
	}
	a.Disconnect(false)
	for name, emit := range map[string]func(string, ...any) error{"socket": a.Emit, "direct": a.Volatile().Emit} {
		if err := emit("late"); !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("%s after the disconnect: %v", name, err)
		}
	}
	if err := server.Emit("late"); err != nil {
		t.Errorf("broadcast to nobody: %v", err)
	}
	a.expect(`1`)
	a.join("/") // nothing else came
}

// Promise 5: who does not read is disconnected, volatile events to it are dropped without an error, and everybody else
// gets everything.
func TestAFullOutbox(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 2)
	slow, quick := c[0], c[1]
	reasons := make(chan socketio.DisconnectReason, 2)
	server.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { reasons <- r })
	slow.stopReading()
	big := strings.Repeat("x", 256<<10)
	sent := 0
	for slow.Connected() {
		for _, b := range c { // volatile, so that only the direct emit can overflow
			if err := b.Volatile().Emit("volatile", big); err != nil && !errors.Is(err, socketio.ErrDisconnected) {
				t.Fatal(err)
			}
		}
		if sent++; sent > 1000 {
			t.Fatal("the outbox takes everything")
		}
		if err := server.To(quick.ID()).Emit("all", sent); err != nil {
			t.Fatal(err)
		}
		if err := slow.Emit("big", big); err != nil {
			if !errors.Is(err, socketio.ErrBufferFull) {
				t.Fatal(err)
			}
			break
		}
	}
	if r := <-reasons; r != socketio.TransportError {
		t.Errorf("reason %q", r)
	}
	for i := 1; i <= sent; {
		got := quick.next()
		if strings.HasPrefix(got, `2["volatile"`) {
			continue
		}
		if want := `2["all",` + itoa(i) + `]`; got != want {
			t.Fatalf("got %.100s, want %s", got, want)
		}
		i++
	}
	if err := slow.Emit("late"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("emit after the end: %v", err)
	}
}

// A broadcast overflows the outbox of one receiver: that one goes, the others stay.
func TestABroadcastToASlowReceiver(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 3)
	slow := c[1]
	slow.stopReading()
	big := strings.Repeat("x", 256<<10)
	sent := 0
	for ; slow.Connected() && sent < 1000; sent++ {
		if err := server.Emit("big", sent, big); err != nil {
			t.Fatal(err)
		}
		for _, p := range []client{c[0], c[2]} {
			if got := p.next(); !strings.HasPrefix(got, `2["big",`+itoa(sent)+`,`) {
				t.Fatalf("got %.100s", got)
			}
		}
	}
	if slow.Connected() {
		t.Error("the slow receiver is still there")
	}
}

// Promise 6: volatile events go if a poll waits, and are dropped otherwise.
func TestVolatileOverPolling(t *testing.T) {
	server, web := serve(t, nil)
	l := openPolling(t, web.URL+"/socket.io/?EIO=4&transport=polling")
	t.Cleanup(l.close)
	accepted := make(chan *socketio.Socket, 1)
	server.OnConnection(func(s *socketio.Socket) { accepted <- s })
	l.write(packet.Packet{Type: packet.Message, Data: []byte("0")})
	s := <-accepted
	// No poll waits, and the CONNECT reply is in the outbox.
	s.Volatile().Emit("dropped")
	server.Volatile().Emit("dropped", []byte("with binary"))
	s.Emit("kept")
	s.Volatile().Emit("dropped after a regular one")
	s.Emit("kept after a dropped one")
	got := messages(t, l)
	if len(got) != 3 || !strings.HasPrefix(got[0], `0{"sid"`) || got[1] != `2["kept"]` || got[2] != `2["kept after a dropped one"]` {
		t.Fatalf("polled %q", got)
	}
	// The poll takes the first volatile event, binary and all, and nothing behind it.
	for _, emit := range []func(string, ...any) error{s.Volatile().Emit, server.Volatile().Emit} {
		polled := make(chan []string)
		go func() { polled <- messages(t, l) }()
		for i := 0; got != nil; i++ {
			emit("v", i, []byte("b"))
			select {
			case got = <-polled:
				if len(got) != 2 || !strings.HasPrefix(got[0], `51-["v",`) || got[1] != "<b>" {
					t.Fatalf("polled %q", got)
				}
				got = nil
			default:
			}
		}
		got = []string{}
	}
}

func messages(t *testing.T, l link) []string {
	ps, err := l.read()
	if err != nil {
		t.Error(err)
	}
	var list []string
	for _, p := range ps {
		text := string(p.Data)
		if p.Binary {
			text = "<" + text + ">"
		}
		list = append(list, text)
	}
	return list
}

// Promise 8: operators are values.
func TestOperatorsAreImmutable(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 3)
	a, b, x := c[0], c[1], c[2]
	a.Join("a")
	b.Join("b")
	x.Join("a", "b", "x")
	kept := server.To("a").Except("none") // leaves room behind its slices, if that is how they grow
	one, two := kept.To("b"), kept.Except("x")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				kept.To("b").To("c").Except("y")
				two.Except("z").Volatile().Compress(false)
			}
		})
	}
	wg.Wait()
	kept.Emit("kept")
	one.Emit("one")
	two.Emit("two")
	direct := a.Compress(false)
	direct.Volatile()
	direct.Timeout(1)
	direct.Emit("direct")
	server.Emit("end")
	a.expect(`2["kept"]`, `2["one"]`, `2["two"]`, `2["direct"]`, `2["end"]`)
	b.expect(`2["one"]`, `2["end"]`)
	x.expect(`2["kept"]`, `2["one"]`, `2["end"]`)
}
