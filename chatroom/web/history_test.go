package web_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// fill puts messages into a room without the limits of people.
func (h *house) fill(room, author int64, count int) {
	h.t.Helper()
	done := make(chan error, count)
	for i := range count {
		d := chat.Draft{Room: chat.RoomID(room), Author: chat.UserID(author), CID: fmt.Sprintf("fill-%d", i), Body: fmt.Sprint(i + 1)}
		if err := h.store.Append(context.Background(), d, func(_ store.Receipt, err error) { done <- err }); err != nil {
			h.t.Fatal(err)
		}
	}
	for range count {
		if err := <-done; err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestHistory(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	bo, _ := h.guest("Bo")
	h.fill(1, annHello.Me.ID, 120)
	for _, tt := range []struct {
		request     string
		first, last int64
		more        bool
	}{
		{`{"room":1}`, 71, 120, true},
		{`{"room":1,"before":71}`, 21, 70, true},
		{`{"room":1,"before":21}`, 1, 20, false},
		{`{"room":1,"after":100}`, 101, 120, false},
		{`{"room":1,"limit":3}`, 118, 120, true},
	} {
		p := ask[page](bo, "history", tt.request)
		n := len(p.Messages)
		if !p.OK || n == 0 || p.Messages[0].Seq != tt.first || p.Messages[n-1].Seq != tt.last || p.More != tt.more || p.Rev != 120 || p.Seq != 120 {
			t.Errorf("history %s: %d messages, %+v", tt.request, n, p)
		}
		if len(p.Users) != 1 || p.Users[0] != annHello.Me {
			t.Errorf("history %s: authors %+v", tt.request, p.Users)
		}
		if p.Messages[0].CID != "" {
			t.Error("bo is told the client id of a message of ann's")
		}
	}
	if p := ask[page](ann, "history", `{"room":1,"limit":1}`); p.Messages[0].CID != "fill-119" {
		t.Errorf("ann gets her message back as %+v, without its client id", p.Messages[0])
	}
}

// A client that comes back gets exactly what it has missed.
func TestSync(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	h.fill(1, annHello.Me.ID, 510)
	dev := ask[roomAnswer](ann, "room:create", `{"name":"dev"}`).Room

	d := ask[difference](ann, "sync", fmt.Sprintf(`{"rooms":{"1":507,"%d":0,"999":5}}`, dev.ID))
	got := make(map[int64]string)
	for _, r := range d.Rooms {
		got[r.Room] = fmt.Sprint(len(r.Messages), r.Reset, r.Gone)
	}
	want := map[int64]string{1: "3 false false", dev.ID: "0 false false", 999: "0 false true"}
	for room, says := range want {
		if got[room] != says {
			t.Errorf("room %d: %q, want %q", room, got[room], says)
		}
	}
	for _, rev := range []int{0, 9, 511} {
		if d := ask[difference](ann, "sync", fmt.Sprintf(`{"rooms":{"1":%d}}`, rev)); !d.Rooms[0].Reset || len(d.Rooms[0].Messages) != 0 {
			t.Errorf("sync from %d does not say reset", rev)
		}
	}
	if d := ask[difference](ann, "sync", `{"rooms":{}}`); !d.OK || len(d.Rooms) != 0 {
		t.Errorf("sync of nothing: %+v", d)
	}
}

// Reading in one tab is reading in all of them, and in nobody else's.
func TestRead(t *testing.T) {
	h := newHouse(t)
	_, annHello := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	boToo := h.tab(boHello.Token)
	cy, _ := h.guest("Cy")
	h.fill(1, annHello.Me.ID, 5)
	if r := ask[struct {
		OK  bool
		Seq int64
	}](bo, "read", `{"room":1,"seq":3}`); !r.OK || r.Seq != 3 {
		t.Errorf("read: %+v", r)
	}
	if got := await[struct{ Room, Seq int64 }](boToo, "read"); got.Room != 1 || got.Seq != 3 {
		t.Errorf("bo's other tab hears %+v", got)
	}
	if again := h.dial(`{"token":"` + boHello.Token + `"}`).welcome(); again.Rooms[0].Read != 3 || again.Rooms[0].Seq != 5 {
		t.Errorf("later bo has %+v", again.Rooms[0])
	}
	barrier(bo, cy)
	if got := heard[struct{ Seq int64 }](cy, "read"); len(got) != 0 {
		t.Errorf("cy hears what bo reads: %+v", got)
	}
}
