package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// wire joins the servers of a test to a cluster: each publishes to all others, through a queue of its own.
type wire struct {
	mu    sync.Mutex
	nodes []*tap
	fail  error
}

// tap is one namespace of one server on the wire.
type tap struct {
	wire   *wire
	node   adapter.Node
	queue  chan adapter.Message
	ended  sync.WaitGroup
	closed bool
	sent   []adapter.Message
}

func (w *wire) join(node adapter.Node) adapter.Adapter {
	a := &tap{wire: w, node: node, queue: make(chan adapter.Message, 100)}
	a.ended.Go(func() {
		for m := range a.queue {
			for _, other := range w.others(a) {
				other.node.Deliver(m)
			}
		}
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nodes = append(w.nodes, a)
	return a
}

func (w *wire) others(a *tap) (list []*tap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.nodes {
		if other != a && other.node.Namespace() == a.node.Namespace() {
			list = append(list, other)
		}
	}
	return list
}

func (a *tap) Publish(m adapter.Message) error {
	a.wire.mu.Lock()
	defer a.wire.mu.Unlock()
	if a.wire.fail != nil {
		return a.wire.fail
	}
	a.sent = append(a.sent, m)
	a.queue <- m
	return nil
}

func (a *tap) Close(context.Context) error {
	if !a.closed {
		a.closed = true
		close(a.queue)
		a.ended.Wait()
	}
	return nil
}

// Broadcasts reach the sockets of the other nodes by the same rules, in order; Local does not.
func TestBroadcastsReachTheOtherNodes(t *testing.T) {
	w := new(wire)
	here, hereWeb := serve(t, &socketio.Options{Adapter: w.join})
	there, thereWeb := serve(t, &socketio.Options{Adapter: w.join})
	a := connect(t, here.Namespace, hereWeb, 2)
	b := connect(t, there.Namespace, thereWeb, 3)
	a[0].Join("room")
	b[0].Join("room")
	b[1].Join("room", "muted")
	tell := newStory()
	b[2].OnAnyOutgoing(func(event string, args []any) { tell.add("%s %v", event, args) })
	emits := []struct {
		emit func(event string, args ...any) error
		who  []client
	}{
		{here.Emit, []client{a[0], a[1], b[0], b[1], b[2]}},
		{here.To("room").Emit, []client{a[0], b[0], b[1]}},
		{a[0].To("room").Except("muted").Emit, []client{b[0]}},
		{a[0].Broadcast().Compress(false).Emit, []client{a[1], b[0], b[1], b[2]}},
		{here.To(b[2].ID()).Emit, []client{b[2]}},
		{there.Volatile().Emit, []client{a[0], a[1], b[0], b[1], b[2]}},
		{here.Local().Emit, []client{a[0], a[1]}},
		{a[0].Local().Emit, []client{a[1]}},
		{there.Of("/").Local().To("room").Emit, []client{b[0], b[1]}},
	}
	for i, e := range emits {
		rest(t, append(a, b...)...)
		if err := e.emit("e", i, []byte("b")); err != nil {
			t.Error(err)
		}
		for _, c := range e.who {
			c.expect(fmt.Sprintf(`51-["e",%d,{"_placeholder":true,"num":0}]`, i), `<b>`)
		}
	}
	here.Emit("end")
	for _, c := range append(a, b...) {
		c.expect(`2["end"]`)
	}
	tell.expect(t, "e [0 {\"_placeholder\":true,\"num\":0}]", "e [3 {\"_placeholder\":true,\"num\":0}]",
		"e [4 {\"_placeholder\":true,\"num\":0}]", "e [5 [98]]", "end []")
	w.mu.Lock()
	sent := w.nodes[0].sent
	w.mu.Unlock()
	if m := sent[3]; !m.NoCompress || m.Volatile || len(m.Except) != 1 || m.Except[0] != a[0].ID() {
		t.Errorf("published %+v", m)
	}
}

// An adapter that fails does not keep the event from the local receivers, and its error is the emit's.
func TestAnAdapterFails(t *testing.T) {
	w := new(wire)
	here, web := serve(t, &socketio.Options{Adapter: w.join})
	a := connect(t, here.Namespace, web, 1)[0]
	w.fail = errors.New("broker is gone")
	if err := here.Emit("e"); !errors.Is(err, w.fail) {
		t.Errorf("error %v", err)
	}
	if err := here.Local().Emit("local"); err != nil {
		t.Error(err)
	}
	a.expect(`2["e"]`, `2["local"]`)
}

// What another node sends is not believed blindly.
func TestMessagesOfOtherNodesAreChecked(t *testing.T) {
	w := new(wire)
	here, web := serve(t, &socketio.Options{Adapter: w.join})
	a := connect(t, here.Namespace, web, 1)[0]
	node := w.nodes[0].node
	for _, bad := range []adapter.Message{
		{}, {Event: []byte(`{}`)}, {Event: []byte(`["e"`)}, {Event: []byte(`[]`)}, {Event: []byte(`[null]`)},
		{Event: []byte(`["disconnect"]`)}, {Event: []byte(`1["e"]`)}, {Event: []byte(`/other,["e"]`)},
		{Event: []byte(`["e",{"_placeholder":true,"num":0}]`), Attachments: [][]byte{{1}, {2}}},
		{Event: []byte(`["e",{"_placeholder":true,"num":3}]`), Attachments: [][]byte{{1}}},
		{Event: []byte(`["e"]`), Attachments: make([][]byte, 11)},
	} {
		if err := node.Deliver(bad); err == nil {
			t.Errorf("delivered %s", bad.Event)
		}
	}
	if err := node.Deliver(adapter.Message{Event: []byte(`["good"]`)}); err != nil {
		t.Error(err)
	}
	a.expect(`2["good"]`)
}

func TestEachNamespaceHasAnAdapter(t *testing.T) {
	w := new(wire)
	server, _ := serve(t, &socketio.Options{Adapter: w.join})
	server.Of("a")
	server.Of("a")
	var names []string
	for _, n := range w.nodes {
		names = append(names, n.node.Namespace())
	}
	if got := strings.Join(names, " "); got != "/ /a" {
		t.Errorf("adapters of %s", got)
	}
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for _, n := range w.nodes {
		if !n.closed {
			t.Errorf("the adapter of %s is not closed", n.node.Namespace())
		}
	}
}

// keeper is an adapter that can keep sessions and must not be asked to.
type keeper struct {
	adapter.Adapter
	t *testing.T
}

func (k keeper) Store(adapter.Message) (string, error) {
	k.t.Error("an event was stored")
	return "0", nil
}
func (k keeper) Offset() string             { k.t.Error("asked for its offset"); return "0" }
func (k keeper) Keep(adapter.Session) error { k.t.Error("a session was kept"); return nil }
func (k keeper) Take(context.Context, string, *string) (s adapter.Session, from string, err error) {
	k.t.Error("asked for a session")
	return s, "", adapter.ErrSessionUnknown
}
func (k keeper) Missed(context.Context, *adapter.Session, string) (missed []adapter.Message, next string, more bool, err error) {
	k.t.Error("asked for what was missed")
	return nil, "", false, nil
}

var _ adapter.Recovery = keeper{}

// An adapter that can bring clients back has nothing to do with it while recovery is off, whatever clients ask for.
func TestAnAdapterKeepsNoSessionsWhileRecoveryIsOff(t *testing.T) {
	server, web := serve(t, &socketio.Options{Adapter: func(n adapter.Node) adapter.Adapter {
		return keeper{adapter.Memory(n), t}
	}})
	p := dialWebSocket(t, web)
	p.send(`0{"pid":"foo","offset":"bar"}`)
	if got := p.next(); !strings.HasPrefix(got, `0{"sid":"`) || strings.Contains(got, "pid") {
		t.Errorf("answer to CONNECT: %s", got)
	}
	server.Emit("e", "text")
	p.expect(`2["e","text"]`)
	p.link.close()
	eventually(t, func() bool { return server.Busy() == 0 && server.Engine().Count() == 0 })
}
