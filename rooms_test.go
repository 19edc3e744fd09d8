package socketio_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
)

func TestRooms(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	if got := a.Rooms(); !slices.Equal(got, []string{a.ID()}) {
		t.Errorf("rooms at first: %q", got)
	}
	if err := a.Join("a", "b", "a", "c"); err != nil {
		t.Error(err)
	}
	a.Leave("b", "none")
	got := a.Rooms()
	if !slices.Equal(got, []string{a.ID(), "a", "c"}) {
		t.Errorf("rooms %q", got)
	}
	got[1] = "changed"
	if got := a.Rooms(); got[1] != "a" {
		t.Error("the list of rooms is not a copy")
	}
	if n := server.RoomCount(); n != 3 {
		t.Errorf("%d rooms", n)
	}
	a.Leave(a.ID()) // allowed: private messages by id end, emits by socket do not
	server.To(a.ID()).Emit("to the id")
	a.Emit("to the socket")
	a.expect(`2["to the socket"]`)
	a.Disconnect(false)
	eventually(t, func() bool { return server.RoomCount() == 0 })
	if err := a.Join("late"); !errors.Is(err, socketio.ErrDisconnected) || len(a.Rooms()) != 0 {
		t.Errorf("join after the disconnect: %v, %q", err, a.Rooms())
	}
	a.Leave("late")
}

// Leaving rooms leaves nothing of them behind, also when all of them are left, the socket's own among them.
func TestLeavingEveryRoom(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	if err := a.Join("a", "b"); err != nil {
		t.Fatal(err)
	}
	a.Leave("unknown")
	if got := a.Rooms(); !slices.Equal(got, []string{a.ID(), "a", "b"}) {
		t.Errorf("rooms %q", got)
	}
	a.Leave(a.Rooms()...)
	if n := server.RoomCount(); n != 0 || len(a.Rooms()) != 0 {
		t.Errorf("%d rooms left, %q", n, a.Rooms())
	}
	if list := server.In("a", "b", a.ID()).Sockets(); len(list) != 0 {
		t.Errorf("%d members left", len(list))
	}
	server.Emit("still in the namespace")
	a.expect(`2["still in the namespace"]`)
}

func TestASocketJoins1000Rooms(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	for i := range 999 {
		if err := a.Join(fmt.Sprint("r", i)); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := a.Join("r5", "one more", "and more"); !errors.Is(err, socketio.ErrTooManyRooms) {
		t.Errorf("one more: %v", err)
	}
	a.Leave("r5")
	if err := a.Join("one more"); err != nil {
		t.Errorf("after one was left: %v", err)
	}
	a.Leave(a.ID())
	if err := a.Join("in its place", a.ID()); err != nil { // its own room is always open
		t.Errorf("its own room: %v", err)
	}
	a.Emit("still here")
	a.expect(`2["still here"]`)
}

// Room events come in order: create before join, leave before delete, and what a listener does is told after.
func TestRoomEvents(t *testing.T) {
	server, web := serve(t, nil)
	tell := newStory()
	var a, b *socketio.Socket
	name := func(s *socketio.Socket) string {
		if s == a {
			return "a"
		}
		return "b"
	}
	c := connect(t, server.Namespace, web, 2)
	a, b = c[0].Socket, c[1].Socket
	server.OnCreateRoom(func(room string) { tell.add("create %s", room) })
	server.OnJoinRoom(func(room string, s *socketio.Socket) {
		tell.add("join %s %s", room, name(s))
		if room == "trigger" {
			s.Join("nested")
			tell.add("joined nested")
		}
	})
	server.OnLeaveRoom(func(room string, s *socketio.Socket) { tell.add("leave %s %s", room, name(s)) })
	off := server.OnDeleteRoom(func(room string) { tell.add("delete %s", room) })
	a.Join("r")
	a.Join("r")
	b.Join("r")
	a.Leave("r")
	b.Leave("r")
	a.Join("trigger")
	off()
	a.Leave("nested")
	tell.expect(t, "create r", "join r a", "join r b", "leave r a", "leave r b", "delete r",
		"create trigger", "join trigger a", "joined nested", "create nested", "join nested a", "leave nested a")
}

// A socket that goes leaves each of its rooms; those that were its alone are deleted, the others stay. A listener that
// makes the socket leave once more changes nothing.
func TestADisconnectLeavesEveryRoom(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 2)
	a, b := c[0], c[1]
	a.Join("alone", "shared")
	b.Join("shared")
	left, deleted := newStory(), newStory()
	server.OnLeaveRoom(func(room string, s *socketio.Socket) {
		s.Leave(room)
		left.add("%s %v", room, s == a.Socket)
	})
	server.OnDeleteRoom(func(room string) { deleted.add("%s", room) })
	a.Disconnect(false)
	a.expect(`1`)
	left.expectSorted(t, a.ID()+" true", "alone true", "shared true")
	deleted.expectSorted(t, a.ID(), "alone")
	if list := server.In("shared").Sockets(); len(list) != 1 || list[0] != b.Socket {
		t.Errorf("%d members of the room that is shared", len(list))
	}
	a.join("/") // nothing of the old socket is in the way
}

// Whatever goroutines do, the events of a room make sense: a room is created empty and deleted empty.
func TestRoomEventsOfManyGoroutines(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 4)
	members := map[string]int{}
	exists := map[string]bool{}
	check := func(room string, ok bool) {
		if !ok && strings.HasPrefix(room, "room") { // the rooms of their own were there before
			t.Errorf("room %s: %v, %d members", room, exists[room], members[room])
		}
	}
	// The maps have no lock: events of a namespace come one at a time.
	offs := []func(){
		server.OnCreateRoom(func(room string) { check(room, !exists[room]); exists[room] = true; runtime.Gosched() }),
		server.OnJoinRoom(func(room string, _ *socketio.Socket) { check(room, exists[room]); members[room]++ }),
		server.OnLeaveRoom(func(room string, _ *socketio.Socket) { check(room, exists[room]); members[room]-- }),
		server.OnDeleteRoom(func(room string) { check(room, exists[room] && members[room] == 0); delete(exists, room) }),
	}
	var wg sync.WaitGroup
	for _, s := range c {
		wg.Go(func() {
			for i := range 300 {
				room := fmt.Sprint("room", i%2)
				s.Join(room)
				s.Leave(room)
			}
		})
	}
	wg.Wait()
	eventually(t, func() bool { return server.RoomEventsTold() })
	for _, off := range offs {
		off()
	}
	if len(exists) != 0 {
		t.Errorf("rooms left: %v", exists)
	}
}

func TestManySocketsAtOnce(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 4)
	c[0].Join("a")
	c[1].Join("a", "b")
	server.SocketsJoin("all")
	if n := len(server.In("all").Sockets()); n != 4 {
		t.Errorf("%d sockets joined", n)
	}
	server.In("a").SocketsJoin("c")
	server.In("a").Except("b").SocketsLeave("all")
	if got := c[0].Rooms(); !slices.Equal(got, []string{c[0].ID(), "a", "c"}) {
		t.Errorf("rooms %q", got)
	}
	c[3].Broadcast().SocketsLeave("all")
	if list := server.In("all").Sockets(); len(list) != 1 || list[0] != c[3].Socket {
		t.Errorf("left in all: %d", len(list))
	}
	server.SocketsLeave("all")
	if n := len(server.Sockets()); n != 4 {
		t.Errorf("%d sockets", n)
	}
	server.In("a").DisconnectSockets(false)
	c[0].expect(`1`)
	c[1].expect(`1`)
	c[0].join("/")
	server.DisconnectSockets(true)
	for _, p := range []client{c[0], c[2], c[3]} {
		p.expect(`1`, "closed")
	}
	if n := len(server.Sockets()); n != 0 {
		t.Errorf("%d sockets left", n)
	}
}

// A listener that does not keep up makes joining fail, long before memory runs out; leaving goes on.
func TestRoomEventsThatNobodyTakes(t *testing.T) {
	server, web := serve(t, nil)
	c := connect(t, server.Namespace, web, 2)
	release := make(chan bool)
	server.OnJoinRoom(func(string, *socketio.Socket) { <-release })
	told := make(chan error)
	go func() { told <- c[0].Join("first") }() // tells until it is released
	eventually(t, func() bool { return len(server.In("first").Sockets()) == 1 })
	var err error
	joins := 0
	for ; err == nil && joins < 100_000; joins++ {
		err = c[1].Join("room")
		c[1].Leave("room")
	}
	if err == nil || joins < 10_000 {
		t.Errorf("%d joins, %v", joins, err)
	}
	close(release)
	if err := <-told; err != nil {
		t.Error(err)
	}
	eventually(t, func() bool { return c[1].Join("later") == nil })
}
