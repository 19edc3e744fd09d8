package web_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/chatroom/web"
	"github.com/socketio-go/socketio/test/raw"
)

// Clients are told in a way that makes them come back, new ones are refused, and what was acknowledged is there after a
// restart.
func TestShutdown(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	acknowledged := make(map[int64]bool)
	for i := range 10 {
		ann.send("msg:send", fmt.Sprintf(`{"room":1,"cid":"c%d","body":"%d"}`, i, i))
	}
	ann.until("30[", 0)
	server := h.http
	h.stop()
	<-ann.done
	if ann.code == 0 {
		t.Error("the connection ended without a close frame")
	}
	for _, packet := range ann.said {
		if packet == "1" {
			t.Error("the client was sent DISCONNECT and will not come back")
		}
		var id int
		if n, _ := fmt.Sscanf(packet, "3%d[", &id); n == 1 {
			s := decode[sent](ann, packet[len(fmt.Sprintf("3%d[", id)):])
			acknowledged[s.ID] = s.OK
		}
	}
	if _, err := raw.Exchange(server.Listener.Addr().String(), raw.Handshake(raw.WebSocketTarget)); err == nil {
		t.Error("a handshake after the shutdown was answered")
	}

	h.start(&web.Options{})
	ann = h.tab(annHello.Token)
	for _, m := range ask[page](ann, "history", `{"room":1}`).Messages {
		delete(acknowledged, m.ID)
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged and lost: %v", acknowledged)
	}
}

// A store that has been closed refuses for now; the client tries again.
func TestStoreClosed(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	if r := ann.refused("busy", "msg:send", `{"room":1,"cid":"c","body":"x"}`); r.RetryAfter <= 0 {
		t.Errorf("busy without a time to wait: %+v", r)
	}
	if err := h.chat.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	h.http.Close()
	h.chat = nil
}
