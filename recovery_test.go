package socketio_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
)

// returning is a client that can come back: what it knows of its session, in the way of a stock client.
type returning struct {
	sid, pid  string
	offset    string // the last text at the end of an event
	gotOffset bool
}

// serveRecovery runs a server with connection state recovery.
func serveRecovery(t testing.TB, r socketio.Recovery) (*socketio.Server, *httptest.Server) {
	t.Helper()
	return serve(t, &socketio.Options{Recovery: &r})
}

// enter joins "/" and learns the session.
func enter(t testing.TB, p *peer) *returning {
	t.Helper()
	p.send("0")
	c := new(returning)
	c.welcomed(t, p.next())
	return c
}

func (c *returning) welcomed(t testing.TB, answer string) {
	t.Helper()
	var reply struct{ SID, PID string }
	data, ok := strings.CutPrefix(answer, "0")
	if !ok || json.Unmarshal([]byte(data), &reply) != nil || len(reply.SID) != 20 || len(reply.PID) != 20 {
		t.Fatalf("answer to CONNECT: %s", answer)
	}
	c.sid, c.pid = reply.SID, reply.PID
}

// got notes an event as a stock client does and returns it without its offset.
func (c *returning) got(t testing.TB, packet string) string {
	t.Helper()
	data, ok := strings.CutPrefix(packet, "2")
	var event []any
	if !ok || json.Unmarshal([]byte(data), &event) != nil {
		t.Fatalf("no event: %s", packet)
	}
	last, ok := event[len(event)-1].(string)
	if ok {
		c.offset, c.gotOffset = last, true
	}
	plain, found := strings.CutSuffix(packet, `,"`+last+`"]`)
	if !ok || !found {
		return packet
	}
	return plain + "]"
}

// receive expects stored events.
func (c *returning) receive(t testing.TB, p *peer, want ...string) {
	t.Helper()
	for _, w := range want {
		before := c.offset
		packet := p.next()
		if got := c.got(t, packet); got != w {
			t.Fatalf("got %s\nwant %s", packet, w)
		}
		if c.offset == before {
			t.Fatalf("%s has the offset of the one before", packet)
		}
	}
}

// connect is the CONNECT packet of a client that comes back.
func (c *returning) connect() string {
	ticket := map[string]string{"pid": c.pid}
	if c.gotOffset {
		ticket["offset"] = c.offset
	}
	data, _ := json.Marshal(ticket)
	return "0" + string(data)
}

// welcome is the answer to a client that is recovered.
func (c *returning) welcome() string { return `0{"sid":"` + c.sid + `","pid":"` + c.pid + `"}` }

// lose ends the connection of a client without a goodbye and waits until the server has noticed.
func lose(t testing.TB, server *socketio.Server, p *peer) {
	t.Helper()
	lost := make(chan socketio.DisconnectReason, 1)
	off := server.OnDisconnect(func(_ *socketio.Socket, reason socketio.DisconnectReason) {
		select {
		case lost <- reason:
		default:
		}
	})
	defer off()
	p.link.close()
	if ws, ok := p.link.(*polling); ok {
		cutPolling(t, ws)
	}
	<-lost
}

// cutPolling ends a polling session as a client does that has no other way.
func cutPolling(t testing.TB, l *polling) {
	t.Helper()
	res, err := l.client.Post(l.url, "text/plain", strings.NewReader("1"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	l.client.CloseIdleConnections()
}

// Official title: "should restore session and missed packets".
func TestRecoveryRestoresSessionAndMissedPackets(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serveRecovery(t, socketio.Recovery{})
		sockets := make(chan *socketio.Socket, 2)
		server.OnConnection(func(s *socketio.Socket) {
			if !s.Recovered() {
				s.Join("room1")
			}
			sockets <- s
		})
		p := dial(t, web)
		c := enter(t, p)
		s := <-sockets
		server.Emit("hello")
		c.receive(t, p, `2["hello"]`)
		lose(t, server, p)

		server.Emit("hello1")
		server.To("room1").Emit("hello2")
		if err := s.Emit("hello3"); err != nil {
			t.Errorf("emit to a socket that may come back: %v", err)
		}
		server.To("room2").Emit("not for it")
		server.Except("room1").Emit("not for it")

		p = dial(t, web)
		p.send(c.connect())
		c.receive(t, p, `2["hello1"]`, `2["hello2"]`, `2["hello3"]`)
		p.expect(c.welcome())
		back := <-sockets
		if !back.Recovered() || back.RecoveryError() != nil || back.ID() != c.sid {
			t.Errorf("recovered %v, %v, id %s", back.Recovered(), back.RecoveryError(), back.ID())
		}
		server.Emit("live")
		c.receive(t, p, `2["live"]`)
		if st := server.Stats(); st.Recovered != 1 || st.NotRecovered != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// Official title: "should restore rooms and data attributes".
func TestRecoveryRestoresRoomsAndData(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	foo := socketio.NewKey[string]("foo")
	back := make(chan *socketio.Socket, 1)
	server.OnConnection(func(s *socketio.Socket) {
		if s.Recovered() {
			back <- s
			return
		}
		s.Join("room1", "room2", "room3")
		s.Leave("room3")
		foo.Set(s, "bar")
		s.Emit("ready")
	})
	p := dialWebSocket(t, web)
	c := enter(t, p)
	c.receive(t, p, `2["ready"]`)
	lose(t, server, p)
	p = dialWebSocket(t, web)
	p.send(c.connect())
	p.expect(c.welcome())
	s := <-back
	if rooms := s.Rooms(); !slices.Equal(rooms, []string{c.sid, "room1", "room2"}) {
		t.Errorf("rooms %v", rooms)
	}
	if v, ok := foo.Get(s); !ok || v != "bar" {
		t.Errorf("data %q, %v", v, ok)
	}
	server.To("room2").Emit("there")
	c.receive(t, p, `2["there"]`)
}

// Official titles: "should not run middlewares upon recovery by default" and "should run middlewares even upon recovery".
func TestRecoveryAndMiddleware(t *testing.T) {
	for _, run := range []bool{false, true} {
		server, web := serveRecovery(t, socketio.Recovery{RunMiddlewares: run})
		ran := make(chan *socketio.Socket, 9)
		server.Use(func(_ ctx, s *socketio.Socket) error { ran <- s; return nil })
		p := dialWebSocket(t, web)
		c := enter(t, p)
		<-ran
		lose(t, server, p)
		p = dialWebSocket(t, web)
		p.send(c.connect())
		p.expect(c.welcome())
		if run {
			if s := <-ran; !s.Recovered() || s.ID() != c.sid || !slices.Equal(s.Rooms(), []string{c.sid}) {
				t.Errorf("in the middleware: recovered %v, id %s, rooms %v", s.Recovered(), s.ID(), s.Rooms())
			}
		}
		if len(ran) != 0 {
			t.Errorf("RunMiddlewares %v: middleware ran", run)
		}
	}
}

// A client that the middleware turns away keeps its session, and may come back with better words.
func TestARefusedRecoveryKeepsTheSession(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{RunMiddlewares: true})
	server.Use(func(_ ctx, s *socketio.Socket) error {
		var auth struct{ Token string }
		s.Handshake().Auth(&auth)
		if s.Recovered() && auth.Token != "new" {
			return &socketio.ConnectError{Message: "token"}
		}
		return nil
	})
	p := dialWebSocket(t, web)
	c := enter(t, p)
	server.Emit("a")
	c.receive(t, p, `2["a"]`)
	lose(t, server, p)
	server.Emit("b")
	p = dialWebSocket(t, web)
	p.send(c.connect())
	p.expect(`4{"message":"token"}`)
	p.send(strings.TrimSuffix(c.connect(), "}") + `,"token":"new"}`)
	c.receive(t, p, `2["b"]`)
	p.expect(c.welcome())
}

// Official title: "should fail to restore an unknown session". And what else is not the key to a session.
func TestRecoveryOfAnUnknownSession(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	why := make(chan error, 1)
	server.OnConnection(func(s *socketio.Socket) {
		if s.Recovered() {
			t.Error("recovered")
		}
		why <- s.RecoveryError()
	})
	for _, tt := range []struct {
		auth string
		want error
	}{
		{`{"pid":"foo","offset":"bar"}`, socketio.ErrSessionUnknown},
		{`{"pid":"01234567890123456789","offset":"bar"}`, socketio.ErrSessionUnknown},
		{`{"pid":"01234567890123456789"}`, socketio.ErrSessionUnknown},
		{`{"pid":7,"offset":"bar"}`, nil},
		{`{"offset":"bar"}`, nil},
	} {
		p := dialWebSocket(t, web)
		p.send("0" + tt.auth)
		new(returning).welcomed(t, p.next())
		if err := <-why; !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v", tt.auth, err)
		}
	}
}

// Official title: "should be disabled by default".
func TestRecoveryIsOffByDefault(t *testing.T) {
	server, web := serve(t, nil)
	server.OnConnection(func(s *socketio.Socket) {
		if s.Recovered() || s.RecoveryError() != nil {
			t.Error("recovery while it is off")
		}
		s.Emit("e", "text")
	})
	p := dialWebSocket(t, web)
	p.send(`0{"pid":"01234567890123456789","offset":"bar"}`)
	if got := p.next(); strings.Contains(got, "pid") {
		t.Error(got)
	}
	p.expect(`2["e","text"]`)
}

// Whatever changes the rooms of a socket while it recovers, or saves the sessions, disturbs neither the replay nor the
// session. (The race detector says so.)
func TestRoomsChangeDuringARecovery(t *testing.T) {
	const missed = 300
	server, web := serveRecovery(t, socketio.Recovery{RunMiddlewares: true})
	var busy sync.WaitGroup
	defer busy.Wait()
	server.Use(func(_ ctx, s *socketio.Socket) error {
		if !s.Recovered() {
			return s.Join("a", "b")
		}
		busy.Go(func() {
			for range 100 {
				s.Leave("a")
				s.Join("a")
			}
		})
		return nil
	})
	for range 10 {
		p := dialWebSocket(t, web)
		c := enter(t, p)
		server.Emit("first")
		c.receive(t, p, `2["first"]`)
		lose(t, server, p)
		for range missed {
			server.To("b").Emit("missed")
		}
		busy.Go(func() {
			if err := server.SaveSessions(io.Discard); err != nil {
				t.Error(err)
			}
		})
		p = dialWebSocket(t, web)
		p.send(c.connect())
		for range missed {
			c.receive(t, p, `2["missed"]`)
		}
		p.expect(c.welcome())
	}
}

// Kept for a client that was lost is what can be said again: no question, no answer, nothing volatile, nothing for others.
// Nor has any of it an offset that the client would come back with.
func TestWhatIsKeptForALostClient(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	server.OnCall("ask", func(ctx, *socketio.Socket, struct{}) (string, error) { return "an answer", nil })
	witness := find(t, server.Namespace, enter(t, dialWebSocket(t, web)).sid)
	p := dialWebSocket(t, web)
	c := enter(t, p)
	server.Emit("first")
	c.receive(t, p, `2["first"]`)
	p.send(`21["ask"]`)
	p.expect(`31["an answer"]`)
	lose(t, server, p)
	server.Emit("all")
	server.Volatile().Emit("volatile", 1)
	server.Except(c.sid).Emit("except it")
	server.Timeout(1).EmitWithAck(t.Context(), "a question")
	witness.Broadcast().Emit("all but the witness")
	witness.Emit("the witness")
	server.Emit("last")
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.receive(t, p, `2["all"]`, `2["all but the witness"]`, `2["last"]`)
	p.expect(c.welcome())
}
