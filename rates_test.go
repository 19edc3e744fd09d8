package socketio_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
)

// limitedEcho is a server in memory under limits, and a function that connects a client.
func limitedEcho(t *testing.T, r *socketio.Rates) (io *socketio.Server, connect func(namespace string) *peer) {
	t.Helper()
	// That EncodeError is user code, which must not run where limits are kept.
	io, dial := serveInMemory(t, &socketio.Options{Rates: r, EncodeError: func(*socketio.Socket, string, error) any {
		t.Error("EncodeError was asked")
		return nil
	}})
	for _, n := range []*socketio.Namespace{io.Namespace, io.Of("/other")} {
		n.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
		n.OnEvent("rare", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	}
	return io, func(namespace string) *peer {
		p := dial()
		p.join(namespace)
		return p
	}
}

// askEcho asks for an echo, in the default namespace, and says whether it came: the other answer is the refusal.
func askEcho(t *testing.T, p *peer, event string) bool {
	t.Helper()
	p.send(fmt.Sprintf(`27[%q,1]`, event))
	switch got := p.next(); got {
	case `37[1]`:
		return true
	case `37[{"error":{"message":"too many events"}}]`:
		return false
	default:
		t.Fatalf("answered by %s", got)
		return false
	}
}

func asks(t *testing.T, p *peer, event string, n int) (answers []bool) {
	t.Helper()
	for range n {
		answers = append(answers, askEcho(t, p, event))
	}
	return answers
}

func TestRateOfASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io, connect := limitedEcho(t, &socketio.Rates{Socket: socketio.Rate{Burst: 3, Every: time.Second}})
		p := connect("/")
		if got := asks(t, p, "echo", 5); !slices.Equal(got, []bool{true, true, true, false, false}) {
			t.Errorf("got %v", got)
		}
		if !askEcho(t, connect("/"), "echo") {
			t.Error("another socket pays")
		}
		// A pause pays the debt, and more does not help.
		time.Sleep(time.Hour)
		if got := asks(t, p, "echo", 4); !slices.Equal(got, []bool{true, true, true, false}) {
			t.Errorf("after a pause: %v", got)
		}
		if n := io.Stats().LimitedEvents; n != 3 {
			t.Errorf("%d events limited, want 3", n)
		}
	})
}

// Who does not stop is disconnected, asked for answers or not; a peer that merely keeps to the limit stays for ever.
func TestAFloodEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io, connect := limitedEcho(t, &socketio.Rates{Socket: socketio.Rate{Burst: 10, Every: time.Second}})
		reasons := make(chan socketio.DisconnectReason, 2)
		io.OnDisconnect(func(_ *socketio.Socket, reason socketio.DisconnectReason) { reasons <- reason })
		steady := connect("/")
		silent := connect("/")
		silent.send(slices.Repeat([]string{`2["echo",1]`}, 30)...)
		silent.closed()
		if r := <-reasons; r != socketio.ForcedServerClose {
			t.Errorf("the reason is %q", r)
		}
		loud := connect("/")
		loud.send(slices.Repeat([]string{`27["echo",1]`}, 30)...)
		loud.closed()
		<-reasons
		if n := io.Stats().LimitedEvents; n != 22 {
			t.Errorf("%d events limited; want 11 of each", n)
		}
		for range 100 {
			if !askEcho(t, steady, "echo") {
				t.Fatal("a peer within the limit is refused")
			}
			time.Sleep(time.Second)
		}
	})
}

func TestRateOfAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, connect := limitedEcho(t, &socketio.Rates{Events: map[string]socketio.Rate{"rare": {Burst: 1, Every: time.Minute}}})
		p := connect("/")
		if got := asks(t, p, "rare", 2); !slices.Equal(got, []bool{true, false}) {
			t.Errorf("got %v", got)
		}
		if slices.Contains(asks(t, p, "echo", 100), false) {
			t.Error("another event pays")
		}
		// An escape in the name is no way round.
		p.send(`27["r\u0061re",1]`)
		p.closed()
	})
}

// What sockets share is refused and never ends one of them.
func TestRatesThatSocketsShare(t *testing.T) {
	for name, r := range map[string]*socketio.Rates{
		"an address":  {Address: socketio.Rate{Burst: 4, Every: time.Second}},
		"a namespace": {Namespace: socketio.Rate{Burst: 4, Every: time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, connect := limitedEcho(t, r)
				p, q, other := connect("/"), connect("/"), connect("/other")
				if got := asks(t, p, "echo", 3); slices.Contains(got, false) {
					t.Errorf("got %v", got)
				}
				if got := asks(t, q, "echo", 50); !got[0] || slices.Contains(got[1:], true) {
					t.Errorf("got %v", got)
				}
				other.send(`2/other,7["echo",1]`)
				want := `3/other,7[1]`
				if name == "an address" { // peers in memory have no address, and so one together
					want = `3/other,7[{"error":{"message":"too many events"}}]`
				}
				other.expect(want)
				time.Sleep(time.Second)
				if !askEcho(t, p, "echo") || askEcho(t, q, "echo") {
					t.Error("a second gains one event for both")
				}
			})
		})
	}
}

// Limits are kept before the inbox: an event that is refused waits for nobody and weighs nothing.
func TestALimitedEventDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io, connect := limitedEcho(t, &socketio.Rates{Socket: socketio.Rate{Burst: 2, Every: time.Second}})
		release := make(chan struct{})
		io.On("wait", func(context.Context, *socketio.Socket, struct{}) error { <-release; return nil })
		p := connect("/")
		p.send(`21["wait"]`, `22["echo",1]`, `23["echo",1]`)
		p.expect(`33[{"error":{"message":"too many events"}}]`)
		close(release)
		p.expect(`31[]`)
		p.expect(`32[1]`)
	})
}
