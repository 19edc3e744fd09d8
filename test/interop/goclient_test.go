package interop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
)

// The Go client against the official server, and against ours, which must look the same to it.
func TestGoClient(t *testing.T) {
	t.Parallel()
	for _, c := range matrix {
		t.Run(c.name, func(t *testing.T) { goCases(t, c) })
	}
}

func goCases(t *testing.T, c cell) {
	url, restart := serve(t, c.server(t))
	var dialect parser.Dialect
	if c.msgpack {
		dialect = msgpack.Dialect{}
	}
	for _, way := range c.ways {
		t.Run(way, func(t *testing.T) {
			g := goLab{t, url, strings.Split(transports[way], ","), dialect}
			t.Run("values", g.values)
			t.Run("acknowledgements", g.acknowledgements)
			t.Run("rooms", g.rooms)
			t.Run("namespaces", g.namespaces)
			t.Run("auth", g.auth)
			t.Run("goodbyes", g.goodbyes)
			t.Run("life", g.life)
			t.Run("order", g.order)
		})
	}
	last := transports[c.ways[len(c.ways)-1]]
	t.Run("restart", func(t *testing.T) { goLab{t, url, strings.Split(last, ","), dialect}.restart(t, restart) })
}

// goLab is a server and a way to it.
type goLab struct {
	t          *testing.T
	url        string
	transports []string
	dialect    parser.Dialect // nil is JSON
}

func (g goLab) new(t *testing.T, namespace string, auth any) *client.Socket {
	t.Helper()
	c, err := client.New(g.url+namespace+"?x=%C3%A4+b", &client.Options{
		Auth: auth, Parser: g.dialect, Engine: engineio.DialOptions{Transports: g.transports},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func (g goLab) dial(t *testing.T, namespace string, auth any) *client.Socket {
	t.Helper()
	c := g.new(t, namespace, auth)
	c.Connect()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	return c
}

// hear makes a channel of an event's arguments.
func hear(c *client.Socket, name string) <-chan string {
	ch := make(chan string, 1000)
	c.On(name, func(_ context.Context, a client.Args) error {
		ch <- fmt.Sprint(a...)
		return nil
	})
	return ch
}

func (g goLab) values(t *testing.T) {
	c := g.dial(t, "/", nil)
	back := hear(c, "echo-back")
	for _, v := range []any{nil, true, 1.5, "Я Б Г Д Ж Й ✓ 😀", []int{1, 2}, map[string]any{"a": map[string]any{"b": nil}}, ""} {
		c.Emit("echo", v)
		if got := <-back; got == "" {
			t.Errorf("%v came back as nothing", v)
		}
	}
	type file struct {
		Name  string `json:"name"`
		Parts [][]byte
	}
	want := file{"f", [][]byte{{}, {1, 2, 3}, []byte(strings.Repeat("\xff", 100_000))}}
	got, err := c.Timeout(patience).Call[file](t.Context(), "echo-ack", want)
	if err != nil || got.Name != "f" || !slices.EqualFunc(got.Parts, want.Parts, slices.Equal) {
		t.Errorf("binary: %.80v, %v", got, err)
	}
}

func (g goLab) acknowledgements(t *testing.T) {
	c := g.dial(t, "/", nil)
	for i := range 50 {
		sum, err := c.Timeout(patience).Call[int](t.Context(), "sum", i, 1)
		if err != nil || sum != i+1 {
			t.Fatalf("%d + 1 = %d, %v", i, sum, err)
		}
	}
	answered := hear(c, "answered")
	c.OnCall("question", func(_ context.Context, a client.Args2[int, string]) (client.Args2[string, int], error) {
		return client.Args2[string, int]{A: a.B, B: a.A}, nil
	})
	c.Emit("ask-me", 1, "two")
	if got := <-answered; got != `"two" 1` {
		t.Errorf("answered %s", got)
	}
}

func (g goLab) rooms(t *testing.T) {
	a, b := g.dial(t, "/", nil), g.dial(t, "/", nil)
	toA, toB := hear(a, "room-msg"), hear(b, "room-msg")
	room := "room of " + a.ID()
	for _, c := range []*client.Socket{a, b} {
		if _, err := c.Timeout(patience).EmitWithAck(t.Context(), "join", room); err != nil {
			t.Fatal(err)
		}
	}
	a.Emit("to-room", room, 1)
	a.Emit("in-room", room, 2)
	for _, want := range []string{"1", "2"} {
		if got := <-toB; got != fmt.Sprintf("%q %s", room, want) {
			t.Errorf("b got %s, want %s", got, want)
		}
	}
	if got := <-toA; got != fmt.Sprintf("%q 2", room) {
		t.Errorf("a got %s: the sender of the first is left out", got)
	}
	who, err := a.Timeout(patience).Call[map[string]any](t.Context(), "whoami")
	if err != nil || who["id"] != a.ID() || who["query"] != "ä b" {
		t.Errorf("whoami %v, %v", who, err)
	}
}

func (g goLab) namespaces(t *testing.T) {
	c := g.dial(t, "/custom", map[string]any{"name": "ä"})
	heard := hear(c, "heard")
	c.Emit("whatever", 1)
	if got := <-heard; got != `"whatever" 1` {
		t.Errorf("heard %s", got)
	}
	d := c.Manager().Socket("/", nil)
	d.Connect()
	if _, err := d.Timeout(patience).Call[int](t.Context(), "sum", 1, 2); err != nil {
		t.Errorf("second namespace: %v", err)
	}
}

func (g goLab) auth(t *testing.T) {
	g.dial(t, "/auth", map[string]string{"token": "secret"})
	for token, want := range map[string]string{"bad": `{"code":401}`, "none": "null"} {
		c := g.new(t, "/auth", map[string]string{"token": token})
		c.Connect()
		var refusal *client.ConnectError
		if err := c.Wait(t.Context()); !errors.As(err, &refusal) || refusal.Message != "not authorized" || refusal.Data.String() != want {
			t.Errorf("token %s: %v", token, err)
		}
	}
	c := g.new(t, "/nowhere", nil)
	c.Connect()
	if err := c.Wait(t.Context()); err == nil || err.Error() != "Invalid namespace" {
		t.Errorf("unknown namespace: %v", err)
	}
}

func (g goLab) goodbyes(t *testing.T) {
	watcher := g.dial(t, "/", nil)
	for _, c := range []struct {
		how            string
		leave          func(*client.Socket)
		client, server string
	}{
		{"kick", func(c *client.Socket) { c.Emit("kick", false) }, "io server disconnect", "server namespace disconnect"},
		{"kick off", func(c *client.Socket) { c.Emit("kick", true) }, "io server disconnect", "server namespace disconnect"},
		{"leave", (*client.Socket).Disconnect, "io client disconnect", "client namespace disconnect"},
		{"close", func(c *client.Socket) { c.Manager().Conn().Close() }, "forced close", "transport close"},
		{"drop", func(c *client.Socket) { c.Emit("drop") }, "transport close", "forced close"},
	} {
		s := g.new(t, "/", nil)
		reasons := make(chan client.DisconnectReason, 9)
		s.OnDisconnect(func(r client.DisconnectReason, _ error) { reasons <- r })
		s.Connect()
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		id := s.ID()
		c.leave(s)
		r := string(<-reasons)
		if r != c.client && !(c.how == "drop" && r == "transport error") { // a poll that comes late finds no session
			t.Errorf("%s: client heard %q, want %q", c.how, r, c.client)
		}
		for r = ""; r == ""; {
			v, err := watcher.Timeout(patience).Call[*string](t.Context(), "last-disconnect", id)
			if err != nil {
				t.Fatal(err)
			}
			if v != nil {
				r = *v
			}
		}
		if r != c.server {
			t.Errorf("%s: server heard %q, want %q", c.how, r, c.server)
		}
		s.Close()
	}
}

func (g goLab) order(t *testing.T) {
	c := g.dial(t, "/", nil)
	n := hear(c, "n")
	c.Emit("burst", 500)
	for i := range 500 {
		if got := <-n; got != fmt.Sprint(i) {
			t.Fatalf("%s came, want %d", got, i)
		}
	}
}

func (g goLab) restart(t *testing.T, control string) {
	c := g.dial(t, "/", nil)
	back := make(chan struct{}, 9)
	c.OnReconnect(func(int) { back <- struct{}{} })
	res, err := http.Post(control, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	<-back
	if sum, err := c.Timeout(patience).Call[int](t.Context(), "sum", 1, 2); sum != 3 || err != nil {
		t.Errorf("after the restart: %d, %v", sum, err)
	}
}
