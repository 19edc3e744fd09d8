package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/parser"
)

// How a manager connects again can be changed at any time.
func TestReconfigure(t *testing.T) {
	var requests atomic.Int32
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(http.StatusTeapot)
	}))
	defer h.Close()
	c, err := client.New(h.URL, &client.Options{ReconnectionDelay: time.Hour, ReconnectionDelayMax: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d := newDiary()
	d.follow(c)
	c.Connect()
	d.until(t, "connect_failed:xhr poll error") // and now an hour passes
	m := c.Manager()
	m.Reconfigure(&client.Options{NoReconnection: true})
	if err := c.Wait(t.Context()); err == nil {
		t.Error("it is connected")
	}
	d.forget()
	m.Reconfigure(&client.Options{ReconnectionAttempts: 2, ReconnectionDelay: time.Millisecond, ReconnectionDelayMax: 2 * time.Millisecond, RandomizationFactor: -1})
	c.Connect()
	got := d.until(t, "reconnect_failed")
	want := []string{"connect_error:xhr poll error", "reconnecting:1", "connect_error:xhr poll error", "reconnecting:2", "connect_error:xhr poll error", "reconnect_failed"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if n := requests.Load(); n != 4 {
		t.Errorf("%d attempts", n)
	}
}

// OnPacket hears of every packet, in order and before its effect, those of namespaces that nobody has joined too.
func TestOnPacket(t *testing.T) {
	io, url := serve(t, nil)
	io.OnConnection(func(s *socketio.Socket) {
		s.Emit("hello", 1)
		s.EmitWithAck(s.Context(), "question")
		s.Disconnect(false)
	})
	c, err := client.New(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d := newDiary()
	c.Manager().OnPacket(func(p parser.Packet) { d.note("%s %s", p.Type, p.Data) })
	c.OnConnect(func() { d.note("connect") })
	c.OnEvent("hello", func(_ context.Context, e *client.Event) error { d.note("hello"); return nil })
	c.OnEvent("question", func(_ context.Context, e *client.Event) error { d.note("question"); return e.Ack() })
	c.OnDisconnect(func(client.DisconnectReason, error) { d.note("disconnect") })
	c.Connect()
	got := d.until(t, "disconnect")
	for i, want := range []string{"CONNECT {", "connect", `EVENT ["hello",1]`, "hello", `EVENT ["question"]`, "question", "DISCONNECT ", "disconnect"} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Fatalf("line %d of %q, want %q", i, fmt.Sprint(got), want)
		}
	}
}
