package client_test

import (
	"context"
	"errors"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/contract"
)

type (
	posted struct {
		Room, Text string
	}
	stored struct{ ID int }
)

var (
	post   = contract.NewCall[posted, stored]("message:send")
	news   = contract.NewEvent[posted]("message:new")
	ready  = contract.NewEvent[struct{}]("ready")
	double = contract.NewCall[contract2, int]("double")
)

type contract2 = socketio.Args2[int, int]

func TestContractsBindBothEnds(t *testing.T) {
	io, url := serve(t, nil)
	heard := make(chan posted, 1)
	post.Handle(io, func(_ context.Context, s *socketio.Socket, m posted) (stored, error) {
		if m.Text == "" {
			return stored{}, socketio.Errorf("nothing said")
		}
		s.Join(m.Room)
		return stored{7}, news.Emit(io.In(m.Room), m)
	})
	product := make(chan int, 1)
	ready.Handle(io, func(ctx context.Context, s *socketio.Socket, _ struct{}) error {
		n, err := double.Call(ctx, s, contract2{A: 6, B: 7})
		product <- n
		return err
	})
	c := connect(t, url, nil)
	news.On(c, func(_ context.Context, m posted) error { heard <- m; return nil })
	double.On(c, func(_ context.Context, a contract2) (int, error) { return a.A * a.B, nil })

	want := posted{"lobby", "hello"}
	saved, err := post.Call(t.Context(), c, want)
	if err != nil || saved.ID != 7 {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	if got := <-heard; got != want {
		t.Errorf("heard %+v", got)
	}
	if err := ready.Emit(c, struct{}{}); err != nil {
		t.Fatal(err)
	}
	if n := <-product; n != 42 {
		t.Errorf("product %d", n)
	}
	var refused *contract.Error
	if _, err := post.Call(t.Context(), c, posted{}); !errors.As(err, &refused) || refused.Message != "nothing said" {
		t.Errorf("error %v", err)
	}
	if _, err := contract.NewCall[int, struct{}]("message:send").Call(t.Context(), c, 1); err == nil {
		t.Error("a number is a message")
	}
	defer func() {
		if recover() == nil {
			t.Error("a reserved name is a contract")
		}
	}()
	contract.NewEvent[int]("disconnect")
}
