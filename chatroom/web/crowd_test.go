package web_test

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/chatroom/web"
	"github.com/socketio-go/socketio/test/raw"
)

// A client that sends events faster than any person is cut off; others are not concerned.
func TestFlood(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	bo, _ := h.guest("Bo")
	var frames []byte
	for range 1500 {
		frames = raw.AppendFrame(frames, raw.Text, []byte(`42["nonsense"]`))
	}
	if err := ann.conn.Send(frames); err != nil {
		t.Fatal(err)
	}
	ann.until("1", 0)
	<-ann.done
	if s := ask[sent](bo, "msg:send", `{"room":1,"cid":"c1","body":"still here"}`); !s.OK {
		t.Errorf("bo: %+v", s)
	}
}

// One address has room for many sockets and not for all of them.
func TestSocketsOfAnAddress(t *testing.T) {
	h := newHouse(t)
	_, annHello := h.guest("Ann")
	h.stop()
	h.start((&web.Options{}).WithFromAddress(2))
	auth := `{"token":"` + annHello.Token + `"}`
	first := h.dial(auth)
	first.welcome()
	h.dial(auth).welcome()
	if got := h.dial(auth).until("4", 0); !strings.Contains(got, `"code":"busy","retryAfter":5`) {
		t.Errorf("the third socket is refused with %s", got)
	}
	first.leave()
	for strings.HasPrefix(h.dial(auth).until("", 0), "4") { // until the server has noticed
	}
}
