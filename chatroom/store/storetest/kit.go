package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// Open opens the store that keeps its data in a folder. Opening the same folder again finds what was kept there.
type Open func(t testing.TB, dir string) store.Store

// Run proves a store.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *kit)
	}{
		{"SignIn", testSignIn},
		{"NameTaken", testNameTaken},
		{"SignOut", testSignOut},
		{"SessionLife", testSessionLife},
		{"Users", testUsers},
		{"CreateRoom", testCreateRoom},
		{"PublicRooms", testPublicRooms},
		{"RoomsFull", testRoomsFull},
		{"DirectRoom", testDirectRoom},
		{"JoinLeave", testJoinLeave},
		{"Memberships", testMemberships},
		{"People", testPeople},
		{"Append", testAppend},
		{"AppendRefused", testAppendRefused},
		{"SentTwice", testSentTwice},
		{"SentTwiceAtOnce", testSentTwiceAtOnce},
		{"OneOrder", testOneOrder},
		{"History", testHistory},
		{"Sync", testSync},
		{"MarkRead", testMarkRead},
		{"Reopen", testReopen},
		{"Close", testClose},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := &kit{open: open, dir: t.TempDir()}
			test.run(t, k)
			k.close(t)
		})
	}
}

// kit is what each test starts with: an empty folder and, once asked for, a store in it.
type kit struct {
	open Open
	dir  string
	s    store.Store
}

func (k *kit) store(t testing.TB) store.Store {
	if k.s == nil {
		k.s = k.open(t, k.dir)
	}
	return k.s
}

func (k *kit) close(t testing.TB) {
	t.Helper()
	if k.s == nil {
		return
	}
	if err := k.s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	k.s = nil
}

// person signs somebody in.
func (k *kit) person(t testing.TB, name string) chat.User {
	t.Helper()
	u, err := k.store(t).SignIn(context.Background(), name, store.HashToken(rand.Text()))
	must(t, err)
	return u
}

// room makes a room and lets people join it; the first one creates it.
func (k *kit) room(t testing.TB, name string, members ...chat.User) chat.Room {
	t.Helper()
	r, err := k.store(t).CreateRoom(context.Background(), members[0].ID, name, "")
	must(t, err)
	for _, m := range members[1:] {
		_, err := k.store(t).Join(context.Background(), r.ID, m.ID)
		must(t, err)
	}
	return r
}

// lobby returns the room that exists from the start.
func (k *kit) lobby(t testing.TB) chat.Room {
	t.Helper()
	rooms, err := k.store(t).PublicRooms(context.Background(), chat.Lobby, 1)
	must(t, err)
	if len(rooms) != 1 {
		t.Fatalf("no room %q in a new store", chat.Lobby)
	}
	return rooms[0].Room
}

// say appends a message and waits for the answer.
func (k *kit) say(t testing.TB, room chat.RoomID, author chat.UserID, cid, body string) (store.Receipt, error) {
	t.Helper()
	type answer struct {
		receipt store.Receipt
		err     error
	}
	answers := make(chan answer, 2)
	err := k.store(t).Append(context.Background(), chat.Draft{Room: room, Author: author, CID: cid, Body: body},
		func(r store.Receipt, err error) { answers <- answer{r, err} })
	must(t, err)
	a := <-answers
	return a.receipt, a.err
}

// fill says count messages with the bodies "1", "2" and so on.
func (k *kit) fill(t testing.TB, room chat.RoomID, author chat.UserID, count int) {
	t.Helper()
	done := make(chan error, count)
	for i := range count {
		d := chat.Draft{Room: room, Author: author, CID: fmt.Sprintf("fill-%d-%d", room, i), Body: fmt.Sprint(i + 1)}
		must(t, k.store(t).Append(context.Background(), d, func(_ store.Receipt, err error) { done <- err }))
	}
	for range count {
		must(t, <-done)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that the error is the refusal with this code.
func refused(t testing.TB, what string, err error, code chat.Code) {
	t.Helper()
	if !errors.Is(err, chat.Refuse(code)) {
		t.Errorf("%s: error %v, want the refusal %q", what, err, code)
	}
}

// seqs returns the messages' places in their room.
func seqs(messages []chat.Message) []int64 {
	list := make([]int64, len(messages))
	for i, m := range messages {
		list[i] = m.Seq
	}
	return list
}

// numbers returns from, from+1 … to.
func numbers(from, to int64) []int64 {
	var list []int64
	for n := from; n <= to; n++ {
		list = append(list, n)
	}
	return list
}
