package socketio_test

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// A nil pointer in an error interface is a mistake of the program: an internal error, as any other.
func TestNilErrorPointersAreInternalErrors(t *testing.T) {
	server, web := serve(t, nil)
	for name, err := range map[string]error{
		"error":    (*socketio.Error)(nil),
		"refusal":  (*socketio.ConnectError)(nil),
		"ended":    (*socketio.DisconnectError)(nil),
		"argument": (*socketio.ArgumentError)(nil),
		"wrapped":  fmt.Errorf("secret: %w", (*socketio.Error)(nil)),
	} {
		t.Run(name, func(t *testing.T) {
			server.On(name, func(ctx, *socketio.Socket, struct{}) error { return err })
			server.Of(name).Use(func(ctx, *socketio.Socket) error { return err })
			a := connect(t, server.Namespace, web, 1)[0]
			a.send(`21["` + name + `"]`)
			a.expect(`31[{"error":{"message":"internal error"}}]`)
			a.send(`0/` + name)
			a.expect(`4/` + name + `,{"message":"internal error"}`)
			a.nothingMore(server)
		})
	}
}

// badError panics when it is asked what it is.
type badError struct{ as, is, unwrap bool }

func (badError) Error() string { return "bad" }

func (e badError) As(any) bool {
	if e.as {
		panic("As")
	}
	return false
}

func (e badError) Is(error) bool {
	if e.is {
		panic("Is")
	}
	return false
}

func (e badError) Unwrap() error {
	if e.unwrap {
		panic("Unwrap")
	}
	return nil
}

// Promise 9 holds for the methods of an error too.
func TestErrorsThatPanicAreInternalErrors(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	for name, err := range map[string]error{"as": badError{as: true}, "is": badError{is: true}, "unwrap": badError{unwrap: true}} {
		server.On(name, func(ctx, *socketio.Socket, struct{}) error { return err })
		server.Of(name).Use(func(ctx, *socketio.Socket) error { return err })
		before := server.Stats().Panics
		a.send(`2["`+name+`"]`, `21["`+name+`"]`)
		a.expect(`31[{"error":{"message":"internal error"}}]`)
		a.send(`0/` + name)
		a.expect(`4/` + name + `,{"message":"internal error"}`)
		if server.Stats().Panics == before {
			t.Errorf("%s: no panic was counted", name)
		}
	}
	a.nothingMore(server)
}

// badLog panics whenever it is to write.
type badLog struct{ slog.Handler }

func (badLog) Enabled(ctx, slog.Level) bool         { return true }
func (badLog) Handle(ctx, slog.Record) error        { panic("log") }
func (l badLog) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l badLog) WithGroup(string) slog.Handler      { return l }

// A log that panics takes nothing away from the clients.
func TestALogThatPanicsIsContained(t *testing.T) {
	server, web := serve(t, &socketio.Options{Logger: slog.New(badLog{})})
	server.On("fails", func(ctx, *socketio.Socket, struct{}) error { return errors.New("secret") })
	server.On("panics", func(ctx, *socketio.Socket, struct{}) error { panic("boom") })
	server.Of("refused").Use(func(ctx, *socketio.Socket) error { return errors.New("secret") })
	server.Of("unfit").Use(func(ctx, *socketio.Socket) error { return &socketio.ConnectError{Message: "no", Data: func() {}} })
	a := connect(t, server.Namespace, web, 1)[0]
	for _, name := range []string{"fails", "panics"} {
		a.send(`21["` + name + `"]`)
		a.expect(`31[{"error":{"message":"internal error"}}]`)
	}
	a.send(`0/refused`)
	a.expect(`4/refused,{"message":"internal error"}`)
	a.send(`0/unfit`)
	a.expect(`4/unfit,{"message":"no"}`)
	a.nothingMore(server)
	if n := server.Stats().Panics; n < 5 { // a handler's and four of the log
		t.Errorf("%d panics", n)
	}
}

// brokenAdapter panics at its first broadcast.
type brokenAdapter struct{ published *int }

func (a brokenAdapter) Publish(adapter.Message) error {
	if *a.published++; *a.published == 1 {
		panic("broker")
	}
	return nil
}

func (brokenAdapter) Close(ctx) error { return nil }

// The receivers on this node get the broadcast whose publishing panics, and the ones after it.
func TestAnAdapterThatPanicsIsAnError(t *testing.T) {
	server, web := serve(t, &socketio.Options{Adapter: func(adapter.Node) adapter.Adapter { return brokenAdapter{new(int)} }})
	a := connect(t, server.Namespace, web, 1)[0]
	if err := server.Emit("first"); err == nil {
		t.Error("no error")
	}
	if err := server.Emit("second"); err != nil {
		t.Error(err)
	}
	a.expect(`2["first"]`, `2["second"]`)
	if n := server.Stats().Panics; n != 1 {
		t.Errorf("%d panics", n)
	}
}

// The caller of Of gets the panic of Options.Adapter; nobody else is stopped by it.
func TestAServerOutlivesAnAdapterThatCantBeMade(t *testing.T) {
	server, web := serve(t, &socketio.Options{Adapter: func(n adapter.Node) adapter.Adapter {
		if n.Namespace() == "/broken" {
			panic("broker")
		}
		return adapter.Memory(n)
	}})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		server.Of("broken")
	}()
	a := connect(t, server.Namespace, web, 1)[0]
	a.send(`0/broken`)
	a.expect(`4/broken,{"message":"Invalid namespace"}`)
}
