package socketio_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio"
)

// What a client sends reaches the handlers as it was sent, in number, order and type, over each transport.
func TestArgumentsArriveAsTheyWereSent(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		tell := newStory()
		server.On("random", func(_ ctx, _ *socketio.Socket, v socketio.Args3[int, string, []int]) error {
			tell.add("random %d %q %v", v.A, v.B, v.C)
			return nil
		})
		server.On("message", func(_ ctx, _ *socketio.Socket, v *int) error {
			if v == nil {
				tell.add("message null")
			} else {
				tell.add("message %d", *v)
			}
			return nil
		})
		server.On("buff", func(_ ctx, _ *socketio.Socket, v []byte) error { tell.add("buff %s", v); return nil })
		server.OnEvent("multiple", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			var a int
			var b, x []byte
			var c string
			var d []int
			var f []any
			if err := e.Decode(&a, &b, &c, &d, &x, &f); err != nil {
				return err
			}
			tell.add("multiple %d %s %s %v %s %s", a, b, c, d, x, f)
			return nil
		})
		server.OnEvent("woot", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			tell.add("woot %v %v", e.Args(), e.WantsAck())
			return e.Ack(1, 2)
		})
		p := dial(t, web)
		p.join("/")
		p.send(`2["random",1,"2",[3]]`, `2["message",1337]`, `2["message",null]`)
		p.sendBinary(`51-["buff",{"_placeholder":true,"num":0}]`, "abcdefg")
		p.sendBinary(`54-["multiple",1,{"_placeholder":true,"num":0},"3",[4],{"_placeholder":true,"num":1},`+
			`[{"_placeholder":true,"num":2},"swag",{"_placeholder":true,"num":3}]]`, "doge", "asdf", "doge", "asdf")
		p.send(`2["woot",1,2]`, `21["woot",1,2]`)
		p.expect(`31[1,2]`)
		tell.expect(t, `random 1 "2" [3]`, `message 1337`, `message null`, `buff abcdefg`,
			`multiple 1 doge 3 [4] asdf [doge swag asdf]`, `woot [1 2] false`, `woot [1 2] true`)
	})
}

// What is emitted reaches the client as it was emitted, over each transport.
func TestArgumentsLeaveAsTheyWereEmitted(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		p := dial(t, web)
		s := find(t, server.Namespace, p.join("/"))
		doge, asdf := []byte("doge"), []byte("asdf")
		for range 3 {
			s.Emit("hoot", "utf8 — string")
		}
		s.Emit("multiple", 1, doge, "3", []int{4}, asdf, []any{doge, "swag", asdf})
		p.expect(`2["hoot","utf8 — string"]`, `2["hoot","utf8 — string"]`, `2["hoot","utf8 — string"]`,
			`54-["multiple",1,{"_placeholder":true,"num":0},"3",[4],{"_placeholder":true,"num":1},`+
				`[{"_placeholder":true,"num":2},"swag",{"_placeholder":true,"num":3}]]`, `<doge>`, `<asdf>`, `<doge>`, `<asdf>`)
	})
}

// Events of a namespace that come before its connection handler has run wait for it, and keep their order.
func TestEventsOfANamespaceWaitForItsConnectionHandler(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		tell := newStory()
		release := make(chan bool)
		server.Of("chat").OnConnection(func(s *socketio.Socket) {
			<-release
			s.On("hi", func(_ ctx, letter string) error { tell.add("hi %s", letter); return nil })
		})
		p := dial(t, web)
		p.join("/chat")
		var want []string
		for i := range 26 {
			letter := string(rune('a' + i))
			want = append(want, "hi "+letter)
			p.send(fmt.Sprintf(`2/chat,["hi",%q]`, letter))
		}
		release <- true
		tell.expect(t, want...)
	})
}
