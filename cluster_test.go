package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

type profile struct {
	Name string `json:"name"`
	Age  int    `json:"age"`
}

var (
	profileKey = socketio.NewKey[profile]("profile")
	secretKey  = socketio.NewKey[chan int]("channel") // JSON can't hold it
	twinA      = socketio.NewKey[int]("twin")
	twinB      = socketio.NewKey[int]("twin")
)

// cluster is two servers on a wire, with clients.
func cluster(t *testing.T, here, there int) (a, b *socketio.Server, ca, cb []client, w *wire) {
	w = new(wire)
	a, aWeb := serve(t, &socketio.Options{Adapter: w.join})
	b, bWeb := serve(t, &socketio.Options{Adapter: w.join})
	return a, b, connect(t, a.Namespace, aWeb, here), connect(t, b.Namespace, bWeb, there), w
}

func TestFetchSocketsFindsThoseOfAllNodes(t *testing.T) {
	a, b, ca, cb, _ := cluster(t, 2, 2)
	ca[0].Join("room")
	cb[0].Join("room", "more")
	cb[1].Join("muted")
	profileKey.Set(ca[0].Socket, profile{"here", 1})
	profileKey.Set(cb[0].Socket, profile{"there", 2})
	secretKey.Set(cb[0].Socket, make(chan int))
	twinA.Set(cb[0].Socket, 1)
	twinB.Set(cb[0].Socket, 2)
	for _, c := range []struct {
		name  string
		fetch func(context.Context) ([]socketio.RemoteSocket, error)
		want  []client
	}{
		{"all", a.FetchSockets, []client{ca[0], ca[1], cb[0], cb[1]}},
		{"room", a.In("room").FetchSockets, []client{ca[0], cb[0]}},
		{"except", a.Except("room").FetchSockets, []client{ca[1], cb[1]}},
		{"local", a.Local().FetchSockets, []client{ca[0], ca[1]}},
		{"others", ca[0].Broadcast().FetchSockets, []client{ca[1], cb[0], cb[1]}},
		{"from the other side", b.In("muted", "room").Timeout(time.Minute).FetchSockets, []client{ca[0], cb[0], cb[1]}},
		{"nobody", a.In("none").FetchSockets, nil},
	} {
		list, err := c.fetch(t.Context())
		if err != nil {
			t.Error(err)
		}
		var got, want []string
		for _, r := range list {
			got = append(got, r.ID())
		}
		for _, c := range c.want {
			want = append(want, c.ID())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
	list, _ := a.In("room").FetchSockets(t.Context())
	here, there := list[0], list[1]
	if here.Socket() != ca[0].Socket || there.Socket() != nil {
		t.Error("this node's are first")
	}
	if v, ok := profileKey.From(here); !ok || v != (profile{"here", 1}) {
		t.Errorf("data %v %v", v, ok)
	}
	if v, ok := profileKey.From(there); !ok || v != (profile{"there", 2}) {
		t.Errorf("data %v %v", v, ok)
	}
	if _, ok := secretKey.From(there); ok {
		t.Error("a channel came along")
	}
	if _, ok := twinA.From(there); ok {
		t.Error("one of two values of a name came along")
	}
	profileKey.Set(ca[0].Socket, profile{"changed", 3})
	if v, _ := profileKey.From(here); v.Name != "here" {
		t.Error("not a snapshot")
	}
	if got := there.Rooms(); !slices.Equal(got, []string{cb[0].ID(), "room", "more"}) {
		t.Errorf("rooms %q", got)
	}
	far, near := there.Handshake(), cb[0].Handshake()
	if far.URL != near.URL || far.Address != near.Address || !far.Time.Equal(near.Time.Truncate(time.Millisecond)) ||
		far.Query.Encode() != near.Query.Encode() || far.Header.Get("Upgrade") != "websocket" || far.RawAuth().String() != "{}" {
		t.Errorf("handshake %+v, want %+v", far, near)
	}
}

// What is done with a remote socket is done where it is.
func TestARemoteSocketIsAtHand(t *testing.T) {
	a, _, ca, cb, _ := cluster(t, 1, 2)
	list, err := a.In(cb[0].ID()).FetchSockets(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	r := list[0]
	if err := errors.Join(r.Join("x", "y"), r.Leave("y"), r.Emit("e", 1)); err != nil {
		t.Error(err)
	}
	cb[0].expect(`2["e",1]`)
	if got := cb[0].Rooms(); !slices.Equal(got, []string{cb[0].ID(), "x"}) {
		t.Errorf("rooms %q", got)
	}
	go func() {
		cb[0].expect(`20["q",1]`)
		cb[0].send(`30["A",2]`)
		cb[0].expect(`21["call"]`)
		cb[0].send(`31["C"]`)
		cb[0].expect(`22["call"]`)
		cb[0].send(`32[{"error":{"message":"no"}}]`)
	}()
	if args, err := r.EmitWithAck(t.Context(), "q", 1); err != nil || fmt.Sprint(args) != `["A" 2]` {
		t.Error(args, err)
	}
	if text, err := r.Call[string](t.Context(), "call"); err != nil || text != "C" {
		t.Error(text, err)
	}
	if _, err := r.Call[string](t.Context(), "call"); err == nil || err.Error() != "no" {
		t.Error(err)
	}
	cb[1].Join("room")
	cb[0].Join("room")
	r.To("room").Emit("without it")
	cb[1].expect(`2["without it"]`)
	if err := r.Disconnect(false); err != nil {
		t.Error(err)
	}
	cb[0].expect(`1`)
	eventually(t, func() bool { return !cb[0].Connected() })
	if _, err := r.EmitWithAck(t.Context(), "q"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Error(err)
	}
	if here, _ := a.Local().FetchSockets(t.Context()); len(here) != 1 {
		t.Error(here)
	} else {
		go func() { ca[0].expect(`24["q"]`); ca[0].send(`34[1]`) }()
		if args, err := here[0].Timeout(time.Minute).EmitWithAck(t.Context(), "q"); err != nil || len(args) != 1 {
			t.Error(args, err)
		}
	}
}

func TestCommandsReachAllNodes(t *testing.T) {
	a, b, ca, cb, w := cluster(t, 2, 2)
	join := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	join(a.SocketsJoin("all"))
	join(a.To("all").Emit("in order"))
	for _, c := range append(ca, cb...) {
		c.expect(`2["in order"]`)
	}
	join(b.In(ca[0].ID()).SocketsLeave("all"))
	join(ca[0].Broadcast().SocketsJoin("others"))
	join(a.Local().SocketsJoin("local"))
	join(a.In("others").Emit("e"))
	for _, c := range []client{ca[1], cb[0], cb[1]} {
		c.expect(`2["e"]`)
	}
	eventually(t, func() bool { // what b told may come to a after what a did since
		return fmt.Sprint(ca[0].Rooms()[1:], cb[0].Rooms()[1:]) == "[local] [all others]"
	})
	join(a.In("others").DisconnectSockets(true))
	for _, c := range []client{ca[1], cb[0], cb[1]} {
		c.expect(`1`, "closed")
	}
	w.mu.Lock()
	w.fail = errors.New("broker is gone")
	w.mu.Unlock()
	for _, err := range []error{a.SocketsJoin("x"), a.SocketsLeave("x"), a.In("none").DisconnectSockets(false), a.ServerSideEmit("e")} {
		if !errors.Is(err, w.fail) {
			t.Errorf("error %v", err)
		}
	}
	if list, err := a.FetchSockets(t.Context()); !errors.Is(err, w.fail) || len(list) != 1 {
		t.Error(list, err)
	}
	if _, err := a.In("none").EmitWithAck(t.Context(), "q"); !errors.Is(err, w.fail) {
		t.Error(err)
	}
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
}

// A question to a room reaches the members on all nodes, in order with other broadcasts, and there is an entry for each.
func TestARoomOfTheClusterIsAsked(t *testing.T) {
	a, b, ca, cb, _ := cluster(t, 1, 3)
	cb[0].Join("room")
	cb[1].Join("room")
	ca[0].Join("room")
	b.OnAnyOutgoing(func(s *socketio.Socket, event string, args []any) {
		if event == "q" && s.ID() == cb[2].ID() {
			t.Error("asked who is not in the room")
		}
	})
	for _, c := range []client{ca[0], cb[0]} {
		go func() {
			c.expect(`51-0["q",{"_placeholder":true,"num":0}]`, "<b>", `2["after"]`)
			c.sendBinary(`61-0[{"_placeholder":true,"num":0},1]`, "x")
		}()
	}
	go func() {
		cb[1].expect(`51-0["q",{"_placeholder":true,"num":0}]`, "<b>", `2["after"]`)
		cb[1].Disconnect(true)
	}()
	ready := make(chan bool)
	var replies socketio.Replies
	var err error
	go func() {
		replies, err = a.In("room").Timeout(time.Minute).EmitWithAck(t.Context(), "q", []byte("b"))
		close(ready)
	}()
	eventually(t, func() bool { n, _ := ca[0].Awaited(); return n == 1 })
	a.Emit("after")
	cb[2].expect(`2["after"]`)
	<-ready
	if !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("error %v", err)
	}
	got := map[string]string{}
	for id, r := range replies.All() {
		var first []byte
		if r.Err == nil {
			r.Args.Decode(&first)
		}
		got[id] = fmt.Sprintf("%s %d %v", first, len(r.Args), r.Err)
	}
	want := map[string]string{
		ca[0].ID(): "x 2 <nil>", cb[0].ID(): "x 2 <nil>", cb[1].ID(): fmt.Sprint(" 0 ", socketio.ErrDisconnected),
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("replies %v, want %v", got, want)
	}
}

// A node that does not answer is named, and what the others said is there; a client that does not answer is no missing
// node.
func TestMissingNodesAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := new(wire)
		var servers []*socketio.Server
		for range 3 {
			s, dial := serveInMemory(t, &socketio.Options{Adapter: w.join})
			servers = append(servers, s)
			dial().join("/")
			s.OnServer("e", func(ctx, struct{}) error { return nil })
		}
		w.nodes[2].deaf.Store(true)
		isMissing := func(what string, err error) {
			var missing *socketio.MissingNodesError
			if !errors.As(err, &missing) || len(missing.Nodes) != 1 || missing.Nodes[0] != "node3" || !strings.Contains(err.Error(), "node3") {
				t.Errorf("%s: error %v", what, err)
			}
		}
		list, err := servers[0].Timeout(time.Second).FetchSockets(t.Context())
		isMissing("fetch", err)
		if len(list) != 2 {
			t.Errorf("%d sockets", len(list))
		}
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		replies, err := servers[0].ServerSideEmitWithAck(soon, "e")
		isMissing("server-side", err)
		if replies.Len() != 1 {
			t.Errorf("%d replies", replies.Len())
		}
		replies, err = servers[0].Timeout(time.Second).EmitWithAck(t.Context(), "q") // no client answers
		isMissing("emit", err)
		if replies.Len() != 2 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%d replies, %v", replies.Len(), err)
		}
		synctest.Wait()
		if servers[1].Busy() != 0 || servers[1].Awaiting() != 0 {
			t.Error("the other node waits on")
		}
		over, end := context.WithCancelCause(t.Context())
		end(errors.New("enough"))
		if _, err := servers[0].FetchSockets(over); !errors.Is(err, context.Canceled) {
			t.Errorf("asked with a context that has ended: %v", err)
		}
	})
}

// Without a deadline the others have 5 s.
func TestAnswersHaveADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := new(wire)
		server, _ := serveInMemory(t, &socketio.Options{Adapter: w.join})
		serveInMemory(t, &socketio.Options{Adapter: w.join})
		w.nodes[1].deaf.Store(true)
		for name, ask := range map[string]func() error{
			"fetch":       func() error { _, err := server.FetchSockets(t.Context()); return err },
			"server-side": func() error { _, err := server.ServerSideEmitWithAck(t.Context(), "e"); return err },
			"emit":        func() error { _, err := server.EmitWithAck(t.Context(), "e"); return err },
		} {
			start := time.Now()
			var missing *socketio.MissingNodesError
			if err := ask(); !errors.As(err, &missing) || time.Since(start) != 5*time.Second {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
		}
	})
}

// Requests of other nodes are not believed blindly.
func TestRequestsOfOtherNodesAreChecked(t *testing.T) {
	w := new(wire)
	serve(t, &socketio.Options{Adapter: w.join})
	node := w.nodes[0].node
	for _, bad := range []adapter.Request{
		{}, {Kind: 99}, {Kind: adapter.ServerSideEmit, Event: []byte(`{}`)}, {Kind: adapter.ServerSideEmit, Event: []byte(`["disconnect"]`)},
		{Kind: adapter.EmitWithAck, Event: []byte(`[]`)}, {Kind: adapter.EmitWithAck, Event: []byte(`["e"]`), Attachments: make([][]byte, 11)},
	} {
		if bad.Kind != adapter.EmitWithAck {
			if err := node.Obey(bad); err == nil {
				t.Errorf("obeyed %v", bad)
			}
		}
		if err := node.Answer(bad, nil, nil); err == nil {
			t.Errorf("answered %v", bad)
		}
	}
}

// asker is an adapter whose last act is to hand on a question that came late.
type asker struct {
	adapter.Adapter
	node     adapter.Node
	answered *atomic.Bool
}

func (a asker) Close(ctx context.Context) error {
	err := a.node.Answer(adapter.Request{Kind: adapter.FetchSockets}, func(adapter.Answer) {}, func() {
		time.Sleep(10 * time.Millisecond)
		a.answered.Store(true)
	})
	return errors.Join(err, a.Adapter.Close(ctx))
}

// What other nodes ask while the server stops is answered before Shutdown returns, or not at all.
func TestShutdownWaitsForAnswersToOtherNodes(t *testing.T) {
	var answered atomic.Bool
	server, _ := serve(t, &socketio.Options{Adapter: func(n adapter.Node) adapter.Adapter {
		return asker{adapter.Memory(n), n, &answered}
	}})
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if !answered.Load() {
		t.Error("somebody is still answering")
	}
}

// An adapter that panics over an answer ends the question: its receivers are not waited for.
func TestAnAdapterThatPanicsOverAnAnswerEndsTheQuestion(t *testing.T) {
	var asked adapter.Node
	server, web := serve(t, &socketio.Options{Adapter: func(n adapter.Node) adapter.Adapter {
		asked = n
		return adapter.Memory(n)
	}})
	a := connect(t, server.Namespace, web, 1)[0]
	done := make(chan bool)
	r := adapter.Request{Kind: adapter.EmitWithAck, Event: []byte(`["q"]`), Timeout: time.Hour}
	if err := asked.Answer(r, func(adapter.Answer) { panic("no way to answer") }, func() { close(done) }); err != nil {
		t.Fatal(err)
	}
	a.expect(`20["q"]`)
	<-done
	eventually(t, func() bool { own, conn := a.Awaited(); return own == 0 && conn == 0 })
	if n := server.Stats().Panics; n != 1 {
		t.Errorf("%d panics", n)
	}
}
