package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
)

func testCreateRoom(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann := k.person(t, "Ann")
	room, err := s.CreateRoom(ctx, ann.ID, "dev", "what we build")
	must(t, err)
	if room.ID <= 0 || room.Kind != chat.Public || room.Name != "dev" || room.Topic != "what we build" || room.Seq != 0 || room.Rev != 0 {
		t.Errorf("created %+v", room)
	}
	m, err := s.Membership(ctx, room.ID, ann.ID)
	must(t, err)
	if m.Room != room || m.Peer != nil {
		t.Errorf("its creator sees %+v, want %+v", m, room)
	}
	_, err = s.CreateRoom(ctx, ann.ID, "DEV", "")
	refused(t, "a room of the same name", err, chat.CodeNameTaken)
	_, err = s.CreateRoom(ctx, ann.ID, chat.Lobby, "")
	refused(t, "a second lobby", err, chat.CodeNameTaken)
}

func testPublicRooms(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	k.room(t, "Design", ann)
	k.room(t, "dev", ann, bo)
	k.room(t, "devops", ann)
	direct, err := s.DirectRoom(ctx, ann.ID, bo.ID)
	must(t, err)
	_, err = k.say(t, direct.ID, ann.ID, "c1", "psst")
	must(t, err)

	names := func(query string, limit int) (names []string) {
		t.Helper()
		listings, err := s.PublicRooms(ctx, query, limit)
		must(t, err)
		for _, l := range listings {
			names = append(names, fmt.Sprintf("%s %d", l.Name, l.Members))
		}
		return names
	}
	for _, tt := range []struct {
		query string
		limit int
		want  []string
	}{
		{"", 10, []string{chat.Lobby + " 2", "dev 2", "Design 1", "devops 1"}},
		{"", 2, []string{chat.Lobby + " 2", "dev 2"}},
		{"DE", 10, []string{"dev 2", "Design 1", "devops 1"}},
		{"100%", 10, nil},
	} {
		if got := names(tt.query, tt.limit); !slices.Equal(got, tt.want) {
			t.Errorf("PublicRooms(%q, %d) = %q, want %q", tt.query, tt.limit, got, tt.want)
		}
	}
}

func testRoomsFull(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann := k.person(t, "Ann")
	var all sync.WaitGroup
	for i := range chat.MaxRooms - 1 { // and the lobby
		all.Go(func() {
			if _, err := s.CreateRoom(ctx, ann.ID, fmt.Sprintf("room %d", i), ""); err != nil {
				t.Errorf("room %d: %v", i, err)
			}
		})
	}
	all.Wait()
	_, err := s.CreateRoom(ctx, ann.ID, "one more", "")
	refused(t, "one room too many", err, chat.CodeFull)
}

func testDirectRoom(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo, cy := k.person(t, "Ann"), k.person(t, "Bo"), k.person(t, "Cy")

	rooms := make([]chat.Room, 8)
	var all sync.WaitGroup
	for i := range rooms {
		all.Go(func() {
			a, b := ann.ID, bo.ID
			if i%2 == 1 {
				a, b = b, a
			}
			var err error
			if rooms[i], err = s.DirectRoom(ctx, a, b); err != nil {
				t.Errorf("direct room: %v", err)
			}
		})
	}
	all.Wait()
	for _, r := range rooms {
		if r.ID != rooms[0].ID || r.Kind != chat.Direct {
			t.Errorf("two people have the rooms %+v and %+v", r, rooms[0])
		}
	}

	_, err := s.DirectRoom(ctx, ann.ID, ann.ID)
	refused(t, "a room with oneself", err, chat.CodeNotFound)
	_, err = s.DirectRoom(ctx, ann.ID, 999)
	refused(t, "a room with nobody", err, chat.CodeNotFound)
	_, err = s.Membership(ctx, rooms[0].ID, cy.ID)
	refused(t, "a stranger's look at a direct room", err, chat.CodeNotFound)
	_, err = s.Join(ctx, rooms[0].ID, cy.ID)
	refused(t, "a stranger's joining a direct room", err, chat.CodeNotFound)
	_, err = k.say(t, rooms[0].ID, cy.ID, "c1", "let me in")
	refused(t, "a stranger's word in a direct room", err, chat.CodeNotFound)
	_, err = s.Leave(ctx, rooms[0].ID, ann.ID)
	refused(t, "leaving a direct room", err, chat.CodeNotFound)
}

func testJoinLeave(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	room := k.room(t, "dev", ann)
	k.fill(t, room.ID, ann.ID, 3)

	joined, err := s.Join(ctx, room.ID, bo.ID)
	must(t, err)
	m, err := s.Membership(ctx, room.ID, bo.ID)
	must(t, err)
	if !joined || m.ID != room.ID || m.Seq != 3 || m.Unread() != 0 {
		t.Errorf("joined %v with %+v; old messages must count as read", joined, m)
	}
	_, err = k.say(t, room.ID, ann.ID, "c1", "welcome")
	must(t, err)
	joined, err = s.Join(ctx, room.ID, bo.ID)
	must(t, err)
	m, err = s.Membership(ctx, room.ID, bo.ID)
	must(t, err)
	if joined || m.Unread() != 1 {
		t.Errorf("joining again: %v with %d unread, want no change and 1", joined, m.Unread())
	}
	for _, want := range []bool{true, false} {
		left, err := s.Leave(ctx, room.ID, bo.ID)
		must(t, err)
		if left != want {
			t.Errorf("left = %v, want %v", left, want)
		}
	}
	_, err = s.Membership(ctx, room.ID, bo.ID)
	refused(t, "a room one has left", err, chat.CodeNotFound)
	_, err = s.Join(ctx, 999, bo.ID)
	refused(t, "joining no room", err, chat.CodeNotFound)
	_, err = s.Leave(ctx, 999, bo.ID)
	refused(t, "leaving no room", err, chat.CodeNotFound)
}

func testMemberships(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	dev := k.room(t, "dev", ann, bo)
	k.room(t, "bo's own", bo)
	direct, err := s.DirectRoom(ctx, ann.ID, bo.ID)
	must(t, err)

	list := func() (list []string) {
		t.Helper()
		memberships, err := s.Memberships(ctx, ann.ID)
		must(t, err)
		for _, m := range memberships {
			name := m.Name
			if m.Peer != nil {
				name = "@" + m.Peer.Name
			}
			list = append(list, fmt.Sprintf("%s %d", name, m.Unread()))
		}
		return list
	}
	if got, want := list(), []string{chat.Lobby + " 0", "dev 0"}; !slices.Equal(got, want) {
		t.Errorf("rooms %q, want %q: a silent direct room is not shown", got, want)
	}
	_, err = k.say(t, direct.ID, bo.ID, "c1", "psst")
	must(t, err)
	_, err = k.say(t, dev.ID, bo.ID, "c2", "hello")
	must(t, err)
	if got, want := list(), []string{chat.Lobby + " 0", "dev 1", "@Bo 1"}; !slices.Equal(got, want) {
		t.Errorf("rooms %q, want %q", got, want)
	}
	if m, err := s.Membership(ctx, direct.ID, ann.ID); err != nil || m.Peer == nil || *m.Peer != bo {
		t.Errorf("ann's direct room: %+v, %v; want the peer %+v", m, err, bo)
	}
}

func testPeople(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo, cy := k.person(t, "Ann"), k.person(t, "Bo"), k.person(t, "Cy")
	room := k.room(t, "dev", cy, ann)
	for _, tt := range []struct {
		limit int
		want  []chat.User
	}{{10, []chat.User{ann, cy}}, {1, []chat.User{ann}}} {
		people, err := s.People(ctx, room.ID, tt.limit)
		must(t, err)
		if !slices.Equal(people, tt.want) {
			t.Errorf("People(limit %d) = %+v, want %+v (and not %s)", tt.limit, people, tt.want, bo.Name)
		}
	}
}
