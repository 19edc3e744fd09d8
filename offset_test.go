package socketio_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// Events have an offset, to one or to many, with attachments or without; what asks for an answer has none, nor has an
// answer, nor a volatile event that no client could take for a stored one.
func TestWhatHasAnOffset(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	s, p, c := entered(t, server, web)
	s.Emit("one", 1)
	server.Emit("all")
	s.Emit("text", "text")
	server.To(s.ID()).Emit("room", map[string]int{"a": 1})
	c.receive(t, p, `2["one",1]`, `2["all"]`, `2["text","text"]`, `2["room",{"a":1}]`)
	server.Emit("bytes", []byte("b"))
	if got := p.next(); !strings.HasPrefix(got, `51-["bytes",{"_placeholder":true,"num":0},"`) {
		t.Error(got)
	}
	p.expect("<b>")

	eventually(t, func() bool { return s.Conn().BufferedAmount() == 0 }) // or the next might be dropped
	s.Volatile().Emit("volatile", 1)
	p.expect(`2["volatile",1]`)
	go s.EmitWithAck(t.Context(), "asked", "text")
	if got := p.next(); !strings.HasSuffix(got, `["asked","text"]`) {
		t.Error(got)
	}
	server.OnCall("ask", func(ctx, *socketio.Socket, struct{}) (string, error) { return "answer", nil })
	p.send(`27["ask"]`)
	p.expect(`37["answer"]`)
}

// entered is a client that is in, and has received something.
func entered(t testing.TB, server *socketio.Server, web *httptest.Server) (*socketio.Socket, *peer, *returning) {
	t.Helper()
	p := dialWebSocket(t, web)
	c := enter(t, p)
	s := find(t, server.Namespace, c.sid)
	s.Emit("first")
	c.receive(t, p, `2["first"]`)
	return s, p, c
}

// A stock client takes any text at the end of an event for an offset. A volatile event that ends with one can't spoil its
// recovery: it bears the offset of what went before it.
func TestAVolatileTextSpoilsNoRecovery(t *testing.T) {
	for _, args := range [][]any{{"a text"}, {1, "a text"}, {}} {
		server, web := serveRecovery(t, socketio.Recovery{})
		s, p, c := entered(t, server, web)
		for i := range 3 {
			server.Emit("stored", i)
			c.receive(t, p, fmt.Sprintf(`2["stored",%d]`, i))
			before := c.offset
			eventually(t, func() bool { return s.Conn().BufferedAmount() == 0 }) // or it might be dropped
			if i%2 == 0 {
				s.Volatile().Emit("volatile", args...)
			} else {
				server.Volatile().Emit("volatile", args...)
			}
			if c.got(t, p.next()); c.offset != before {
				t.Fatalf("%v: the offset went from %s to %s", args, before, c.offset)
			}
		}
		lose(t, server, p)
		server.Emit("missed")
		p = dialWebSocket(t, web)
		p.send(c.connect())
		c.receive(t, p, `2["missed"]`)
		p.expect(c.welcome())
	}
}

// A text that a client took for an offset is known as none: never a hole.
func TestATextIsNoOffset(t *testing.T) {
	for _, text := range []string{"a text", "", "12", "rAbCdEfG.1", strings.Repeat("9", 1<<16)} {
		server, web := serveRecovery(t, socketio.Recovery{})
		why := make(chan error, 2)
		server.OnConnection(func(s *socketio.Socket) { why <- s.RecoveryError() })
		_, p, c := entered(t, server, web)
		<-why
		lose(t, server, p)
		server.Emit("missed")
		c.offset = text
		p = dialWebSocket(t, web)
		p.send(c.connect())
		old := *c
		c.welcomed(t, p.next())
		if err := <-why; c.pid == old.pid || c.sid == old.sid || !errors.Is(err, socketio.ErrOffsetUnknown) {
			t.Errorf("%.20q: %v", text, err)
		}
		if st := server.Stats(); st.NotRecovered != 1 {
			t.Errorf("%+v", st)
		}
	}
}

// A client that has received nothing recovers, with no offset to show, and again.
func TestNothingReceivedYet(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	server.Emit("before it came")
	p := dialWebSocket(t, web)
	c := enter(t, p)
	for range 3 {
		lose(t, server, p)
		p = dialWebSocket(t, web)
		if p.send(c.connect()); c.gotOffset {
			t.Fatal(c.connect())
		}
		p.expect(c.welcome())
	}
	lose(t, server, p)
	server.Emit("missed")
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.receive(t, p, `2["missed"]`)
	p.expect(c.welcome())
}

// An offset that is left over from an earlier session means that nothing was received in this one.
func TestAnOffsetOfAnEarlierSession(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	s, p, c := entered(t, server, web)
	s.Disconnect(false)
	p.expect(`1`)
	server.Emit("not for it")
	p.send("0")
	c.welcomed(t, p.next())
	lose(t, server, p)
	server.Emit("missed")
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.receive(t, p, `2["missed"]`)
	p.expect(c.welcome())
}

// What was under way when the connection broke counts by the rooms that the socket was in at that time.
func TestWhatWasUnderWay(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	s, p, c := entered(t, server, web)
	p.stopReading()
	// From here on the client receives nothing.
	server.To("room").Emit("before")
	s.Join("room")
	server.To("room").Emit("in")
	server.Except("room").Emit("except")
	s.Leave("room")
	server.To("room").Emit("left")
	server.Except("room").Emit("except then")
	s.Join("room")
	server.To("room").Emit("in again")
	lose(t, server, p)
	server.To("room").Emit("lost")
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.receive(t, p, `2["in"]`, `2["except then"]`, `2["in again"]`, `2["lost"]`)
	p.expect(c.welcome())
}

// More rooms were left than are remembered: what was under way can't be told, so nothing is brought back by halves.
func TestMoreRoomsLeftThanAreRemembered(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{})
	why := make(chan error, 2)
	server.OnConnection(func(s *socketio.Socket) { why <- s.RecoveryError() })
	s, p, c := entered(t, server, web)
	<-why
	p.stopReading()
	for i := range 100 {
		s.Join(itoa(i))
		server.To(itoa(i)).Emit("under way")
		s.Leave(itoa(i))
	}
	lose(t, server, p)
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.welcomed(t, p.next())
	if err := <-why; !errors.Is(err, socketio.ErrGapLost) {
		t.Error(err)
	}
}

// The log is bounded; who would need what was dropped is told so, and nobody pays for it.
func TestAGapLargerThanTheLog(t *testing.T) {
	server, web := serveRecovery(t, socketio.Recovery{MaxEvents: 10})
	why := make(chan error, 2)
	server.OnConnection(func(s *socketio.Socket) { why <- s.RecoveryError() })
	_, p, c := entered(t, server, web)
	<-why
	lose(t, server, p)
	for i := range 11 {
		server.Emit("missed", i)
	}
	p = dialWebSocket(t, web)
	p.send(c.connect())
	c.welcomed(t, p.next())
	if err := <-why; !errors.Is(err, socketio.ErrGapLost) {
		t.Error(err)
	}
}

// A gap is pulled as the client takes it, however much larger than the outbox it is, while more is emitted.
func TestAGapLargerThanTheOutbox(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		const missed, live = 3000, 3000
		server, web := serve(t, &socketio.Options{
			Recovery: new(socketio.Recovery),
			Engine:   engineio.Options{OutboxPackets: 128}, // a part is 64 events
		})
		_, p, c := entered(t, server, web)
		lose(t, server, p)
		text := strings.Repeat("x", 100)
		for i := range missed {
			server.Emit("e", i, text)
		}
		p = dial(t, web)
		p.send(c.connect())
		began := make(chan bool)
		go func() {
			for i := range live {
				if i == live/2 {
					<-began
				}
				server.Emit("e", missed+i, text)
				if i%64 == 63 && i > live/2 {
					s := server.Sockets()[0]
					s.Conn().AwaitRoom()
				}
			}
		}()
		welcomed := false
		for i := range missed + live {
			got := p.next()
			if got == c.welcome() {
				welcomed = true
				close(began)
				got = p.next()
			}
			if e := c.got(t, got); e != fmt.Sprintf(`2["e",%d,%q]`, i, text) {
				t.Fatalf("event %d: %.60s", i, e)
			}
		}
		if !welcomed {
			p.expect(c.welcome())
		}
	})
}
