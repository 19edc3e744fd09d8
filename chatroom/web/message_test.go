package web_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// A message reaches every tab of every member but the one that sent it, and nobody else.
func TestRoomMessageReachesMembers(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	annToo := h.tab(annHello.Token)
	bo, _ := h.guest("Bo")
	cy, _ := h.guest("Cy")
	dev := ask[roomAnswer](ann, "room:create", `{"name":"dev"}`).Room
	ask[roomAnswer](bo, "room:join", fmt.Sprintf(`{"room":%d}`, dev.ID))

	s := ask[sent](ann, "msg:send", fmt.Sprintf(`{"room":%d,"cid":"c1","body":"members only"}`, dev.ID))
	if !s.OK || s.ID <= 0 || s.Seq != 1 || s.Rev != 1 || s.TS <= 0 {
		t.Fatalf("acknowledged with %+v", s)
	}
	for name, p := range map[string]*peer{"ann's other tab": annToo, "bo": bo} {
		m := await[newMessage](p, "msg:new")
		want := message{ID: s.ID, Room: dev.ID, User: annHello.Me.ID, Seq: 1, Rev: 1, TS: s.TS, Body: "members only"}
		if m.Message != want || m.User != annHello.Me {
			t.Errorf("%s hears %+v, want %+v", name, m, want)
		}
	}
	barrier(bo, ann, annToo, cy)
	if got := heard[newMessage](cy, "msg:new"); len(got) != 1 {
		t.Errorf("someone who is no member heard %+v", got)
	}
	if got := heard[newMessage](ann, "msg:new"); len(got) != 1 {
		t.Errorf("the tab that sent heard %+v", got)
	}
}

// barrier says something in the lobby and waits until the others hear it: what was sent to them before has arrived.
func barrier(from *peer, others ...*peer) {
	from.t.Helper()
	from.asks++
	body := fmt.Sprintf("barrier %d", from.asks)
	ask[sent](from, "msg:send", fmt.Sprintf(`{"room":1,"cid":"barrier-%d","body":%q}`, from.asks, body))
	for _, p := range others {
		for await[newMessage](p, "msg:new").Message.Body != body {
		}
	}
}

// A private message reaches all tabs of both people and nobody else.
func TestPrivateMessageReachesOnlyItsAddressee(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	annToo := h.tab(annHello.Token)
	bo, boHello := h.guest("Bo")
	boToo := h.tab(boHello.Token)
	cy, _ := h.guest("Cy")

	direct := ask[roomAnswer](ann, "room:direct", fmt.Sprintf(`{"user":%d}`, boHello.Me.ID)).Room
	if direct.Kind != "direct" || direct.Peer == nil || *direct.Peer != boHello.Me {
		t.Fatalf("the private room is %+v", direct)
	}
	ask[sent](ann, "msg:send", fmt.Sprintf(`{"room":%d,"cid":"c1","body":"psst"}`, direct.ID))
	for name, p := range map[string]*peer{"ann's other tab": annToo, "bo": bo, "bo's other tab": boToo} {
		if m := await[newMessage](p, "msg:new"); m.Message.Body != "psst" || m.Message.Room != direct.ID {
			t.Errorf("%s hears %+v", name, m)
		}
	}
	if got := ask[roomAnswer](bo, "room:get", fmt.Sprintf(`{"room":%d}`, direct.ID)).Room; got.Peer == nil || *got.Peer != annHello.Me || got.Seq != 1 || got.Read != 0 {
		t.Errorf("bo sees the room as %+v", got)
	}
	barrier(bo, ann, cy)
	for name, p := range map[string]*peer{"cy": cy, "the tab that sent": ann} {
		for _, m := range heard[newMessage](p, "msg:new") {
			if m.Message.Room != 1 {
				t.Errorf("%s heard %+v", name, m)
			}
		}
	}
	// And nobody gets at it by asking.
	for event, request := range map[string]string{
		"history":      `{"room":%d}`,
		"room:get":     `{"room":%d}`,
		"room:members": `{"room":%d}`,
		"room:join":    `{"room":%d}`,
		"room:leave":   `{"room":%d}`,
		"read":         `{"room":%d,"seq":1}`,
		"msg:send":     `{"room":%d,"cid":"x","body":"x"}`,
	} {
		there := cy.refused("not_found", event, fmt.Sprintf(request, direct.ID))
		nowhere := cy.refused("not_found", event, fmt.Sprintf(request, 999))
		if there != nowhere {
			t.Errorf("%s: a room that one may not see is refused as %+v, one that there is not as %+v", event, there, nowhere)
		}
	}
	if d := ask[difference](cy, "sync", fmt.Sprintf(`{"rooms":{"%d":0}}`, direct.ID)); len(d.Rooms) != 1 || !d.Rooms[0].Gone || len(d.Rooms[0].Messages) != 0 {
		t.Errorf("a stranger's sync says %+v", d)
	}
}

type difference struct {
	OK    bool
	Rooms []struct {
		Room        int64
		Messages    []message
		Reset, Gone bool
	}
	Users []user
}

// Who sends again gets the first answer again, and nobody hears it twice.
func TestSentTwice(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	bo, _ := h.guest("Bo")
	first := ask[sent](ann, "msg:send", `{"room":1,"cid":"c1","body":"once"}`)
	ann.leave()
	ann = h.tab(annHello.Token)
	if again := ask[sent](ann, "msg:send", `{"room":1,"cid":"c1","body":"once"}`); again != first {
		t.Errorf("sent again: %+v, want %+v", again, first)
	}
	ann.refused("cid_reused", "msg:send", `{"room":1,"cid":"c1","body":"another text"}`)
	barrier(ann, bo)
	if got := heard[newMessage](bo, "msg:new"); len(got) != 2 {
		t.Errorf("bo heard %+v, want the message and the barrier", got)
	}
}

func TestSendRefused(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	for _, tt := range []struct{ request, code string }{
		{`{"room":1,"cid":"c","body":" "}`, "body_empty"},
		{`{"room":1,"cid":"c","body":"` + strings.Repeat("界", 4001) + `"}`, "body_long"},
		{`{"room":1,"body":"x"}`, "bad_request"},
		{`{"room":"one","cid":"c","body":"x"}`, "bad_request"},
		{`{"cid":"c","body":"x"}`, "bad_request"},
		{`[]`, "bad_request"},
	} {
		ann.refused(tt.code, "msg:send", tt.request)
	}
	if s := ask[sent](ann, "msg:send", `{"room":1,"cid":"c","body":"`+strings.Repeat("界", 4000)+`"}`); !s.OK || s.Seq != 1 {
		t.Errorf("the longest message: %+v", s)
	}
}

// Haste is told with the time to wait, and costs nothing that was accepted.
func TestSendRate(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	accepted := 0
	for i := range 30 {
		r := ask[struct {
			sent
			RetryAfter float64
		}](ann, "msg:send", fmt.Sprintf(`{"room":1,"cid":"c%d","body":"hurry"}`, i))
		switch {
		case r.OK:
			accepted++
		case r.Code != "rate" || r.RetryAfter <= 0 || r.RetryAfter > 1:
			t.Fatalf("message %d: %+v", i, r)
		}
	}
	if accepted < 10 || accepted == 30 {
		t.Errorf("%d of 30 messages at once were accepted, want the burst of 10 and hardly more", accepted)
	}
	if p := ask[page](ann, "history", `{"room":1}`); len(p.Messages) != accepted {
		t.Errorf("the room holds %d messages, want %d", len(p.Messages), accepted)
	}
}

// However many talk at once, everybody hears everything in the one order of the room.
func TestOneOrderForAll(t *testing.T) {
	const people, each = 6, 10
	h := newHouse(t)
	var peers []*peer
	for i := range people {
		p, _ := h.guest(fmt.Sprintf("person %d", i))
		peers = append(peers, p)
	}
	var all sync.WaitGroup
	for _, p := range peers {
		all.Go(func() {
			for i := range each {
				p.send("msg:send", fmt.Sprintf(`{"room":1,"cid":"c%d","body":"%d"}`, i, i))
			}
		})
	}
	all.Wait()
	for i, p := range peers {
		for id := range each {
			p.until(fmt.Sprintf("3%d[", id), 0)
		}
		last := int64(0)
		for range (people - 1) * each {
			m := await[newMessage](p, "msg:new").Message
			if m.Seq <= last {
				t.Fatalf("person %d hears %d after %d", i, m.Seq, last)
			}
			last = m.Seq
		}
	}
}
