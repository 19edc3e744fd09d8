package socketio_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/adapter/inmemory"
)

// broker is a log that several nodes share. An event that is stored comes back to every node when it has its place, on a
// goroutine that knows nothing of the emit.
type broker struct {
	log *inmemory.Store

	mu    sync.Mutex // Held while an event goes to all nodes.
	nodes []*brokered
}

func newBroker(t *testing.T) *broker {
	b := &broker{log: inmemory.New(inmemory.Limits{Age: patience, Events: 1000, Bytes: 1 << 20, Sessions: 100, SessionBytes: 1 << 20})}
	t.Cleanup(b.log.Close)
	return b
}

// brokered is one node's door to it.
type brokered struct {
	broker *broker
	node   adapter.Node
	queue  chan adapter.Message
	done   chan struct{}
}

var _ adapter.Recovery = (*brokered)(nil)

func (b *broker) adapter(node adapter.Node) adapter.Adapter {
	n := &brokered{broker: b, node: node, queue: make(chan adapter.Message, 100), done: make(chan struct{})}
	b.mu.Lock()
	b.nodes = append(b.nodes, n)
	b.mu.Unlock()
	go n.run()
	return n
}

func (n *brokered) run() {
	defer close(n.done)
	for m := range n.queue {
		n.broker.mu.Lock()
		if !m.Volatile {
			m.Offset, _ = n.broker.log.Store(m)
		}
		for _, other := range n.broker.nodes {
			if other != n || !m.Volatile {
				other.node.Deliver(m)
			}
		}
		n.broker.mu.Unlock()
	}
}

func (n *brokered) Publish(m adapter.Message) error         { n.queue <- m; return nil }
func (n *brokered) Store(m adapter.Message) (string, error) { n.queue <- m; return "", nil }
func (n *brokered) Offset() string                          { return n.broker.log.Offset() }
func (n *brokered) Keep(s adapter.Session) error            { return n.broker.log.Keep(s) }

func (n *brokered) Take(ctx context.Context, pid string, offset *string) (adapter.Session, string, error) {
	n.broker.mu.Lock() // what is on its way to all nodes has come
	n.broker.mu.Unlock()
	return n.broker.log.Take(ctx, pid, offset)
}

func (n *brokered) Missed(ctx context.Context, s *adapter.Session, from, to string) ([]adapter.Message, string, bool, error) {
	return n.broker.log.Missed(ctx, s, from, to)
}

func (n *brokered) Close(context.Context) error {
	close(n.queue)
	<-n.done
	return nil
}

// With a log that nodes share a client recovers on another node: rooms, data and what it missed.
func TestRecoveryOnAnotherNode(t *testing.T) {
	b := newBroker(t)
	back := make(chan *socketio.Socket, 2)
	var servers [2]*socketio.Server
	var webs [2]*httptest.Server
	key := socketio.NewKey[string]("key")
	for i := range servers {
		servers[i], webs[i] = serve(t, &socketio.Options{Recovery: new(socketio.Recovery), Adapter: b.adapter})
		servers[i].OnConnection(func(s *socketio.Socket) {
			if !s.Recovered() {
				s.Join("room")
				key.Set(s, "value")
			}
			back <- s
		})
	}
	p := dialWebSocket(t, webs[0])
	c := enter(t, p)
	old := <-back
	servers[1].Emit("from there")
	c.receive(t, p, `2["from there"]`)
	old.Emit("directly")
	c.receive(t, p, `2["directly"]`)
	eventually(t, func() bool { return old.BufferedAmount() == 0 }) // who writes has seen that it left
	servers[0].Volatile().Emit("volatile", "text")
	before := c.offset
	if c.got(t, p.next()); c.offset != before {
		t.Error("a volatile text moved the offset")
	}
	lose(t, servers[0], p)
	servers[1].To("room").Emit("missed", 1)
	servers[1].To("another").Emit("not for it")
	eventually(t, func() bool { return b.log.Stats().Events == 4 })
	if err := old.Emit("missed", 2); err != nil {
		t.Error(err)
	}
	eventually(t, func() bool { return b.log.Stats().Events == 5 })

	p = dialWebSocket(t, webs[1])
	p.send(c.connect())
	c.receive(t, p, `2["missed",1]`, `2["missed",2]`)
	p.expect(c.welcome())
	s := <-back
	if v, ok := key.Get(s); !s.Recovered() || !ok || v != "value" {
		t.Errorf("recovered %v, %q, %v", s.Recovered(), v, ok)
	}
	servers[0].To("room").Emit("live")
	c.receive(t, p, `2["live"]`)
	servers[0].Local().Emit("not here")
	servers[1].Local().Emit("here", "text") // stays on the node, so it is not stored
	if e := c.got(t, p.next()); e != `2["here","text"]` {
		t.Error(e)
	}
}

// faulty is an adapter whose log fails.
type faulty struct {
	*innerLog
	fail func() error
}

type innerLog = inmemory.Store // a name that hides no method

var _ adapter.Recovery = (*faulty)(nil)

func newFaulty(fail func() error) *faulty {
	return &faulty{inmemory.New(inmemory.Limits{Age: patience, Events: 9, Bytes: 1 << 20, Sessions: 9, SessionBytes: 1 << 20}), fail}
}

func (f *faulty) Publish(adapter.Message) error { return nil }
func (f *faulty) Close(context.Context) error   { f.innerLog.Close(); return nil }

func (f *faulty) Keep(s adapter.Session) error {
	f.innerLog.Keep(s)
	return f.fail()
}

func (f *faulty) Take(ctx context.Context, pid string, offset *string) (adapter.Session, string, error) {
	return adapter.Session{}, "", f.fail()
}

// A log that fails, or panics, costs a client its session and nobody anything else.
func TestALogThatFails(t *testing.T) {
	broken := errors.New("broken")
	for _, fail := range []func() error{func() error { return broken }, func() error { panic("broken") }} {
		server, web := serve(t, &socketio.Options{Recovery: new(socketio.Recovery), Adapter: func(adapter.Node) adapter.Adapter { return newFaulty(fail) }})
		why := make(chan error, 2)
		server.OnConnection(func(s *socketio.Socket) { why <- s.RecoveryError() })
		_, p, c := entered(t, server, web)
		<-why
		lose(t, server, p)
		p = dialWebSocket(t, web)
		p.send(c.connect())
		c.welcomed(t, p.next())
		if err := <-why; err == nil {
			t.Error("no reason")
		}
		server.Emit("on it goes")
		c.receive(t, p, `2["on it goes"]`)
	}
}
