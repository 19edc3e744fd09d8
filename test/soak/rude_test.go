package soak

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// Handlers and middleware panic, end their goroutine, block until the client goes, answer twice and answer when it has
// gone. Every event that can be answered is answered once, other clients notice nothing, and no goroutine is left.
func TestRudeHandlers(t *testing.T) {
	n, start := size(300, 10_000), time.Now()
	o := quick()
	o.Logger = slog.New(slog.DiscardHandler)
	io := socketio.NewServer(o)
	if err := io.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := io.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	misbehave(t, io)
	addr := io.Addr().String()
	rude := func(i int) error { return provoke(addr, rand.New(rand.NewPCG(7, uint64(i)))) }
	parallel(t, 16, n/10, rude) // what the process keeps, it keeps from here on
	before := residue.Of(io).Await(t, io, 8<<20)
	parallel(t, 16, n, rude)
	after := before.Await(t, io, 4<<20) // tables keep the size of a crowd; a socket for each client would be ten times that
	stats := io.Stats()
	if stats.Panics == 0 || stats.RepeatedAcks == 0 {
		t.Errorf("nothing happened: %+v", stats)
	}
	if !t.Failed() {
		result(t, start, "%d clients of handlers that panic, block, exit, answer twice or too late: each answered once; %d panics contained, %d second answers kept back; goroutines %d → %d, heap %d → %d KiB",
			n, stats.Panics, stats.RepeatedAcks, before.Goroutines, after.Goroutines, before.Heap>>10, after.Heap>>10)
	}
}

func misbehave(t *testing.T, io *socketio.Server) {
	none := struct{}{}
	door := io.Of("/door")
	door.Use(func(ctx context.Context, s *socketio.Socket) error {
		var auth struct{ How string }
		if err := s.Handshake().Auth(&auth); err != nil {
			return err
		}
		switch auth.How {
		case "panic":
			panic("middleware")
		case "exit":
			runtime.Goexit()
		case "block":
			<-ctx.Done()
		}
		return ctx.Err()
	})
	io.On("panic", func(context.Context, *socketio.Socket, struct{}) error { panic("handler") })
	io.On("exit", func(context.Context, *socketio.Socket, struct{}) error { runtime.Goexit(); return nil })
	io.OnEvent("twice", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
		go e.Ack("other")
		e.Ack("one")
		if err := e.Ack("two"); !errors.Is(err, socketio.ErrAcknowledged) {
			t.Errorf("second answer: %v", err)
		}
		panic("after the answer")
	})
	io.OnEvent("late", func(ctx context.Context, _ *socketio.Socket, e *socketio.Event) error {
		context.AfterFunc(ctx, func() { e.Ack("too late"); e.Ack("later still") })
		return nil
	})
	io.On("block", func(ctx context.Context, _ *socketio.Socket, _ struct{}) error { <-ctx.Done(); return ctx.Err() })
	io.On("ask", func(ctx context.Context, s *socketio.Socket, _ struct{}) error {
		_, err := s.EmitWithAck(ctx, "question") // which is never answered
		return err
	})
	io.OnCall("fine", func(context.Context, *socketio.Socket, struct{}) (struct{}, error) { return none, nil })
	io.OnConnection(func(s *socketio.Socket) {
		s.OnDisconnect(func(socketio.DisconnectReason) { panic("disconnect") })
	})
}

// provoke is a client that calls for all of that.
func provoke(addr string, random *rand.Rand) error {
	p, err := raw.Connect(addr, []string{"websocket", "polling"}[random.IntN(4)/3])
	if err != nil {
		return err
	}
	defer p.Reset()
	if how := []string{"panic", "exit"}[random.IntN(2)]; p.Say(fmt.Sprintf(`40/door,{"how":%q}`, how)) == nil {
		if got, err := p.Next(); err != nil || len(got.Text) < 6 || got.Text[:6] != "4/door" {
			return fmt.Errorf("a middleware that failed: %s, %v", got.Text, err)
		}
	}
	const internal = `[{"error":{"message":"internal error"}}]`
	events := []struct{ name, answer string }{{"panic", internal}, {"exit", ""}, {"twice", ""}, {"late", ""}, {"fine", `[]`}}
	random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	for i, e := range events {
		if err := p.Say(fmt.Sprintf(`42%d[%q]`, i, e.name)); err != nil {
			return err
		}
	}
	if err := p.Say(`4299["fine"]`); err != nil {
		return err
	}
	var answered []string
	for {
		got, err := p.Next()
		if err != nil {
			return err
		}
		if got.Text == `399[]` {
			break
		}
		answered = append(answered, got.Text)
	}
	for i, e := range events {
		head := fmt.Sprintf("3%d[", i)
		count := 0
		for _, a := range answered {
			if len(a) > len(head) && a[:len(head)] == head {
				count++
			}
		}
		if want := e.name == "panic" || e.name == "twice" || e.name == "fine"; want && count != 1 || count > 1 {
			return fmt.Errorf("%s was answered %d times: %q", e.name, count, answered)
		}
		if e.answer != "" && !slices.Contains(answered, head[:len(head)-1]+e.answer) {
			return fmt.Errorf("%s: no %s in %q", e.name, e.answer, answered)
		}
	}
	last := []string{`42["block"]`, `42["ask"]`, `40/door,{"how":"block"}`, `421["late"]`}[random.IntN(4)]
	return p.Say(last) // and it goes
}
