package socketio_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// Whatever messages a client sends, in whatever order: nothing panics, no handler sees what it should not, the session
// ends or goes on, nothing is left of it, and another client is served.
func FuzzSession(f *testing.F) {
	for _, texts := range [][]string{
		{"0", `2["echo",1]`, `21["echo",1]`, `21["shout","a"]`, `22["pair",["a",1],{"b":null}]`, "1"},
		{"0/child-1,{}", `2/child-1,["echo"]`, "0/child-2", "1/child-1,", "0/child-1,"},
		{"0/refused,{\"token\":1}", "0", "0", "0/unknown", `2["echo"]`},
		{"0", `51-["echo",{"_placeholder":true,"num":0}]`, "<abc", `2["echo"]`}, {"0", `51-["echo",{"_placeholder":true,"num":0}]`, `2["echo"]`},
		{"0", `2["ask"]`, `30["yes"]`, `30["again"]`, `31[]`, `3["no id"]`, `61-0[{"_placeholder":true,"num":0}]`, "<x"},
		{"0", `42["error","boom"]`, `2["error","boom"]`, `2["disconnect"]`}, {"0", `2["__proto__",{"__proto__":{"a":1}}]`, `218446744073709551615["echo"]`},
		{`0{"pid":"x","offset":"y"}`, `0{"pid":1}`, `0[]`, `4"no"`, `4{"message":"x"}`, "1"}, {`2["echo"]`, "0"}, {"0", `2[1,2]`, `2["pair"]`, `2["pair",1]`, `2["shout",{}]`},
	} {
		f.Add(packMessages(texts))
	}
	for _, file := range []string{"decode.json", "reject.json"} {
		for _, texts := range vectors(f, file) {
			f.Add(packMessages(append([]string{"0"}, texts...)))
		}
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		synctest.Test(t, func(t *testing.T) {
			o := &socketio.Options{InboxBytes: 64 << 10}
			if len(input)%2 == 1 {
				o.Recovery = new(socketio.Recovery)
			}
			server, dial := serveInMemory(t, o)
			furnish(t, server.Namespace)
			server.Of("refused").Use(func(ctx, *socketio.Socket) error { return errors.New("no") })
			server.OfMatching(regexp.MustCompile(`^/child-\w+$`)).OnConnection(func(s *socketio.Socket) {
				s.OnEvent("echo", func(_ ctx, e *socketio.Event) error { return e.Ack(e.Args()...) })
			})

			p := dial()
			for more := true; more && !p.over(); {
				var m packet.Packet
				if m, input, more = unpackMessage(input); more && p.link.write(m) != nil {
					break // the server has had enough
				}
				synctest.Wait()
			}
			time.Sleep(time.Minute) // who waits for an answer has given up
			p.link.close()
			synctest.Wait()
			if n := len(server.Sockets()); n != 0 {
				t.Errorf("%d sockets are left", n)
			}

			other := dial()
			other.join("/")
			other.send(`21["echo","still here"]`)
			other.expect(`31["still here"]`)
			if stats := server.Stats(); stats.Panics != 0 {
				t.Errorf("%+v", stats)
			}
		})
	})
}

// furnish gives a namespace handlers of every form.
func furnish(t *testing.T, n *socketio.Namespace) {
	n.Use(func(_ ctx, s *socketio.Socket) error {
		var auth map[string]any
		s.Handshake().Auth(&auth) // whatever it says
		return nil
	})
	n.OnConnection(func(s *socketio.Socket) {
		if !s.Connected() && s.Context().Err() == nil {
			t.Error("neither connected nor gone")
		}
	})
	n.OnEvent("echo", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	n.OnCall("shout", func(_ ctx, _ *socketio.Socket, text string) (string, error) { return text + "!", nil })
	n.OnCall("pair", func(_ ctx, _ *socketio.Socket, p socketio.Args2[[]any, map[string]*any]) (any, error) { return p, nil })
	n.On("ask", func(c ctx, s *socketio.Socket, _ struct{}) error {
		_, err := s.Timeout(time.Second).EmitWithAck(c, "question")
		return err
	})
	n.OnAny(func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		for _, a := range e.Args() {
			var v any
			if raw, ok := a.(interface{ Decode(any) error }); ok {
				raw.Decode(&v)
			}
		}
		if reserved(e.Name()) {
			t.Errorf("the reserved name %q was delivered", e.Name())
		}
		return nil
	})
}

func reserved(name string) bool {
	switch name {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	}
	return false
}

// packMessages makes one input of a list of messages: each with a byte for its length, and one for its kind. One that begins with <
// is binary.
func packMessages(messages []string) (input []byte) {
	for _, m := range messages {
		kind := byte(0)
		if len(m) > 0 && m[0] == '<' {
			kind, m = 1, m[1:]
		}
		m = m[:min(len(m), 255)]
		input = append(append(input, byte(len(m)), kind), m...)
	}
	return input
}

func unpackMessage(input []byte) (m packet.Packet, rest []byte, ok bool) {
	if len(input) < 2 {
		return m, nil, false
	}
	n := min(int(input[0]), len(input)-2)
	return packet.Packet{Type: packet.Message, Binary: input[1]%2 == 1, Data: input[2 : 2+n]}, input[2+n:], true
}

// vectors are the messages of a file of wire vectors.
func vectors(t testing.TB, file string) (all [][]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "socketio", file))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Frames []struct{ Text, Base64 *string }
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		var texts []string
		for _, f := range v.Frames {
			if f.Text != nil {
				texts = append(texts, *f.Text)
			} else {
				texts = append(texts, "<attachment")
			}
		}
		all = append(all, texts)
	}
	return all
}
