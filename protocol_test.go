package socketio_test

import (
	"context"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

type ctx = context.Context

// The sixteen Socket.IO titles of the protocol's own test suite, and the server it asks for.

// The suite wants pings every 300 ms. Who is a little late with the pong, on a busy machine, is not to be cut here: its tests of the
// heartbeat are in engineio.
func suiteServer(t *testing.T, connectTimeout time.Duration) (dial func() *peer) {
	server, web := serve(t, &socketio.Options{
		ConnectTimeout: connectTimeout,
		Engine:         engineio.Options{PingInterval: 300 * time.Millisecond},
	})
	for _, n := range []*socketio.Namespace{server.Of("/"), server.Of("/custom")} {
		n.OnConnection(func(s *socketio.Socket) { s.Emit("auth", s.Handshake().RawAuth()) })
		n.OnEvent("message", func(_ ctx, s *socketio.Socket, e *socketio.Event) error {
			return s.Emit("message-back", e.Args()...)
		})
		n.OnEvent("message-with-ack", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	}
	return func() *peer { return dialWebSocket(t, web) }
}

func TestSuiteConnect(t *testing.T) {
	dial := suiteServer(t, 0)
	for _, c := range []struct{ title, connect, reply, auth string }{
		{"should allow connection to the main namespace", `0`, `0`, `2["auth",{}]`},
		{"should allow connection to the main namespace with a payload", `0{"token":"123"}`, `0`, `2["auth",{"token":"123"}]`},
		{"should allow connection to a custom namespace", `0/custom,`, `0/custom,`, `2/custom,["auth",{}]`},
		{"should allow connection to a custom namespace with a payload", `0/custom,{"token":"abc"}`, `0/custom,`, `2/custom,["auth",{"token":"abc"}]`},
	} {
		t.Run(c.title, func(t *testing.T) {
			p := dial()
			p.send(c.connect)
			if got := p.next(); len(got) != len(c.reply)+len(`{"sid":"12345678901234567890"}`) || got[:len(c.reply)+8] != c.reply+`{"sid":"` {
				t.Fatalf("reply %s", got)
			}
			p.expect(c.auth)
		})
	}
	t.Run("should disallow connection to an unknown namespace", func(t *testing.T) {
		p := dial()
		p.send(`0/random`)
		p.expect(`4/random,{"message":"Invalid namespace"}`)
		p.join("/") // the connection is kept
	})
	t.Run("should disallow connection with an invalid handshake", func(t *testing.T) {
		p := dial()
		p.send(`abc`)
		p.expect("closed")
	})
	t.Run("should close the connection if no handshake is received", func(t *testing.T) {
		suiteServer(t, 300*time.Millisecond)().expect("closed")
	})
}

func TestSuiteDisconnect(t *testing.T) {
	dial := suiteServer(t, 0)
	t.Run("should disconnect from the main namespace", func(t *testing.T) {
		p := dial()
		p.join("/")
		p.expect(`2["auth",{}]`)
		p.send(`1`, `0/custom`) // the connection is kept
		p.next()
		p.expect(`2/custom,["auth",{}]`)
	})
	t.Run("should connect then disconnect from a custom namespace", func(t *testing.T) {
		p := dial()
		p.join("/")
		p.expect(`2["auth",{}]`)
		p.join("/custom")
		p.expect(`2/custom,["auth",{}]`)
		p.send(`1/custom`)
		p.send(`2["message","message to main namespace"]`)
		p.expect(`2["message-back","message to main namespace"]`)
	})
}

func TestSuiteMessage(t *testing.T) {
	dial := suiteServer(t, 0)
	joined := func() *peer {
		p := dial()
		p.join("/")
		p.expect(`2["auth",{}]`)
		return p
	}
	t.Run("should send a plain-text packet", func(t *testing.T) {
		p := joined()
		p.send(`2["message",1,"2",{"3":[true]}]`)
		p.expect(`2["message-back",1,"2",{"3":[true]}]`)
	})
	t.Run("should send a packet with binary attachments", func(t *testing.T) {
		p := joined()
		p.sendBinary(`52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, "\x01\x02\x03", "\x04\x05\x06")
		p.expect(`52-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, "<\x01\x02\x03>", "<\x04\x05\x06>")
	})
	t.Run("should send a plain-text packet with an ack", func(t *testing.T) {
		p := joined()
		p.send(`2456["message-with-ack",1,"2",{"3":[false]}]`)
		p.expect(`3456[1,"2",{"3":[false]}]`)
	})
	t.Run("should send a packet with binary attachments and an ack", func(t *testing.T) {
		p := joined()
		p.sendBinary(`52-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, "\x01\x02\x03", "\x04\x05\x06")
		p.expect(`62-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, "<\x01\x02\x03>", "<\x04\x05\x06>")
	})
	for title, packet := range map[string]string{
		"should close the connection upon invalid format (unknown packet type)":    `abc`,
		"should close the connection upon invalid format (invalid payload format)": `2{}`,
		"should close the connection upon invalid format (invalid ack id)":         `2abc["message-with-ack",1,"2",{"3":[false]}]`,
	} {
		t.Run(title, func(t *testing.T) {
			p := joined()
			p.send(packet)
			p.expect("closed")
		})
	}
}
