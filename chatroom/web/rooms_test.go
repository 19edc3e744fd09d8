package web_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestRooms(t *testing.T) {
	h := newHouse(t)
	ann, annHello := h.guest("Ann")
	annToo := h.tab(annHello.Token)
	bo, boHello := h.guest("Bo")

	created := ask[roomAnswer](ann, "room:create", `{"name":"#tea kitchen","topic":"not\nwork"}`)
	dev := created.Room
	if !created.OK || dev.Name != "tea-kitchen" || dev.Topic != "not work" || dev.Kind != "public" {
		t.Fatalf("created %+v", created)
	}
	if got := await[struct{ Room room }](annToo, "room:add"); got.Room != dev {
		t.Errorf("the other tab gets %+v, want %+v", got.Room, dev)
	}
	bo.refused("name_taken", "room:create", `{"name":"TEA-kitchen"}`)
	bo.refused("name_empty", "room:create", `{"name":"#"}`)
	bo.refused("topic_long", "room:create", `{"name":"x","topic":"`+strings.Repeat("x", 161)+`"}`)

	list := ask[struct {
		Rooms []struct {
			ID      int64
			Name    string
			Members int
		}
	}](bo, "room:list", `{"query":"KITCHEN"}`)
	if len(list.Rooms) != 1 || list.Rooms[0].ID != dev.ID || list.Rooms[0].Members != 1 {
		t.Errorf("list: %+v", list)
	}

	joined := ask[roomAnswer](bo, "room:join", fmt.Sprintf(`{"room":%d}`, dev.ID))
	if !joined.OK || joined.Room.ID != dev.ID {
		t.Errorf("joined: %+v", joined)
	}
	want := roomMember{dev.ID, boHello.Me}
	for name, p := range map[string]*peer{"ann": ann, "ann's other tab": annToo, "bo": bo} {
		p.read["room:join"] = len(heard[roomMember](p, "room:join")) - 1
		for m := await[roomMember](p, "room:join"); m != want; m = await[roomMember](p, "room:join") {
			if m.Room == dev.ID {
				t.Errorf("%s hears %+v, want %+v", name, m, want)
			}
		}
	}
	members := ask[struct {
		People []user
		Here   []int64
	}](bo, "room:members", fmt.Sprintf(`{"room":%d}`, dev.ID))
	if len(members.People) != 2 || len(members.Here) != 2 {
		t.Errorf("members: %+v", members)
	}

	ask[refusal](bo, "room:leave", fmt.Sprintf(`{"room":%d}`, dev.ID))
	if got := await[roomMember](ann, "room:leave"); got != want {
		t.Errorf("ann hears %+v, want %+v", got, want)
	}
	bo.refused("not_found", "room:members", fmt.Sprintf(`{"room":%d}`, dev.ID))
	ask[sent](ann, "msg:send", fmt.Sprintf(`{"room":%d,"cid":"c1","body":"without bo"}`, dev.ID))
	barrier(ann, bo)
	for _, m := range heard[newMessage](bo, "msg:new") {
		if m.Message.Room == dev.ID {
			t.Errorf("bo has left and hears %+v", m)
		}
	}
}

// Someone who joins in one tab hears the room in all of them, and one who leaves hears it in none.
func TestMembershipIsOfThePerson(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	boToo := h.tab(boHello.Token)
	dev := ask[roomAnswer](ann, "room:create", `{"name":"dev"}`).Room
	this := fmt.Sprintf(`{"room":%d}`, dev.ID)

	ask[roomAnswer](bo, "room:join", this)
	ask[sent](ann, "msg:send", fmt.Sprintf(`{"room":%d,"cid":"c1","body":"hello bo"}`, dev.ID))
	for _, p := range []*peer{bo, boToo} {
		if m := await[newMessage](p, "msg:new"); m.Message.Body != "hello bo" {
			t.Errorf("bo hears %+v", m)
		}
	}
	ask[refusal](boToo, "room:leave", this)
	if got := await[struct{ Room int64 }](bo, "room:remove"); got.Room != dev.ID {
		t.Errorf("bo's first tab is told %+v", got)
	}
	ask[sent](ann, "msg:send", fmt.Sprintf(`{"room":%d,"cid":"c2","body":"bye bo"}`, dev.ID))
	barrier(ann, bo, boToo)
	for _, p := range []*peer{bo, boToo} {
		for _, m := range heard[newMessage](p, "msg:new") {
			if m.Message.Body == "bye bo" {
				t.Error("bo has left and still hears")
			}
		}
	}
}
