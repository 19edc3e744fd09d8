package client_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
)

// A handler that waits for an answer stands in the way of nothing that the answer needs: not of another try, not of coming
// back, not of the token that coming back takes.

// finished fails the test unless something is told of soon.
func finished(t *testing.T, what string, c <-chan error) {
	t.Helper()
	select {
	case err := <-c:
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	case <-time.After(patience):
		t.Fatal(what + " waits for ever")
	}
}

func TestHandlerMayWaitAcrossTries(t *testing.T) {
	url := played(t, func(p peer) {
		p.connected()
		p.send(`42["go"]`)
		for range 3 { // the answers to the first two are lost
			p.expect(`420["q"]`)
		}
		p.send("430[]")
		p.wait()
	})
	c, err := client.New(url, overWebSocket(client.Options{Retries: 5, AckTimeout: 50 * time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ended := make(chan error, 1)
	c.On("go", func(ctx context.Context, _ struct{}) error {
		_, err := c.EmitWithAck(context.Background(), "q")
		ended <- err
		return nil
	})
	c.Connect()
	finished(t, "a handler whose event is tried again", ended)
}

func TestHandlerMayWaitAcrossConnections(t *testing.T) {
	io, url := serve(t, nil)
	var tries atomic.Int32
	io.OnEvent("q", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		if tries.Add(1) == 1 {
			s.Conn().Close()
			return nil
		}
		return e.Ack("yes")
	})
	for name, retries := range map[string]int{"with retries": 3, "without": 0} {
		t.Run(name, func(t *testing.T) {
			tries.Store(0)
			c := connect(t, url, &client.Options{
				Retries: retries, ReconnectionDelay: time.Millisecond,
				Auth: func(context.Context) (any, error) { return map[string]string{"token": "x"}, nil },
			})
			ended := make(chan error, 1)
			c.On("go", func(ctx context.Context, _ struct{}) error {
				_, err := c.EmitWithAck(context.Background(), "q")
				if retries == 0 && err != nil { // the socket was disconnected: once more, while it is away
					_, err = c.EmitWithAck(context.Background(), "q")
				}
				ended <- err
				return nil
			})
			io.Emit("go")
			finished(t, "a handler whose connection was lost", ended)
		})
	}
}

// A listener of what is sent may emit, and wait for the answer.
func TestOutgoingListenerMayWait(t *testing.T) {
	io, url := serve(t, nil)
	io.OnCall("log", func(context.Context, *socketio.Socket, string) (bool, error) { return true, nil })
	c := connect(t, url, nil)
	c.OnAnyOutgoing(func(name string, _ []any) {
		if name != "log" {
			c.EmitWithAck(context.Background(), "log", name)
		}
	})
	within(t, "an emit whose listener waits", func() { c.Emit("e") })
}

// Auth is asked beside the handlers: one that takes its time keeps nobody waiting.
func TestSlowAuthHoldsNobodyUp(t *testing.T) {
	io, url := serve(t, nil)
	c := connect(t, url, nil)
	heard := make(chan error, 1)
	c.On("e", func(context.Context, struct{}) error { heard <- nil; return nil })
	asked, release := make(chan error, 1), make(chan struct{})
	io.Of("/slow")
	slow := c.Manager().Socket("/slow", &client.Options{Auth: func(context.Context) (any, error) {
		asked <- nil
		<-release
		return nil, nil
	}})
	slow.Connect()
	finished(t, "Auth", asked)
	io.Emit("e")
	finished(t, "a handler beside Auth", heard)
	close(release)
	if err := slow.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// lose ends the connection, if there is one.
func lose(c *client.Socket) {
	if conn := c.Manager().Conn(); conn != nil {
		conn.Close()
	}
}

// Close, as well as Disconnect and Connect, may be called from anywhere.
func TestCloseInUserCode(t *testing.T) {
	server, url := serve(t, nil)
	server.OnConnection(func(s *socketio.Socket) { s.Emit("e") })
	for name, where := range map[string]func(c *client.Socket, do func()){
		"a handler": func(c *client.Socket, do func()) {
			c.On("e", func(context.Context, struct{}) error { do(); return nil })
		},
		"OnConnecting": func(c *client.Socket, do func()) { c.OnConnecting(func(string) { do() }) },
		"OnConnect":    func(c *client.Socket, do func()) { c.OnConnect(do) },
		"OnDisconnect": func(c *client.Socket, do func()) {
			c.OnConnect(func() { lose(c) })
			c.OnDisconnect(func(client.DisconnectReason, error) { do() })
		},
		"OnReconnecting": func(c *client.Socket, do func()) {
			c.OnConnect(func() { lose(c) })
			c.OnReconnecting(func(int, time.Duration) { do() })
		},
		"OnAny": func(c *client.Socket, do func()) {
			c.OnAny(func(context.Context, *client.Event) error { do(); return nil })
		},
		"OnAnyOutgoing": func(c *client.Socket, do func()) {
			c.OnAnyOutgoing(func(string, []any) { do() })
			c.Emit("e")
		},
		"OnPacket": func(c *client.Socket, do func()) { c.Manager().OnPacket(func(parser.Packet) { do() }) },
	} {
		for how, call := range map[string]func(*client.Socket){
			"Close":                  (*client.Socket).Close,
			"Disconnect":             (*client.Socket).Disconnect,
			"Disconnect and Connect": func(c *client.Socket) { c.Disconnect(); c.Connect() },
		} {
			c, err := client.New(url, &client.Options{ReconnectionDelay: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			called := make(chan error, 1)
			where(c, sync.OnceFunc(func() { call(c); called <- nil }))
			c.Connect()
			finished(t, how+" in "+name, called)
			if how == "Disconnect and Connect" {
				if err := c.Wait(t.Context()); err != nil && name != "OnDisconnect" && name != "OnReconnecting" {
					t.Errorf("%s in %s: %v", how, name, err)
				}
			}
			within(t, "Close after "+how+" in "+name, c.Close)
		}
	}
	auth := make(chan error, 1)
	var c *client.Socket
	c, err := client.New(url, &client.Options{Auth: func(context.Context) (any, error) { c.Close(); auth <- nil; return nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	c.Connect()
	finished(t, "Close in Auth", auth)
	within(t, "Close after that", c.Close)
}

// Auth that does not return, but ends its goroutine or panics, is an attempt that failed.
func TestAuthThatDoesNotReturn(t *testing.T) {
	_, url := serve(t, nil)
	for name, end := range map[string]func(){"Goexit": runtime.Goexit, "panic": func() { panic("on purpose") }} {
		c, err := client.New(url, &client.Options{
			Logger: slog.New(slog.DiscardHandler),
			Auth:   func(context.Context) (any, error) { end(); return nil, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		c.Connect()
		if err := c.Wait(t.Context()); err == nil || err.Error() != "socketio: Auth panicked" {
			t.Errorf("%s: %v", name, err)
		}
		c.Close()
	}
}

// Shutdown waits no longer than its context for a server that has stopped to answer. Nothing is left of it.
func TestShutdownEndsWithItsContext(t *testing.T) {
	_, url := serve(t, nil)
	var dead atomic.Bool
	for _, transport := range []string{"polling", "websocket"} {
		o := &client.Options{Engine: engineio.DialOptions{Transports: []string{transport}}}
		dead.Store(false)
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if dead.Load() {
				io.Copy(io.Discard, r.Body) // the end of the request is not noticed before
				<-r.Context().Done()
				return
			}
			target, _ := neturl.Parse(url)
			httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
		}))
		t.Cleanup(h.Close)
		c, err := client.Dial(t.Context(), h.URL, o)
		if err != nil {
			t.Fatal(err)
		}
		dead.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		t.Cleanup(cancel)
		err = c.Manager().Shutdown(ctx)
		if (transport == "polling") != errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", transport, err) // the end of a WebSocket needs no answer
		}
		if err := c.Emit("e"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("emit: %v", err)
		}
		within(t, "Close after that", c.Close)
	}
}
