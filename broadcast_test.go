package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
)

// mixed is a crowd of one namespace, half of it over each transport.
func mixed(t *testing.T, n *socketio.Namespace, web *httptest.Server) (ws, poll client) {
	t.Helper()
	ws = connect(t, n, web, 1)[0]
	p := dialPolling(t, web)
	return ws, client{p, find(t, n, p.join(n.Name()))}
}

// A broadcast reaches whom it names, over each transport, in each namespace, text and binary.
func TestABroadcastReachesEveryTransport(t *testing.T) {
	server, web := serve(t, nil)
	ws, poll := mixed(t, server.Namespace, web)
	other, otherPoll := mixed(t, server.Of("custom"), web)
	left := connect(t, server.Namespace, web, 1)[0]
	ws.Join("room1", "both")
	poll.Join("room2", "both")
	left.Join("room1", "both")
	left.Leave("room1", "both")
	all := []client{ws, poll, other, otherPoll, left}
	binary := []byte{1, 2, 3}
	for _, c := range []struct {
		name string
		emit func(event string, args ...any) error
		who  []client
		args []any
	}{
		{"to all", server.Emit, []client{ws, poll, left}, nil},
		{"to a namespace", server.Of("custom").Emit, []client{other, otherPoll}, nil},
		{"binary to all", server.Emit, []client{ws, poll, left}, []any{binary}},
		{"binary to a namespace", server.Of("custom").Emit, []client{other, otherPoll}, []any{binary}},
		{"to a room", server.To("both").Emit, []client{ws, poll}, nil},
		{"to two rooms", server.To("room1", "room2").Emit, []client{ws, poll}, nil},
		{"binary to a room but the sender", ws.To("both").Emit, []client{poll}, []any{binary}},
		{"to all but a room", server.Except("room2").Emit, []client{ws, left}, nil},
		{"to all but one id", server.Except(poll.ID()).Emit, []client{ws, left}, nil},
		{"to a namespace but one id", server.Of("custom").Except(other.ID()).Emit, []client{otherPoll}, nil},
		{"to all but the sender and one id", ws.Broadcast().Except(left.ID()).Emit, []client{poll}, nil},
	} {
		if err := c.emit(c.name, c.args...); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		server.Emit("end")
		server.Of("custom").Emit("end")
		for i, p := range all {
			prefix := ""
			if name := p.Namespace().Name(); name != "/" {
				prefix = name + ","
			}
			if slices.ContainsFunc(c.who, func(q client) bool { return q.Socket == p.Socket }) {
				if c.args == nil {
					p.expect(`2` + prefix + `["` + c.name + `"]`)
				} else {
					p.expect(`51-`+prefix+`["`+c.name+`",{"_placeholder":true,"num":0}]`, "<\x01\x02\x03>")
				}
			}
			if got := p.next(); got != `2`+prefix+`["end"]` {
				t.Fatalf("%s: client %d got %s", c.name, i, got)
			}
		}
	}
}

// A volatile broadcast with an attachment reaches who is ready, whole, over each transport.
func TestAVolatileBinaryBroadcastArrivesWhole(t *testing.T) {
	server, web := serve(t, nil)
	ws, poll := mixed(t, server.Namespace, web)
	want := []string{`51-["v",{"_placeholder":true,"num":0}]`, `<b>`}
	for _, p := range []client{ws, poll} {
		to := server.To(p.ID()).Volatile()
		// Who polls is not always there to take it.
		for delivered := false; !delivered; {
			rest(t, p)
			if err := to.Emit("v", []byte("b")); err != nil {
				t.Fatal(err)
			}
			p.Emit("end")
			got := p.next()
			if delivered = got == want[0]; delivered {
				p.expect(want[1])
				got = p.next()
			}
			if got != `2["end"]` {
				t.Fatalf("got %s", got)
			}
		}
	}
}

// A room that was asked in time for some: their answers are kept, the error says that others are missing, and nobody is
// waited for any longer.
func TestAskingARoomKeepsWhatCameInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, nil)
		peers := []*peer{dial(), dial(), dial()}
		ids := make([]string, len(peers))
		for i, p := range peers {
			ids[i] = p.join("/")
		}
		for i, p := range peers[:2] {
			go func() {
				q := p.next()
				p.send(fmt.Sprintf(`3%s[%d]`, q[1:strings.IndexByte(q, '[')], i+1))
			}()
		}
		start := time.Now()
		replies, err := server.Timeout(200*time.Millisecond).EmitWithAck(t.Context(), "some event")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 200*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		got := map[string]string{}
		for id, r := range replies.All() {
			got[id] = fmt.Sprint(r.Args, errors.Is(r.Err, context.DeadlineExceeded))
		}
		if len(got) != 3 || got[ids[0]] != "[1] false" || got[ids[1]] != "[2] false" || got[ids[2]] != "[] true" {
			t.Errorf("replies %v", got)
		}
		if n := server.Awaiting(); n != 0 {
			t.Errorf("%d acknowledgements awaited", n)
		}
	})
}
