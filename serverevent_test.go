package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// An event for the servers reaches the handlers of the other nodes, one at a time and in order; never this node, and no
// client.
func TestServerSideEmit(t *testing.T) {
	a, b, ca, cb, _ := cluster(t, 1, 1)
	tell := newStory()
	a.OnServer("e", func(ctx, int) error { t.Error("heard its own"); return nil })
	b.OnServer("e", func(_ ctx, n int) error { tell.add("e %d", n); return nil })
	b.OnServer("pair", func(_ ctx, p socketio.Args2[string, []byte]) error { tell.add("pair %s %s", p.A, p.B); return nil })
	off := b.OnServerEvent("raw", func(_ ctx, e *socketio.ServerEvent) error {
		var n int
		tell.add("raw %s %v %v %v %v", e.Name(), e.Args(), e.Decode(&n), e.WantsAck(), e.Ack())
		return nil
	})
	b.Of("other").OnServer("e", func(ctx, int) error { t.Error("heard in another namespace"); return nil })
	var want []string
	for i := range 200 {
		if err := a.ServerSideEmit("e", i); err != nil {
			t.Error(err)
		}
		want = append(want, fmt.Sprint("e ", i))
	}
	a.ServerSideEmit("pair", "x", []byte("y"))
	a.ServerSideEmit("raw", 7)
	a.ServerSideEmit("nobody listens")
	want = append(want, "pair x y", "raw raw [7] <nil> false <nil>")
	tell.expect(t, want...)
	off()
	a.ServerSideEmit("raw", 7)
	a.ServerSideEmit("e", 1000)
	tell.expect(t, append(want, "e 1000")...)
	for _, name := range []string{"connect", "connection", "new_namespace", "disconnect"} {
		if err := a.ServerSideEmit(name); !errors.Is(err, socketio.ErrReservedName) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := a.ServerSideEmitWithAck(t.Context(), name); !errors.Is(err, socketio.ErrReservedName) {
			t.Errorf("%s: %v", name, err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a handler of %s", name)
				}
			}()
			a.OnServer(name, func(ctx, int) error { return nil })
		}()
	}
	if err := a.ServerSideEmit("e", func() {}); err == nil {
		t.Error("a function went out")
	}
	ca[0].nothingMore(a)
	cb[0].nothingMore(b)
}

func TestServerSideEmitWithAck(t *testing.T) {
	w := new(wire)
	var servers []*socketio.Server
	for i := range 3 {
		s, _ := serve(t, &socketio.Options{Adapter: w.join})
		servers = append(servers, s)
		s.OnServerCall("who", func(_ ctx, greeting string) (string, error) { return fmt.Sprint(greeting, " from ", i), nil })
		s.OnServer("done", func(ctx, struct{}) error { return nil })
		s.OnServerEvent("late", func(_ ctx, e *socketio.ServerEvent) error {
			go func() {
				e.Ack(1, []byte("b"))
				if err := e.Ack(2); !errors.Is(err, socketio.ErrAcknowledged) {
					t.Errorf("second answer: %v", err)
				}
			}()
			return nil
		})
		s.OnServer("fails", func(ctx, struct{}) error { return socketio.Errorf("node %d is busy", i) })
		s.OnServer("hides", func(ctx, struct{}) error { return errors.New("secret") })
		s.OnServer("panics", func(ctx, struct{}) error { panic("boom") })
		s.OnServerEvent("exits", func(_ ctx, e *socketio.ServerEvent) error { e.Ack("bye"); runtime.Goexit(); return nil })
	}
	for _, c := range []struct {
		event string
		arg   any
		want  string
		error bool
	}{
		{"who", "hi", `map[node2:["hi from 1"] <nil> node3:["hi from 2"] <nil>]`, false},
		{"done", nil, `map[node2:[] <nil> node3:[] <nil>]`, false},
		{"late", nil, `map[node2:[1 {"_placeholder":true,"num":0}] <nil> node3:[1 {"_placeholder":true,"num":0}] <nil>]`, false},
		{"fails", nil, `map[node2:[] node 1 is busy node3:[] node 2 is busy]`, true},
		{"hides", nil, `map[node2:[] internal error node3:[] internal error]`, true},
		{"panics", nil, `map[node2:[] internal error node3:[] internal error]`, true},
		{"exits", nil, `map[node2:["bye"] <nil> node3:["bye"] <nil>]`, false},
		{"nobody", nil, `map[node2:[] no handler node3:[] no handler]`, true},
		{"who", 5, `map[node2:[] argument 1 is invalid node3:[] argument 1 is invalid]`, true},
	} {
		replies, err := servers[0].ServerSideEmitWithAck(t.Context(), c.event, c.arg)
		if (err != nil) != c.error {
			t.Errorf("%s: error %v", c.event, err)
		}
		got := map[string]string{}
		for node, r := range replies.All() {
			got[node] = fmt.Sprint(r.Args, " ", r.Err)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", c.event, got, c.want)
		}
	}
}

// A server that is alone has nobody to ask: no answers, at once, and no error. So has one whose adapter carries no
// requests.
func TestServerSideEmitAlone(t *testing.T) {
	for name, o := range map[string]*socketio.Options{
		"memory": nil,
		"wire":   {Adapter: new(wire).join},
	} {
		t.Run(name, func(t *testing.T) {
			server, web := serve(t, o)
			server.OnServer("e", func(ctx, struct{}) error { t.Error("heard its own"); return nil })
			if err := server.ServerSideEmit("e"); err != nil {
				t.Error(err)
			}
			replies, err := server.ServerSideEmitWithAck(context.Background(), "e")
			if err != nil || replies.Len() != 0 {
				t.Errorf("%d replies, %v", replies.Len(), err)
			}
			connect(t, server.Namespace, web, 1)
			if list, err := server.FetchSockets(context.Background()); err != nil || len(list) != 1 {
				t.Errorf("%d sockets, %v", len(list), err)
			}
		})
	}
}

// Handlers that block don't hold up the adapter, and what waits for them is bounded. Their context ends with the server.
func TestTheInboxOfServerEventsIsBounded(t *testing.T) {
	synctest.Test(t, fillTheInbox)
}

func fillTheInbox(t *testing.T) {
	w := new(wire)
	server, _ := serveInMemory(t, &socketio.Options{Adapter: w.join})
	started := make(chan bool, 1)
	ran := 0
	server.OnServer("e", func(c ctx, _ struct{}) error {
		select {
		case started <- true:
		default:
		}
		ran++
		<-c.Done()
		return nil
	})
	r := adapter.Request{Kind: adapter.ServerSideEmit, Event: []byte(`["e"]`)}
	node := w.nodes[0].node
	if err := node.Obey(r); err != nil {
		t.Fatal(err)
	}
	<-started
	taken := 0
	for node.Obey(r) == nil {
		taken++
	}
	if taken != 10_000 {
		t.Errorf("%d events wait", taken)
	}
	over, cancel := context.WithTimeout(t.Context(), 2*time.Second) // half of it before the contexts of handlers end
	defer cancel()
	if err := server.Shutdown(over); err != nil {
		t.Error(err)
	}
	if ran != 10_001 {
		t.Errorf("%d handled", ran)
	}
	if err := node.Obey(r); !errors.Is(err, socketio.ErrServerClosed) {
		t.Errorf("after the shutdown: %v", err)
	}
}
