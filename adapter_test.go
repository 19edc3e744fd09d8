package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// wire joins the servers of a test to a cluster: what one says reaches all others through a queue of its own, as over a
// broker that keeps the order of each sender.
type wire struct {
	mu    sync.Mutex
	nodes []*tap
	fail  error
}

// tap is one namespace of one server on the wire.
type tap struct {
	wire   *wire
	name   string
	node   adapter.Node
	queue  chan func()
	ended  sync.WaitGroup
	closed bool
	deaf   atomic.Bool // hears nothing
	sent   []adapter.Message
}

var _ adapter.Requester = (*tap)(nil)

func (w *wire) join(node adapter.Node) adapter.Adapter {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := &tap{wire: w, name: fmt.Sprint("node", len(w.nodes)+1), node: node, queue: make(chan func(), 1000)}
	a.ended.Go(func() {
		for say := range a.queue {
			say()
		}
	})
	w.nodes = append(w.nodes, a)
	return a
}

func (w *wire) others(a *tap) (list []*tap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.nodes {
		if other != a && !other.closed && other.node.Namespace() == a.node.Namespace() {
			list = append(list, other)
		}
	}
	return list
}

// say queues what every other node is to hear.
func (a *tap) say(each func(other *tap)) error {
	a.wire.mu.Lock()
	defer a.wire.mu.Unlock()
	if a.wire.fail != nil {
		return a.wire.fail
	}
	a.queue <- func() {
		for _, other := range a.wire.others(a) {
			if !other.deaf.Load() {
				each(other)
			}
		}
	}
	return nil
}

func (a *tap) Publish(m adapter.Message) error {
	return a.say(func(other *tap) {
		other.node.Deliver(m)
		a.wire.mu.Lock()
		defer a.wire.mu.Unlock()
		a.sent = append(a.sent, m)
	})
}

func (a *tap) Tell(r adapter.Request) error { return a.say(func(other *tap) { other.node.Obey(r) }) }

func (a *tap) Ask(c context.Context, r adapter.Request, answer func(string, adapter.Answer), done func(error)) error {
	q := &query{missing: map[string]bool{}, heard: map[string]bool{}, answered: make(chan struct{})}
	for _, other := range a.wire.others(a) {
		q.missing[other.name] = true
	}
	err := a.say(func(other *tap) {
		err := other.node.Answer(r, func(x adapter.Answer) { q.hear(other.name, func() { answer(other.name, x) }) }, func() { q.finished(other.name) })
		if err != nil {
			q.finished(other.name)
		}
	})
	if err != nil {
		return err
	}
	a.ended.Go(func() {
		q.finished("")
		select {
		case <-q.answered:
			done(nil)
		case <-c.Done():
			q.mu.Lock()
			defer q.mu.Unlock()
			maps.DeleteFunc(q.missing, func(name string, _ bool) bool { return q.heard[name] })
			if missing := slices.Sorted(maps.Keys(q.missing)); len(missing) > 0 {
				done(&adapter.MissingError{Nodes: missing, Count: len(missing)})
			} else {
				done(nil)
			}
		}
	})
	return nil
}

// query is what is known of a question.
type query struct {
	mu       sync.Mutex
	missing  map[string]bool // have not finished
	heard    map[string]bool // have said something
	answered chan struct{}
}

func (q *query) hear(name string, answer func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.heard[name] = true
	answer()
}

func (q *query) finished(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.missing, name)
	select {
	case <-q.answered:
	default:
		if len(q.missing) == 0 {
			close(q.answered)
		}
	}
}

func (a *tap) Close(context.Context) error {
	a.wire.mu.Lock()
	closed := a.closed
	a.closed = true
	a.wire.mu.Unlock()
	if !closed {
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
	told := 0 // lines of the story: a broadcast tells its listeners behind its packets
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
			if c == b[2] {
				told++
			}
		}
		eventually(t, func() bool { tell.mu.Lock(); defer tell.mu.Unlock(); return len(tell.lines) == told })
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
func (k keeper) Missed(context.Context, *adapter.Session, string, string) (missed []adapter.Message, next string, more bool, err error) {
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

// However often the server is shut down, its adapters are closed once.
func TestAdaptersAreClosedOnce(t *testing.T) {
	var closed atomic.Int32
	server, _ := serve(t, &socketio.Options{Adapter: func(adapter.Node) adapter.Adapter { return closeCounter{&closed} }})
	server.Of("a")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := server.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if n := closed.Load(); n != 2 {
				t.Errorf("%d adapters closed", n)
			}
		})
	}
	both.Wait()
}

type closeCounter struct{ closed *atomic.Int32 }

func (closeCounter) Publish(adapter.Message) error { return nil }
func (c closeCounter) Close(context.Context) error { c.closed.Add(1); return nil }
