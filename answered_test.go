package socketio_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
)

// What a client that resends says in its CONNECT.
const resends = `0{"resends":true}`

// A client that says that it resends gets the answer to an event as often as it asks, and its handler runs once; a repeat
// that comes while the handler runs is answered with it.
func TestARepeatedEventIsHandledOnce(t *testing.T) {
	transports(t, func(t *testing.T, dial dialer) {
		server, web := serve(t, nil)
		var runs atomic.Int32
		entered, release := make(chan bool), make(chan bool)
		server.OnCall("save", func(_ ctx, _ *socketio.Socket, text string) (string, error) {
			return fmt.Sprint(text, " ", runs.Add(1)), nil
		})
		server.OnCall("fail", func(ctx, *socketio.Socket, struct{}) (int, error) {
			return 0, socketio.Errorf("run %d", runs.Add(1))
		})
		server.OnCall("slow", func(ctx, *socketio.Socket, struct{}) (int32, error) {
			entered <- true
			<-release
			return runs.Add(1), nil
		})
		p := dial(t, web)
		p.send(resends)
		p.next()
		for range 2 {
			p.send(`25["save","a"]`)
			p.expect(`35["a 1"]`)
			p.send(`26["fail"]`)
			p.expect(`36[{"error":{"message":"run 2"}}]`)
		}
		p.send(`27["slow"]`)
		<-entered
		p.send(`27["slow"]`, `27["slow"]`)
		eventually(t, func() bool { return server.Stats().Repeated == 4 })
		release <- true
		p.expect(`37[3]`)
		p.send(`25["save","a"]`, `2["save","b"]`, `28["save","c"]`)
		got := []string{p.next(), p.next()} // the first is not answered by the runner
		slices.Sort(got)
		if !slices.Equal(got, []string{`35["a 1"]`, `38["c 5"]`}) {
			t.Errorf("got %q", got)
		}
		p.nothingMore(server)
	})
}

// Who does not say so may use an id as often as it likes.
func TestAnIDMayComeAgainFromOthers(t *testing.T) {
	server, web := serve(t, nil)
	var runs atomic.Int32
	server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (int32, error) { return runs.Add(1), nil })
	for i, connect := range []string{`0`, `0{}`, `0{"resends":false}`, `0{"resends":"true"}`, `0{"a":"\"resends\":true"}`} {
		p := dialWebSocket(t, web)
		p.send(connect)
		p.next()
		p.send(`21["count"]`, `21["count"]`)
		p.expect(fmt.Sprintf(`31[%d]`, 2*i+1), fmt.Sprintf(`31[%d]`, 2*i+2))
	}
	if n := server.Stats().Repeated; n != 0 {
		t.Errorf("%d repeated events", n)
	}
}

// resending joins as a client that resends and can come back.
func resending(t testing.TB, p *peer) *returning {
	t.Helper()
	p.send(resends)
	c := new(returning)
	c.welcomed(t, p.next())
	return c
}

// back is its CONNECT when it comes back.
func (c *returning) back() string { return strings.Replace(c.connect(), "{", `{"resends":true,`, 1) }

// What is remembered belongs to the session: it outlives the connection, for an answer that was lost on its way and for one
// that is given when the client is back, or while it is away.
func TestAnswersAreRememberedAcrossARecovery(t *testing.T) {
	transports(t, func(t *testing.T, dial dialer) {
		server, web := serveRecovery(t, socketio.Recovery{})
		var runs atomic.Int32
		events := make(chan *socketio.Event, 9)
		server.OnEvent("job", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			runs.Add(1)
			events <- e
			return nil
		})
		p := dial(t, web)
		c := resending(t, p)
		data := []byte("bytes")
		p.send(`21["job"]`)
		(<-events).Ack("first", data)
		copy(data, "xxxxx") // it is the handler's again
		p.send(`22["job"]`, `23["job"]`)
		away, later := <-events, <-events
		lose(t, server, p)
		if err := away.Ack("while away"); !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("answer to who is away: %v", err)
		}
		p = dial(t, web)
		p.send(c.back())
		p.expect(c.welcome())
		p.send(`21["job"]`, `22["job"]`, `23["job"]`)
		p.expect(`61-1["first",{"_placeholder":true,"num":0}]`, `<bytes>`, `32["while away"]`)
		eventually(t, func() bool { return server.Stats().Repeated == 3 })
		if err := later.Ack("later"); err != nil {
			t.Error(err)
		}
		p.expect(`33["later"]`)
		if err := later.Ack("later still"); !errors.Is(err, socketio.ErrAcknowledged) {
			t.Error(err)
		}
		p.nothingMore(server)
		if n := runs.Load(); n != 3 {
			t.Errorf("%d runs", n)
		}
	})
}

// It is saved with the session, and is nobody's data.
func TestAnswersAreSaved(t *testing.T) {
	o := socketio.Options{Recovery: new(socketio.Recovery)}
	server, web := serve(t, &o)
	server.OnEvent("e", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack("before", []byte("b")) })
	server.OnEvent("silent", func(ctx, *socketio.Socket, *socketio.Event) error { return nil })
	p := dialWebSocket(t, web)
	c := resending(t, p)
	p.send(`22["silent"]`, `218446744073709551615["e"]`)
	p.expect(`61-18446744073709551615["before",{"_placeholder":true,"num":0}]`, `<b>`)
	if data := find(t, server.Namespace, c.sid).DataNow(); data != "{}" {
		t.Errorf("data %s", data)
	}
	lose(t, server, p)
	next := restart(t, restart(t, server, o), o)
	_, web = serveThis(t, next)
	next.OnEvent("e", func(ctx, *socketio.Socket, *socketio.Event) error { t.Error("handled again"); return nil })
	next.OnCall("silent", func(ctx, *socketio.Socket, struct{}) (string, error) { return "now", nil })
	p = dialWebSocket(t, web)
	p.send(c.back())
	p.expect(c.welcome())
	if data := find(t, next.Namespace, c.sid).DataNow(); data != "{}" {
		t.Errorf("data %s", data)
	}
	p.send(`218446744073709551615["e"]`)
	p.expect(`61-18446744073709551615["before",{"_placeholder":true,"num":0}]`, `<b>`)
	p.send(`22["silent"]`) // whoever was to answer it is gone
	p.expect(`32["now"]`)
}

// The memory of a session has 64 events and 1 MiB of answers. What has no room is handled again.
func TestTheMemoryOfAnswersIsBounded(t *testing.T) {
	server, web := serve(t, nil)
	var runs atomic.Int32
	server.OnCall("of", func(_ ctx, _ *socketio.Socket, size int) (string, error) {
		return fmt.Sprint(runs.Add(1), strings.Repeat(" ", size)), nil
	})
	p := dialWebSocket(t, web)
	p.send(resends)
	p.next()
	ask := func(id, size, want int) {
		t.Helper()
		p.send(fmt.Sprintf(`2%d["of",%d]`, id, size))
		if got := p.next(); !strings.HasPrefix(got, fmt.Sprintf(`3%d["%d `, id, want)) {
			t.Fatalf("%d: %.40s, want run %d", id, got, want)
		}
	}
	for i := range 65 {
		ask(i, 1, i+1)
	}
	ask(64, 1, 65)
	ask(1, 1, 2)
	ask(0, 1, 66)       // in its place 1 is forgotten
	ask(1, 1, 67)       // and 2
	ask(3, 1, 4)        // not 3
	ask(100, 2<<20, 68) // larger than all that is kept
	ask(100, 1, 69)
	ask(101, 700<<10, 70)
	ask(102, 700<<10, 71) // makes room for itself
	ask(102, 1, 71)
	ask(101, 1, 72)
}

// Many answers and repeats at once, over connections that come and go: one run an id.
func TestManyRepeatsAtOnce(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	var mu sync.Mutex
	runs := map[int]int{}
	server.OnEvent("n", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		var n int
		if err := e.Decode(&n); err != nil {
			return err
		}
		mu.Lock()
		runs[n]++
		mu.Unlock()
		go e.Ack(n)
		return nil
	})
	p := dialWebSocket(t, web)
	c := resending(t, p)
	for n := range 40 {
		if n%10 == 9 {
			lose(t, server, p)
			p = dialWebSocket(t, web)
			p.send(c.back())
			p.expect(c.welcome())
		}
		event, answer := fmt.Sprintf(`2%d["n",%d]`, n, n), fmt.Sprintf(`3%d[%d]`, n, n)
		p.send(event, event, event)
		for p.next() != answer { // a second answer to the one before may come first
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for n := range 40 {
		if runs[n] != 1 {
			t.Errorf("%d was handled %d times", n, runs[n])
		}
	}
}

// A repeat beyond a limit of Rates does not touch the answer of the event, which was within it.
func TestARepeatBeyondALimitKeepsTheAnswer(t *testing.T) {
	server, web := serve(t, &socketio.Options{Rates: &socketio.Rates{Socket: socketio.Rate{Burst: 3, Every: time.Hour}}})
	entered, release := make(chan bool), make(chan bool)
	server.OnCall("save", func(ctx, *socketio.Socket, struct{}) (string, error) { return "saved", nil })
	server.OnCall("slow", func(ctx, *socketio.Socket, struct{}) (string, error) {
		entered <- true
		<-release
		return "done", nil
	})
	p := dialWebSocket(t, web)
	p.send(resends)
	p.next()
	for _, id := range []string{"5", "6"} {
		p.send(`2` + id + `["save"]`)
		p.expect(`3` + id + `["saved"]`)
	}
	p.send(`27["slow"]`)
	<-entered
	p.send(`27["slow"]`)
	eventually(t, func() bool { return server.Stats().LimitedEvents == 1 })
	release <- true
	p.expect(`37["done"]`)
	if n := server.Stats().Panics; n != 0 {
		t.Errorf("%d panics", n)
	}
}

// An event that was forgotten before it was answered, and came again, may be answered twice: each answer goes out, and only
// the first is remembered.
func TestAForgottenEventMayBeAnsweredTwice(t *testing.T) {
	server, web := serve(t, nil)
	server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (bool, error) { return true, nil })
	kept := make(chan *socketio.Event, 2)
	server.OnEvent("late", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { kept <- e; return nil })
	p := dialWebSocket(t, web)
	p.send(resends)
	p.next()
	p.send(`27["late"]`)
	first := <-kept
	for i := range 64 {
		p.send(fmt.Sprint(`2`, 100+i, `["count"]`))
		p.expect(fmt.Sprint(`3`, 100+i, `[true]`))
	}
	p.send(`27["late"]`)
	second := <-kept
	for i, e := range []*socketio.Event{first, second} {
		if err := e.Ack(i); err != nil {
			t.Error(err)
		}
		p.expect(fmt.Sprintf(`37[%d]`, i))
	}
	p.send(`27["late"]`)
	p.expect(`37[0]`)
}
