package client_test

import (
	"context"
	"slices"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
)

// Who is put before the others runs before them, both ways, and is taken off alone or with all.
func TestPrependedCatchAll(t *testing.T) {
	io, url := serve(t, nil)
	io.OnEvent("e", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error { return s.Emit("e") })
	c := connect(t, url, nil)
	d, out := newDiary(), newDiary()
	hear := func(who string) func(context.Context, *client.Event) error {
		return func(context.Context, *client.Event) error { d.note("in %s", who); return nil }
	}
	notice := func(who string) func(string, []any) { return func(string, []any) { out.note("out %s", who) } }
	c.On("e", func(context.Context, struct{}) error { d.note("handler"); return nil })
	c.OnAny(hear("third"))
	c.PrependAny(hear("second"))
	off := c.PrependAny(hear("first"))
	c.OnAnyOutgoing(notice("third"))
	c.PrependAnyOutgoing(notice("second"))
	offOut := c.PrependAnyOutgoing(notice("first"))
	said := func(want ...string) {
		t.Helper()
		if err := c.Emit("e"); err != nil {
			t.Fatal(err)
		}
		out.note("emitted")
		got := append(out.until(t, "emitted"), d.until(t, "handler")...)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		d.forget()
		out.forget()
	}
	said("out first", "out second", "out third", "emitted", "in first", "in second", "in third", "handler")
	off()
	offOut()
	said("out second", "out third", "emitted", "in second", "in third", "handler")
	c.OffAny()
	said("out second", "out third", "emitted", "handler")
	c.OffAnyOutgoing()
	said("emitted", "handler")
	if !c.HasHandler("e") || c.HasHandler("f") {
		t.Error("handlers are not known")
	}
	c.OffAll()
	if c.HasHandler("e") {
		t.Error("a handler is left")
	}
}
