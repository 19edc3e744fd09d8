package socketio_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
)

// Promise 10: an error answers; only what was made for the client is told to it.
func TestHandlerErrorsAnswer(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	secret := errors.New("secret")
	for name, err := range map[string]error{
		"private": secret,
		"public":  &socketio.Error{Message: "no such room", Err: secret},
		"wrapped": fmt.Errorf("secret: %w", socketio.Errorf("room %q is full", "r")),
		"refusal": &socketio.ConnectError{Message: "go away", Data: "secret"},
	} {
		server.On(name, func(ctx, *socketio.Socket, struct{}) error { return err })
		server.OnCall(name+" call", func(ctx, *socketio.Socket, struct{}) (string, error) { return "x", err })
		server.OnEvent(name+" event", func(ctx, *socketio.Socket, *socketio.Event) error { return err })
	}
	server.On("number", func(_ ctx, _ *socketio.Socket, n socketio.Args2[int, int]) error { return nil })
	server.OnCall("unanswerable", func(ctx, *socketio.Socket, struct{}) (chan int, error) { return nil, nil })
	for _, c := range []struct{ event, message string }{
		{`"private"`, "internal error"}, {`"public"`, "no such room"}, {`"wrapped"`, `room \"r\" is full`}, {`"refusal"`, "go away"},
		{`"private call"`, "internal error"}, {`"public event"`, "no such room"},
		{`"number"`, "argument 1 is missing"}, {`"number",1`, "argument 2 is missing"}, {`"number",1,"secret"`, "argument 2 is invalid"},
		{`"unanswerable"`, "internal error"},
	} {
		a.send(`2[`+c.event+`]`, `21[`+c.event+`]`)
		a.expect(`31[{"error":{"message":"` + c.message + `"}}]`)
	}
	a.nothingMore(server)
}

func TestTheErrorAnswerCanBeReplaced(t *testing.T) {
	server, web := serve(t, &socketio.Options{EncodeError: func(s *socketio.Socket, event string, err error) any {
		return map[string]any{"code": 7, "event": event, "text": err.Error()}
	}})
	a := connect(t, server.Namespace, web, 1)[0]
	server.On("e", func(ctx, *socketio.Socket, struct{}) error { return errors.New("boom") })
	a.send(`21["e"]`)
	a.expect(`31[{"code":7,"event":"e","text":"boom"}]`)
}

func TestTheErrorAnswerPanics(t *testing.T) {
	server, web := serve(t, &socketio.Options{Logger: slog.New(slog.DiscardHandler), EncodeError: func(*socketio.Socket, string, error) any { panic("boom") }})
	a := connect(t, server.Namespace, web, 1)[0]
	server.On("e", func(ctx, *socketio.Socket, struct{}) error { return errors.New("boom") })
	a.send(`21["e"]`)
	a.expect(`31[{"error":{"message":"internal error"}}]`)
	if n := server.Stats().Panics; n != 1 {
		t.Errorf("%d panics", n)
	}
}

// count makes the runtime panic when there is no map.
func count(m map[string]int) { m["x"]++ }

// Promise 9: a panic is contained, wherever user code runs, and the socket lives on.
func TestPanicsAreContained(t *testing.T) {
	log := new(records)
	server, web := serve(t, &socketio.Options{Logger: slog.New(log)})
	boom := func() { panic("boom") }
	server.OnConnection(func(s *socketio.Socket) {
		s.OnDisconnecting(func(socketio.DisconnectReason) { boom() })
		s.OnDisconnect(func(socketio.DisconnectReason) { boom() })
		s.OnAnyOutgoing(func(string, []any) { boom() })
		boom()
	})
	server.OnDisconnect(func(*socketio.Socket, socketio.DisconnectReason) { boom() })
	server.OnJoinRoom(func(string, *socketio.Socket) { boom() })
	server.OnAny(func(ctx, *socketio.Socket, *socketio.Event) error { boom(); return nil })
	server.On("e", func(ctx, *socketio.Socket, struct{}) error { count(nil); return nil })
	server.Of("refused").Use(func(ctx, *socketio.Socket) error { boom(); return nil })
	a := connect(t, server.Namespace, web, 1)[0]
	a.send(`21["e"]`, `0/refused`)
	got := map[string]bool{a.next(): true, a.next(): true}
	if !got[`31[{"error":{"message":"internal error"}}]`] || !got[`4/refused,{"message":"internal error"}`] {
		t.Errorf("got %v", got)
	}
	if err := a.Emit("out"); err != nil {
		t.Error(err)
	}
	a.expect(`2["out"]`)
	a.send(`1`)
	server.Of("other")
	a.join("/other")
	eventually(t, func() bool { return strings.Count(log.text(), "panic in user code") >= 9 })
	if text := log.text(); strings.Count(text, "panic in user code") != 9 || !strings.Contains(text, "failure_test.go") {
		t.Errorf("log: %s", text)
	}
	if n := server.Stats().Panics; n != 9 {
		t.Errorf("%d panics counted", n)
	}
}

// A handler may even end its goroutine, as t.FailNow does: the socket goes on with another.
func TestHandlersMayEndTheirGoroutine(t *testing.T) {
	server, web := serve(t, nil)
	left := make(chan []string, 1)
	server.Of("refused").Use(func(ctx, *socketio.Socket) error { runtime.Goexit(); return nil })
	server.OnConnection(func(s *socketio.Socket) { runtime.Goexit() })
	server.On("e", func(ctx, *socketio.Socket, struct{}) error { runtime.Goexit(); return nil })
	server.OnCall("ok", func(ctx, *socketio.Socket, struct{}) (string, error) { return "ok", nil })
	server.OnDisconnecting(func(*socketio.Socket, socketio.DisconnectReason) { runtime.Goexit() })
	server.OnDisconnect(func(s *socketio.Socket, _ socketio.DisconnectReason) { left <- s.Rooms() })
	a := connect(t, server.Namespace, web, 1)[0]
	a.send(`2["e"]`, `21["ok"]`)
	a.expect(`31["ok"]`)
	a.send(`0/refused`)
	a.expect(`4/refused,{"message":"internal error"}`)
	a.send(`1`)
	if rooms := <-left; len(rooms) != 0 {
		t.Errorf("rooms left: %q", rooms)
	}
	if n := server.RoomCount(); n != 0 {
		t.Errorf("%d rooms left", n)
	}
}

// Errors are logged once, without payloads, and names only so far.
func TestTheLog(t *testing.T) {
	log := new(records)
	server, web := serve(t, &socketio.Options{Logger: slog.New(log)})
	a := connect(t, server.Namespace, web, 1)[0]
	long := strings.Repeat("n", 5000)
	server.On(long, func(ctx, *socketio.Socket, struct{}) error { return errors.New("database is gone") })
	server.On("number", func(ctx, *socketio.Socket, int) error { return nil })
	server.On("public", func(ctx, *socketio.Socket, struct{}) error { return socketio.Errorf("not news") })
	a.send(`21["` + long + `","payload"]`)
	a.next()
	if text := log.text(); strings.Count(text, "database is gone") != 1 || strings.Contains(text, long[:200]) || !strings.Contains(text, long[:128]) {
		t.Errorf("log: %.600s", text)
	}
	log.reset()
	a.send(`21["number","payload"]`, `22["public","payload"]`, `2["unheard","payload"]`, `0/unknown,{"password":"payload"}`)
	for range 3 {
		a.next()
	}
	a.send(`2{"payload"}`)
	a.closed()
	if text := log.text(); text != "" {
		t.Errorf("log above debug: %s", text)
	}
	if text := log.debug(); strings.Contains(text, "payload\"") {
		t.Errorf("debug log: %s", text)
	}
}

// records is a log in memory.
type records struct {
	mu         sync.Mutex
	high, deep bytes.Buffer
}

func (r *records) text() string  { r.mu.Lock(); defer r.mu.Unlock(); return r.high.String() }
func (r *records) debug() string { r.mu.Lock(); defer r.mu.Unlock(); return r.deep.String() }
func (r *records) reset()        { r.mu.Lock(); defer r.mu.Unlock(); r.high.Reset(); r.deep.Reset() }

func (r *records) Enabled(ctx, slog.Level) bool          { return true }
func (r *records) WithAttrs(as []slog.Attr) slog.Handler { return r }
func (r *records) WithGroup(string) slog.Handler         { return r }

func (r *records) Handle(c ctx, rec slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := &r.high
	if rec.Level < slog.LevelInfo {
		to = &r.deep
	}
	return slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}).Handle(c, rec)
}
