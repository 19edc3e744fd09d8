package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// What happens to who waits, and to what waits, when a socket leaves, a manager is closed or a connection is lost.

// played starts a server whose every connection, over WebSocket, is play.
func played(t *testing.T, play func(p peer)) string {
	t.Helper()
	var n atomic.Int32
	var players sync.WaitGroup
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		players.Add(1)
		defer players.Done()
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		play(peer{c, int(n.Add(1)) - 1})
	}))
	t.Cleanup(func() {
		h.Close()
		players.Wait()
	})
	return h.URL
}

// within fails the test unless f returns soon.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal(what + " does not return")
	}
}

func overWebSocket(o client.Options) *client.Options {
	o.Engine = engineio.DialOptions{Transports: []string{"websocket"}}
	return &o
}

// ask begins to wait for an answer, with no limit of its own.
func ask(c *client.Socket, event string) <-chan error {
	ended := make(chan error, 1)
	go func() {
		_, err := c.EmitWithAck(context.Background(), event)
		ended <- err
	}()
	return ended
}

func ends(t *testing.T, ended <-chan error, want error) {
	t.Helper()
	select {
	case err := <-ended:
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	case <-time.After(patience):
		t.Fatal("the wait does not end")
	}
}

func TestAuthIsGivenUpWhenTheSocketLeaves(t *testing.T) {
	_, url := serve(t, nil)
	for name, leave := range map[string]func(*client.Socket){"Close": (*client.Socket).Close, "Disconnect": (*client.Socket).Disconnect} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan struct{})
			given := make(chan struct{})
			c, err := client.New(url, &client.Options{Auth: func(ctx context.Context) (any, error) {
				close(asked)
				<-ctx.Done()
				close(given)
				return nil, ctx.Err()
			}})
			if err != nil {
				t.Fatal(err)
			}
			c.Connect()
			<-asked
			within(t, name, func() { leave(c); <-given; c.Close() })
		})
	}
}

func TestCloseEndsWhatWaitsForAConnection(t *testing.T) {
	for _, retries := range []int{0, 2} {
		c, err := client.New("http://127.0.0.1:1", &client.Options{Retries: retries})
		if err != nil {
			t.Fatal(err)
		}
		ended := ask(c, "question")
		time.Sleep(20 * time.Millisecond) // it may be asked before or after
		c.Close()
		ends(t, ended, client.ErrClosed)
		if err := c.Emit("late"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("retries=%d: emit on a closed manager: %v", retries, err)
		}
		ends(t, ask(c, "late question"), client.ErrClosed)
	}
}

func TestBufferedQuestionExpiresByItself(t *testing.T) {
	c, err := client.New("http://127.0.0.1:1", &client.Options{BufferTTL: 30 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	first := ask(c, "first")
	time.Sleep(10 * time.Millisecond)
	second := ask(c, "second")
	ends(t, first, client.ErrExpired)
	ends(t, second, client.ErrExpired)
}

func TestWaitEndsWhenNobodyTriesAgain(t *testing.T) {
	url := played(t, func(p peer) {
		if p.connected() {
			p.expect("42")
		}
	})
	d := newDiary()
	c := connect(t, url, overWebSocket(client.Options{NoReconnection: true}))
	d.follow(c)
	c.Emit("go away")
	d.until(t, "disconnect:")
	within(t, "Wait", func() {
		if err := c.Wait(context.Background()); !errors.Is(err, client.ErrDisconnected) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWaitGetsTheOutcomeOfTheAttemptUnderWay(t *testing.T) {
	url := played(t, func(p peer) {
		if p.n > 0 && p.connected() {
			p.wait()
		}
	})
	c, err := client.New(url, overWebSocket(client.Options{ReconnectionDelay: time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	trying := make(chan struct{}, 1)
	c.OnReconnecting(func(int, time.Duration) { trying <- struct{}{} })
	c.Connect()
	if err := c.Wait(t.Context()); err == nil {
		t.Fatal("the first attempt succeeded")
	}
	<-trying
	if err := c.Wait(t.Context()); err != nil {
		t.Errorf("the second attempt: %v", err)
	}
}

// slowly starts a server that accepts a socket of /slow when proceed is closed.
func slowly(t *testing.T) (m *client.Manager, asked, proceed chan struct{}, gone chan socketio.DisconnectReason) {
	io, url := serve(t, nil)
	asked, proceed, gone = make(chan struct{}, 9), make(chan struct{}), make(chan socketio.DisconnectReason, 9)
	slow := io.Of("/slow")
	slow.Use(func(context.Context, *socketio.Socket) error {
		asked <- struct{}{}
		<-proceed
		return nil
	})
	slow.OnDisconnect(func(_ *socketio.Socket, r socketio.DisconnectReason) { gone <- r })
	slow.OnCall("inc", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n + 1, nil })
	m, err := client.NewManager(url, overWebSocket(client.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	c := m.Socket("/", nil)
	c.Connect()
	if err := c.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m, asked, proceed, gone
}

func TestSocketThatLeavesBeforeItsAnswerLeavesTheServerToo(t *testing.T) {
	m, asked, proceed, gone := slowly(t)
	s := m.Socket("/slow", nil)
	s.Connect()
	<-asked
	s.Disconnect()
	close(proceed)
	select {
	case r := <-gone:
		if r != socketio.ClientNamespaceDisconnect {
			t.Errorf("the server was told %q", r)
		}
	case <-time.After(patience):
		t.Fatal("the server keeps a socket that has left")
	}
	s.Connect()
	if n, err := s.Call[int](t.Context(), "inc", 1); n != 2 || err != nil {
		t.Errorf("after the return: %d, %v", n, err)
	}
}

func TestSocketMayComeBackBeforeItsAnswer(t *testing.T) {
	m, asked, proceed, gone := slowly(t)
	closed := make(chan client.DisconnectReason, 9)
	m.OnClose(func(r client.DisconnectReason, _ error) { closed <- r })
	s := m.Socket("/slow", nil)
	s.Connect()
	<-asked
	s.Disconnect()
	s.Connect()
	s.Manager().Socket("/", nil).Emit("so that the server has read all by then")
	close(proceed)
	if n, err := s.Call[int](t.Context(), "inc", 1); n != 2 || err != nil {
		t.Errorf("after the return: %d, %v", n, err)
	}
	select {
	case r := <-closed:
		t.Errorf("the connection was closed: %s", r)
	case r := <-gone:
		t.Errorf("the server lost the socket: %s", r)
	case <-asked:
		t.Error("the server was asked twice")
	default:
	}
}

func TestWhatComesBeforeTheAnswerIsBounded(t *testing.T) {
	big := `42["big","` + strings.Repeat("x", 1<<20) + `"]`
	url := played(t, func(p peer) {
		p.send(handshake)
		p.expect("40")
		for range 40 {
			p.send(big)
		}
		p.wait()
	})
	c, err := client.New(url, overWebSocket(client.Options{NoReconnection: true}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	closed := make(chan client.DisconnectReason, 1)
	c.Manager().OnClose(func(r client.DisconnectReason, _ error) { closed <- r })
	c.Connect()
	select {
	case r := <-closed:
		if r != client.ParseError {
			t.Errorf("closed: %s", r)
		}
	case <-time.After(patience):
		t.Fatal("40 MiB were kept")
	}
}

func TestPingsDoNotPileUpBehindAHandler(t *testing.T) {
	const n = 5000
	answered := make(chan struct{})
	url := played(t, func(p peer) {
		if !p.connected() {
			return
		}
		p.send(`42["block"]`)
		go func() {
			for range n {
				p.send("2")
			}
		}()
		for range n {
			if !p.expect("3") {
				return
			}
		}
		close(answered)
		p.after()
	})
	c, err := client.New(url, overWebSocket(client.Options{NoReconnection: true}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	heard := 0 // by the goroutine of the handlers
	after := make(chan int, 1)
	c.Manager().OnPing(func() { heard++ })
	c.OnEvent("block", func(context.Context, *client.Event) error {
		select {
		case <-answered:
		case <-time.After(patience):
			t.Error("the pings were not answered")
		}
		return nil
	})
	c.OnEvent("after", func(context.Context, *client.Event) error { after <- heard; return nil })
	c.Connect()
	within(t, "the last event", func() {
		if heard := <-after; heard < 1 || heard > 2 {
			t.Errorf("%d pings were told of", heard)
		}
	})
}
