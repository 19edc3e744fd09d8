package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// A handler's result is the answer; nil answers with nothing; who was not asked does not answer.
func TestHandlersAnswer(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	server.On("nothing", func(ctx, *socketio.Socket, struct{}) error { return nil })
	server.OnCall("value", func(_ ctx, _ *socketio.Socket, n int) (int, error) { return 2 * n, nil })
	server.OnCall("none", func(ctx, *socketio.Socket, struct{}) (struct{}, error) { return struct{}{}, nil })
	server.OnCall("two", func(_ ctx, _ *socketio.Socket, v socketio.Args2[int, string]) (socketio.Args2[string, int], error) {
		return socketio.Args2[string, int]{A: v.B, B: v.A}, nil
	})
	server.OnCall("three", func(_ ctx, _ *socketio.Socket, v socketio.Args3[int, *int, []byte]) (socketio.Args3[int, bool, []byte], error) {
		return socketio.Args3[int, bool, []byte]{A: v.A, B: v.B == nil, C: v.C}, nil
	})
	server.OnCall("all", func(_ ctx, _ *socketio.Socket, v socketio.Args) (socketio.Args, error) { return v[1:], nil })
	server.OnCall("raw", func(_ ctx, _ *socketio.Socket, v socketio.Value) (socketio.Value, error) { return v, nil })
	a.On("own", func(_ ctx, name *string) error { return nil })
	a.OnCall("own call", func(_ ctx, n *int) (bool, error) { return n == nil, nil })
	server.OnEvent("silent", func(ctx, *socketio.Socket, *socketio.Event) error { return nil })
	for _, c := range []struct{ ask, answer string }{
		{`2["nothing"]`, ``},
		{`21["nothing","extra"]`, `31[]`},
		{`22["value",21,"extra"]`, `32[42]`},
		{`2["value",21]`, ``},
		{`23["none",1]`, `33[]`},
		{`24["two",1,"x"]`, `34["x",1]`},
		{`26["all",1,"x",{"y":2}]`, `36["x",{"y":2}]`},
		{`27["raw",{"a" : [1.50]}]`, `37[{"a":[1.50]}]`},
		{`28["own"]`, `38[]`},
		{`29["own call",null]`, `39[true]`},
		{`20["own call",1]`, `30[false]`},
		{`25["silent"]`, ``},
		{`25["unknown"]`, ``},
		{`218446744073709551615["nothing"]`, `318446744073709551615[]`},
	} {
		a.send(c.ask)
		if c.answer != "" {
			got := a.next()
			if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(c.answer, " ", "") {
				t.Errorf("%s answered with %s, want %s", c.ask, got, c.answer)
			}
		}
	}
	a.sendBinary(`51-25["three",1,null,{"_placeholder":true,"num":0}]`, "bytes")
	a.expect(`61-25[1,true,{"_placeholder":true,"num":0}]`, `<bytes>`)
	a.nothingMore(server)
}

// The first answer counts, whoever gives it and from wherever.
func TestTheFirstAnswerCounts(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	later := make(chan *socketio.Event, 1)
	server.OnEvent("twice", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		if !e.WantsAck() {
			return errors.New("no answer wanted")
		}
		if err := e.Ack("first"); err != nil {
			return err
		}
		if err := e.Ack("second"); !errors.Is(err, socketio.ErrAcknowledged) || e.WantsAck() {
			return fmt.Errorf("second answer: %v", err)
		}
		return errors.New("an error after the answer")
	})
	server.OnEvent("later", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { later <- e; return nil })
	server.OnEvent("both", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(1) })
	server.OnCall("both", func(ctx, *socketio.Socket, struct{}) (int, error) { return 2, nil })
	server.OnEvent("bad", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		if err := e.Ack(func() {}); err == nil {
			return errors.New("a function was sent")
		}
		return e.Ack("good")
	})
	a.send(`21["twice"]`, `22["both"]`, `23["bad"]`)
	a.expect(`31["first"]`, `32[1]`, `33["good"]`)
	a.send(`24["later"]`)
	e := <-later
	a.nothingMore(server)
	var wg sync.WaitGroup
	errs := make(chan error, 10)
	for i := range 10 {
		wg.Go(func() { errs <- e.Ack(i) })
	}
	wg.Wait()
	first := 0
	for range 10 {
		if err := <-errs; err == nil {
			first++
		} else if !errors.Is(err, socketio.ErrAcknowledged) {
			t.Error(err)
		}
	}
	if got := a.next(); first != 1 || !strings.HasPrefix(got, `34[`) {
		t.Errorf("%d answers taken, got %s", first, got)
	}
	a.nothingMore(server)
	if n := server.Stats().RepeatedAcks; n != 10 { // one in "twice", nine here
		t.Errorf("%d repeated answers counted", n)
	}
	a.send(`25["later"]`, `2["later"]`)
	e = <-later
	unasked := <-later
	if err := unasked.Ack("x"); err != nil || unasked.WantsAck() {
		t.Errorf("answer nobody asked for: %v", err)
	}
	a.Disconnect(false)
	if err := e.Ack("late"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("answer after the end: %v", err)
	}
	a.expect(`1`)
	a.join("/")
}

// The server asks, one client answers.
func TestTheServerAsks(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	answer := func(with string, attachments ...string) {
		go func() {
			q := a.next()
			id := q[1:strings.IndexByte(q, '[')]
			a.sendBinary(strings.Replace(with, "ID", id, 1), attachments...)
		}()
	}
	answer(`3ID["yes",2]`)
	args, err := a.EmitWithAck(t.Context(), "question", "do you think so?")
	var yes string
	var two int
	if err != nil || args.Decode(&yes, &two) != nil || yes != "yes" || two != 2 || len(args) != 2 {
		t.Errorf("%v, %v", args, err)
	}
	answer(`61-ID[{"data":{"_placeholder":true,"num":0}}]`, "bytes")
	file, err := a.Call[struct{ Data []byte }](t.Context(), "file")
	if err != nil || string(file.Data) != "bytes" {
		t.Errorf("%q, %v", file, err)
	}
	answer(`3ID[]`)
	if _, err := a.Call[struct{}](t.Context(), "nothing"); err != nil {
		t.Error(err)
	}
	answer(`3ID[1,"x"]`)
	both, err := a.Compress(false).Call[socketio.Args2[int, string]](t.Context(), "two")
	if err != nil || both.A != 1 || both.B != "x" {
		t.Errorf("%v, %v", both, err)
	}
	answer(`3ID[]`)
	_, err = a.Call[string](t.Context(), "missing")
	if e, ok := errors.AsType[*socketio.ArgumentError](err); !ok || e.Index != 0 {
		t.Errorf("an answer without an argument: %v", err)
	}
	answer(`3ID[{"error":{"message":"no such name"}}]`)
	_, err = a.Call[string](t.Context(), "whoami")
	if e, ok := errors.AsType[*socketio.Error](err); !ok || e.Message != "no such name" {
		t.Errorf("an error as the answer: %v", err)
	}
	if own, conn := a.Awaited(); own != 0 || conn != 0 {
		t.Errorf("%d and %d acknowledgements awaited", own, conn)
	}
}

// What answers nothing is nothing: unknown ids, second answers, answers without an id.
func TestAnswersNobodyWaitsFor(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	a.send(`399["unknown"]`, `3["without an id"]`)
	done := make(chan string)
	go func() {
		s, err := a.Call[string](context.Background(), "q")
		done <- fmt.Sprint(s, err)
	}()
	a.expect(`20["q"]`)
	a.send(`30["first"]`, `30["second"]`, `30["third"]`)
	if got := <-done; got != "first<nil>" {
		t.Error(got)
	}
	a.nothingMore(server)
}

// Promise 7: a wait ends with the context, the timeout or the connection, and leaves nothing behind.
func TestWaitsEnd(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 4)
	cancelled, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	for _, w := range []struct {
		name string
		wait func(s client) error
		end  func(s client)
		want error
	}{
		{"context", func(s client) error { _, err := s.EmitWithAck(cancelled, "q"); return err },
			func(client) { cancel(mine) }, mine},
		{"timeout", func(s client) error { _, err := s.Timeout(time.Second).EmitWithAck(t.Context(), "q"); return err },
			func(client) {}, context.DeadlineExceeded},
		{"client leaves", func(s client) error { _, err := s.Call[int](t.Context(), "q"); return err },
			func(s client) { s.send(`1`) }, socketio.ErrDisconnected},
		{"server disconnects", func(s client) error { _, err := s.EmitWithAck(t.Context(), "q"); return err },
			func(s client) { s.Disconnect(true) }, socketio.ErrDisconnected},
		{"connection breaks", func(s client) error { _, err := s.EmitWithAck(t.Context(), "q"); return err },
			func(s client) { s.link.close() }, socketio.ErrDisconnected},
	} {
		s := c[0]
		if w.want == socketio.ErrDisconnected {
			c = c[1:]
			s = c[0]
		}
		ended := make(chan error)
		go func() { ended <- w.wait(s) }()
		if got := s.next(); !strings.HasSuffix(got, `["q"]`) {
			t.Fatalf("%s: got %s", w.name, got)
		}
		w.end(s)
		if err := <-ended; !errors.Is(err, w.want) {
			t.Errorf("%s: %v", w.name, err)
		}
		if own, conn := s.Awaited(); own != 0 || conn != 0 {
			t.Errorf("%s: %d and %d acknowledgements awaited", w.name, own, conn)
		}
		if w.want == socketio.ErrDisconnected {
			if _, err := s.EmitWithAck(t.Context(), "q"); !errors.Is(err, socketio.ErrDisconnected) {
				t.Errorf("%s, then asked: %v", w.name, err)
			}
		}
	}
	if _, err := c[0].EmitWithAck(cancelled, "q"); !errors.Is(err, mine) {
		t.Errorf("a context that has ended: %v", err)
	}
}

func TestASocketAwaits10000Answers(t *testing.T) {
	server, web := serve(t, &socketio.Options{Engine: engineio.Options{OutboxPackets: 20_000}})
	a := connect(t, server.Namespace, web, 1)[0]
	c, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 10_000 {
		wg.Go(func() { a.EmitWithAck(c, "q") })
	}
	for range 10_000 {
		a.next()
	}
	if _, err := a.EmitWithAck(t.Context(), "q"); !errors.Is(err, socketio.ErrTooManyAcks) {
		t.Errorf("one more: %v", err)
	}
	replies, err := server.EmitWithAck(t.Context(), "q")
	if !errors.Is(err, socketio.ErrTooManyAcks) || replies.Len() != 1 {
		t.Errorf("one more by broadcast: %v", err)
	}
	cancel()
	wg.Wait()
	if own, conn := a.Awaited(); own != 0 || conn != 0 {
		t.Errorf("%d and %d acknowledgements awaited", own, conn)
	}
	a.nothingMore(server)
}

func TestNobodyIsAskedBeforeItIsAccepted(t *testing.T) {
	server, web := serve(t, nil)
	asked := make(chan error, 1)
	server.Use(func(c ctx, s *socketio.Socket) error {
		_, err := s.EmitWithAck(c, "q")
		asked <- err
		return s.Emit("early", 1) // an emit goes; the client keeps it until it is accepted
	})
	p := dialWebSocket(t, web)
	p.send(`0`)
	p.expect(`2["early",1]`)
	p.next()
	if err := <-asked; !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("asked in a middleware: %v", err)
	}
}

// Broadcasts with acknowledgements: an entry for each client, also when some don't answer.
func TestARoomIsAsked(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 4)
	for _, s := range c[:3] {
		s.Join("room")
	}
	reply := func(s client, with string) {
		q := s.next()
		s.send(strings.Replace(with, "ID", q[1:strings.IndexByte(q, '[')], 1))
	}
	go reply(c[0], `3ID["zero"]`)
	go reply(c[1], `3ID["one",1]`)
	go reply(c[2], `3ID[]`)
	replies, err := server.In("room").EmitWithAck(t.Context(), "poll", "?")
	if err != nil || replies.Len() != 3 {
		t.Fatalf("%d replies, %v", replies.Len(), err)
	}
	got := map[string]string{}
	for id, r := range replies.All() {
		got[id] = fmt.Sprint(r.Args, r.Err)
	}
	for i, want := range []string{`["zero"] <nil>`, `["one" 1] <nil>`, `[] <nil>`} {
		if got[c[i].ID()] != want {
			t.Errorf("reply %d: %s", i, got[c[i].ID()])
		}
	}

	// Partial: one answers, one leaves, one says nothing.
	asked, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	go func() {
		reply(c[1], `3ID["here"]`)
		c[2].next()
		c[2].send(`1`)
		for own := 1; own > 0 || c[2].Connected(); own, _ = c[1].Awaited() {
			time.Sleep(time.Millisecond)
		}
		cancel(mine)
	}()
	replies, err = c[3].To("room").EmitWithAck(asked, "poll")
	if !errors.Is(err, mine) && !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("error %v", err)
	}
	errs := map[string]error{}
	for id, r := range replies.All() {
		errs[id] = r.Err
	}
	if len(errs) != 3 || errs[c[1].ID()] != nil || !errors.Is(errs[c[0].ID()], mine) || !errors.Is(errs[c[2].ID()], socketio.ErrDisconnected) {
		t.Errorf("partial replies: %v", errs)
	}
	for _, s := range c {
		if own, conn := s.Awaited(); own != 0 || conn != 0 {
			t.Errorf("%d and %d acknowledgements awaited", own, conn)
		}
	}
	for range replies.All() {
		break // leaves early
	}

	if replies, err := server.To("nobody").EmitWithAck(t.Context(), "poll"); err != nil || replies.Len() != 0 {
		t.Errorf("asked nobody: %d, %v", replies.Len(), err)
	}
}

// A broadcast that asks for answers without a deadline gets 5 s; a deadline or timeout of its own replaces that.
func TestABroadcastWaitsFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, nil)
		p := dial()
		p.join("/")
		for _, c := range []struct {
			ask  func() (socketio.Replies, error)
			want time.Duration
		}{
			{func() (socketio.Replies, error) { return server.EmitWithAck(t.Context(), "q") }, 5 * time.Second},
			{func() (socketio.Replies, error) { return server.Timeout(time.Second).EmitWithAck(t.Context(), "q") }, time.Second},
			{func() (socketio.Replies, error) { return server.Timeout(9*time.Second).EmitWithAck(t.Context(), "q") }, 9 * time.Second},
			{func() (socketio.Replies, error) {
				deadline, cancel := context.WithTimeout(t.Context(), 7*time.Second)
				defer cancel()
				return server.EmitWithAck(deadline, "q")
			}, 7 * time.Second},
		} {
			start := time.Now()
			replies, err := c.ask()
			if !errors.Is(err, context.DeadlineExceeded) || replies.Len() != 1 {
				t.Errorf("%d replies, %v", replies.Len(), err)
			}
			if waited := time.Since(start); waited != c.want {
				t.Errorf("waited %v, want %v", waited, c.want)
			}
		}
		over, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("enough")
		cancel(reason)
		replies, err := server.EmitWithAck(over, "never sent")
		if replies.Len() != 0 || !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
			t.Errorf("%d replies, %v", replies.Len(), err)
		}
		p.expect(`20["q"]`, `21["q"]`, `22["q"]`, `23["q"]`)
		p.nothingMore(server)
	})
}

// A volatile question that is dropped can't be answered: nobody waits for it, nor counts as waiting.
func TestDroppedQuestionIsNotWaitedFor(t *testing.T) {
	server, web := serve(t, nil)
	p := dialPolling(t, web)
	accepted := make(chan *socketio.Socket, 1)
	server.OnConnection(func(s *socketio.Socket) { accepted <- s })
	p.join("/")
	socket := <-accepted
	resume := p.stopReading()
	defer resume()
	// No poll waits once this has been sent, as the peer does not come back for more.
	for socket.Conn().BufferedAmount() == 0 {
		if err := socket.Emit("filler"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := socket.Volatile().EmitWithAck(t.Context(), "q"); !errors.Is(err, engineio.ErrDropped) {
		t.Errorf("one socket: %v", err)
	}
	replies, err := server.To(socket.ID()).Volatile().EmitWithAck(t.Context(), "q")
	for id, r := range replies.All() {
		if id != socket.ID() || !errors.Is(r.Err, engineio.ErrDropped) {
			t.Errorf("broadcast: %s: %v", id, r.Err)
		}
	}
	if replies.Len() != 1 {
		t.Errorf("%d replies, error %v", replies.Len(), err)
	}
}

// Who gives up tells why, and it is still a context that was cancelled.
func TestACancelledQuestionKeepsItsCause(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 1)[0]
	reason := errors.New("enough")
	for name, ask := range map[string]func(context.Context) error{
		"direct":    func(c2 context.Context) error { _, err := c.EmitWithAck(c2, "q"); return err },
		"typed":     func(c2 context.Context) error { _, err := c.Call[int](c2, "q"); return err },
		"broadcast": func(c2 context.Context) error { _, err := server.EmitWithAck(c2, "q"); return err },
	} {
		for _, before := range []bool{true, false} {
			over, cancel := context.WithCancelCause(t.Context())
			if before {
				cancel(reason)
			} else {
				go func() {
					for own, _ := c.Awaited(); own == 0; own, _ = c.Awaited() {
						time.Sleep(time.Millisecond)
					}
					cancel(reason)
				}()
			}
			if err := ask(over); !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
				t.Errorf("%s, before %v: %v", name, before, err)
			}
		}
	}
}
