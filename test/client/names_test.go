package client_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
)

func TestConnectingTellsTheTransport(t *testing.T) {
	_, url := serve(t, nil)
	for _, name := range []string{"polling", "websocket"} {
		o := &client.Options{}
		o.Engine.Transports = []string{name}
		c, err := client.New(url, o)
		if err != nil {
			t.Fatal(err)
		}
		d := newDiary()
		c.OnConnecting(func(transport string) { d.note("connecting %s", transport) })
		c.OnConnect(func() { d.note("connect") })
		c.Connect()
		if got := d.until(t, "connect"); !slices.Equal(got, []string{"connecting " + name, "connect"}) {
			t.Errorf("%q", got)
		}
		c.Close()
	}
}

// nowhere is an address where nobody answers.
const nowhere = "http://127.0.0.1:1"

func TestErrorIsForWhatNobodyElseHears(t *testing.T) {
	for name, listen := range map[string]func(*client.Socket){
		"nobody":         nil,
		"connect_error":  func(c *client.Socket) { c.OnConnectError(func(error) {}) },
		"connect_failed": func(c *client.Socket) { c.OnConnectFailed(func(error) {}) },
		"the manager":    func(c *client.Socket) { c.Manager().OnError(func(error) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			c, err := client.New(nowhere, &client.Options{NoReconnection: true})
			if err != nil {
				t.Fatal(err)
			}
			d := newDiary()
			c.OnError(func(err error) { d.note("error:%v", err) })
			if listen != nil {
				listen(c)
			}
			c.Connect()
			if err := c.Wait(t.Context()); err == nil {
				t.Error("connected")
			}
			c.Close() // and all listeners have run
			d.mu.Lock()
			defer d.mu.Unlock()
			if want := map[bool]int{true: 1}[listen == nil]; len(d.lines) != want {
				t.Errorf("%q", d.lines)
			}
		})
	}
}

// Each attempt is told of on the socket and on the manager, with its number and how long it was waited for.
func TestReconnectingTellsTheDelay(t *testing.T) {
	c, err := client.New(nowhere, &client.Options{
		ReconnectionAttempts: 3, ReconnectionDelay: 2 * time.Millisecond, ReconnectionDelayMax: 5 * time.Millisecond, RandomizationFactor: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d := newDiary()
	c.OnReconnecting(func(n int, delay time.Duration) { d.note("reconnecting %d %v", n, delay) })
	c.Manager().OnReconnectAttempt(func(n int) { d.note("attempt %d", n) })
	c.OnReconnectFailed(func() { d.note("failed") })
	c.Connect()
	want := []string{"attempt 1", "reconnecting 1 2ms", "attempt 2", "reconnecting 2 4ms", "attempt 3", "reconnecting 3 5ms", "failed"}
	if got := d.until(t, "failed"); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAnythingAndMessage(t *testing.T) {
	io, url := serve(t, nil)
	io.OnCall("message", func(_ context.Context, s *socketio.Socket, text string) (string, error) {
		s.Send("heard " + text)
		return "answer", nil
	})
	c := connect(t, url, &client.Options{CatchAllName: true})
	d := newDiary()
	c.On("message", func(_ context.Context, text string) error { d.note("message %s", text); return nil })
	c.OnEvent("anything", func(_ context.Context, e *client.Event) error { d.note("anything %s", e.Name()); return nil })
	if got, err := c.Call[string](t.Context(), "message", "one"); got != "answer" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got := d.until(t, "anything message"); !slices.Equal(got, []string{"message heard one", "anything message"}) {
		t.Errorf("%q", got)
	}
	d.forget()
	if err := c.Send("two"); err != nil {
		t.Error(err)
	}
	d.until(t, "message heard two")
}
