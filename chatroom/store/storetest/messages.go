package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

func testAppend(t *testing.T, k *kit) {
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	dev, ops := k.room(t, "dev", ann, bo), k.room(t, "ops", ann)
	for i, tt := range []struct {
		room   chat.RoomID
		author chat.UserID
		seq    int64
	}{{dev.ID, ann.ID, 1}, {dev.ID, bo.ID, 2}, {ops.ID, ann.ID, 1}, {dev.ID, ann.ID, 3}} {
		r, err := k.say(t, tt.room, tt.author, fmt.Sprintf("c%d", i), "text")
		must(t, err)
		if !r.Fresh || r.ID <= 0 || r.Room != tt.room || r.Author != tt.author || r.Seq != tt.seq || r.Rev != tt.seq ||
			r.Body != "text" || time.Since(r.Created).Abs() > time.Hour || r.Members != nil {
			t.Errorf("message %d: %+v, want seq and rev %d", i, r, tt.seq)
		}
	}
	direct, err := k.store(t).DirectRoom(context.Background(), bo.ID, ann.ID)
	must(t, err)
	r, err := k.say(t, direct.ID, bo.ID, "psst", "psst")
	must(t, err)
	if !slices.Equal(r.Members, []chat.UserID{ann.ID, bo.ID}) {
		t.Errorf("a direct message is for %v, want %v and %v", r.Members, ann.ID, bo.ID)
	}
}

func testAppendRefused(t *testing.T, k *kit) {
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	room := k.room(t, "dev", ann)
	_, err := k.say(t, room.ID, bo.ID, "c1", "hello")
	refused(t, "a word of someone who is no member", err, chat.CodeNotFound)
	_, err = k.say(t, 999, bo.ID, "c1", "hello")
	refused(t, "a word in no room", err, chat.CodeNotFound)
	r, err := k.say(t, room.ID, ann.ID, "c1", "hello")
	must(t, err)
	if r.Seq != 1 || r.Rev != 1 {
		t.Errorf("seq %d, rev %d after refusals, want 1 and 1", r.Seq, r.Rev)
	}
}

func testSentTwice(t *testing.T, k *kit) {
	ctx := context.Background()
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	dev, ops := k.room(t, "dev", ann, bo), k.room(t, "ops", ann)
	first, err := k.say(t, dev.ID, ann.ID, "c1", "hello")
	must(t, err)
	_, err = k.say(t, dev.ID, bo.ID, "c1", "bo's own c1")
	must(t, err)

	same := func(when string) {
		t.Helper()
		again, err := k.say(t, dev.ID, ann.ID, "c1", "hello")
		must(t, err)
		if again.Fresh || again.Message != first.Message {
			t.Errorf("%s: sent again gives %+v, want %+v and not fresh", when, again, first)
		}
	}
	same("at once")
	_, err = k.say(t, dev.ID, ann.ID, "c1", "something else")
	refused(t, "another body under the same CID", err, chat.CodeCIDReused)
	_, err = k.say(t, ops.ID, ann.ID, "c1", "hello")
	refused(t, "another room under the same CID", err, chat.CodeCIDReused)
	_, err = k.store(t).Leave(ctx, dev.ID, ann.ID)
	must(t, err)
	same("after leaving")
	k.close(t)
	same("after a restart")

	messages, _, err := k.store(t).History(ctx, dev.ID, store.Page{Limit: 10})
	must(t, err)
	if got := seqs(messages); !slices.Equal(got, numbers(1, 2)) {
		t.Errorf("the room holds %v, want 1 and 2", got)
	}
}

// A client that sends again because it is impatient gets the same answer each time.
func testSentTwiceAtOnce(t *testing.T, k *kit) {
	ann := k.person(t, "Ann")
	room := k.room(t, "dev", ann)
	const times = 50
	receipts := make(chan store.Receipt, times)
	for range times {
		d := chat.Draft{Room: room.ID, Author: ann.ID, CID: "c1", Body: "hello"}
		must(t, k.store(t).Append(context.Background(), d, func(r store.Receipt, err error) {
			if err != nil {
				t.Errorf("append: %v", err)
			}
			receipts <- r
		}))
	}
	fresh := 0
	for range times {
		r := <-receipts
		if r.Seq != 1 || r.ID == 0 {
			t.Errorf("an answer of %+v", r)
		}
		if r.Fresh {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d of the answers are fresh, want 1", fresh)
	}
}

// Answers come one at a time and in the order of the room, however many people talk at once.
func testOneOrder(t *testing.T, k *kit) {
	const people, each = 8, 40
	var members []chat.User
	for i := range people {
		members = append(members, k.person(t, fmt.Sprintf("person %d", i)))
	}
	room := k.room(t, "dev", members...)
	s := k.store(t)
	var told []int64 // written by done, whose calls never overlap: the race detector is part of this test
	var answered, all sync.WaitGroup
	answered.Add(people * each)
	for _, m := range members {
		all.Go(func() {
			for i := range each {
				d := chat.Draft{Room: room.ID, Author: m.ID, CID: fmt.Sprintf("c%d", i), Body: fmt.Sprint(i)}
				if err := s.Append(context.Background(), d, func(r store.Receipt, err error) {
					told = append(told, r.Seq)
					answered.Done()
				}); err != nil {
					t.Errorf("append: %v", err)
				}
			}
		})
	}
	all.Wait()
	answered.Wait()
	if !slices.Equal(told, numbers(1, people*each)) {
		t.Errorf("told in the order %v", told)
	}
	// And each one's words are in the order in which they were said.
	last := make(map[chat.UserID]string)
	for after := int64(0); after < people*each; after += store.MaxPage {
		page, _, err := s.History(context.Background(), room.ID, store.Page{After: max(after, 0), Before: before(after), Limit: store.MaxPage})
		must(t, err)
		for _, m := range page {
			if want := next(last[m.Author]); m.Body != want {
				t.Fatalf("%d says %q, want %q", m.Author, m.Body, want)
			}
			last[m.Author] = m.Body
		}
	}
}

// before asks for the first page, which no After can ask for.
func before(after int64) int64 {
	if after == 0 {
		return store.MaxPage + 1
	}
	return 0
}

func next(body string) string {
	if body == "" {
		return "0"
	}
	var n int
	fmt.Sscan(body, &n)
	return fmt.Sprint(n + 1)
}

func testHistory(t *testing.T, k *kit) {
	ann := k.person(t, "Ann")
	room, empty := k.room(t, "dev", ann), k.room(t, "empty", ann)
	k.fill(t, room.ID, ann.ID, 250)
	for _, tt := range []struct {
		name string
		room chat.RoomID
		page store.Page
		want []int64
		more bool
	}{
		{"the newest", room.ID, store.Page{Limit: 50}, numbers(201, 250), true},
		{"the page before", room.ID, store.Page{Before: 201, Limit: 50}, numbers(151, 200), true},
		{"the very first", room.ID, store.Page{Before: 51, Limit: 50}, numbers(1, 50), false},
		{"a rest", room.ID, store.Page{Before: 4, Limit: 50}, numbers(1, 3), false},
		{"before the first", room.ID, store.Page{Before: 1, Limit: 50}, nil, false},
		{"after", room.ID, store.Page{After: 100, Limit: 50}, numbers(101, 150), true},
		{"up to the newest", room.ID, store.Page{After: 200, Limit: 50}, numbers(201, 250), false},
		{"after the newest", room.ID, store.Page{After: 250, Limit: 50}, nil, false},
		{"too much", room.ID, store.Page{Limit: 100000}, numbers(251-store.MaxPage, 250), true},
		{"too little", room.ID, store.Page{Limit: -1}, numbers(250, 250), true},
		{"an empty room", empty.ID, store.Page{Limit: 50}, nil, false},
	} {
		messages, more, err := k.store(t).History(context.Background(), tt.room, tt.page)
		must(t, err)
		if !slices.Equal(seqs(messages), tt.want) || more != tt.more {
			t.Errorf("%s: %v, more %v; want %v, %v", tt.name, seqs(messages), more, tt.want, tt.more)
		}
		for _, m := range messages {
			if m.Room != tt.room || m.Author != ann.ID || m.Body != fmt.Sprint(m.Seq) || m.CID == "" || m.ID <= 0 || m.Created.IsZero() {
				t.Errorf("%s: message %+v", tt.name, m)
			}
		}
	}
}

func testSync(t *testing.T, k *kit) {
	ann := k.person(t, "Ann")
	room, empty := k.room(t, "dev", ann), k.room(t, "empty", ann)
	k.fill(t, room.ID, ann.ID, store.MaxSync+20)
	for _, tt := range []struct {
		name  string
		room  chat.RoomID
		rev   int64
		want  []int64
		reset bool
	}{
		{"nothing missed", room.ID, store.MaxSync + 20, nil, false},
		{"a little", room.ID, store.MaxSync + 17, numbers(store.MaxSync+18, store.MaxSync+20), false},
		{"the most", room.ID, 20, numbers(21, store.MaxSync+20), false},
		{"one too many", room.ID, 19, nil, true},
		{"from the beginning", room.ID, 0, nil, true},
		{"ahead of the room", room.ID, store.MaxSync + 21, nil, true},
		{"an empty room", empty.ID, 0, nil, false},
	} {
		messages, reset, err := k.store(t).Sync(context.Background(), tt.room, tt.rev)
		must(t, err)
		if !slices.Equal(seqs(messages), tt.want) || reset != tt.reset {
			t.Errorf("%s: %v, reset %v; want %v, %v", tt.name, seqs(messages), reset, tt.want, tt.reset)
		}
	}
}

func testMarkRead(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo, cy := k.person(t, "Ann"), k.person(t, "Bo"), k.person(t, "Cy")
	room := k.room(t, "dev", ann, bo)
	k.fill(t, room.ID, ann.ID, 5)
	for _, tt := range []struct{ seq, want int64 }{{2, 2}, {1, 2}, {-1, 2}, {100, 5}} {
		got, err := s.MarkRead(ctx, room.ID, bo.ID, tt.seq)
		must(t, err)
		if got != tt.want {
			t.Errorf("MarkRead(%d) = %d, want %d", tt.seq, got, tt.want)
		}
	}
	_, err := s.MarkRead(ctx, room.ID, cy.ID, 1)
	refused(t, "reading by someone who is no member", err, chat.CodeNotFound)

	k.fill(t, k.lobby(t).ID, ann.ID, 2)
	_, err = k.say(t, k.lobby(t).ID, bo.ID, "c1", "me too")
	must(t, err)
	m, err := s.Membership(ctx, k.lobby(t).ID, bo.ID)
	must(t, err)
	if m.Unread() != 0 {
		t.Errorf("%d unread after one's own word, want 0", m.Unread())
	}
}

func testReopen(t *testing.T, k *kit) {
	ctx := context.Background()
	token := store.HashToken("secret")
	ann, err := k.store(t).SignIn(ctx, "Ann", token)
	must(t, err)
	room := k.room(t, "dev", ann)
	k.fill(t, room.ID, ann.ID, 10)
	k.close(t)

	again, err := k.store(t).Session(ctx, token)
	must(t, err)
	if again != ann {
		t.Errorf("after a restart the session is of %+v, want %+v", again, ann)
	}
	r, err := k.say(t, room.ID, ann.ID, "c1", "still here")
	must(t, err)
	if r.Seq != 11 || r.Rev != 11 {
		t.Errorf("after a restart the next message is seq %d, rev %d; want 11", r.Seq, r.Rev)
	}
	messages, _, err := k.store(t).History(ctx, room.ID, store.Page{Limit: 100})
	must(t, err)
	if got := seqs(messages); !slices.Equal(got, numbers(1, 11)) {
		t.Errorf("after a restart the room holds %v", got)
	}
}

// What was accepted is committed and told before Close returns; what comes later is refused.
func testClose(t *testing.T, k *kit) {
	ann := k.person(t, "Ann")
	room := k.room(t, "dev", ann)
	s := k.store(t)
	told := 0 // written by done, read after Close
	const count = 300
	for i := range count {
		d := chat.Draft{Room: room.ID, Author: ann.ID, CID: fmt.Sprintf("c%d", i), Body: "last words"}
		must(t, s.Append(context.Background(), d, func(_ store.Receipt, err error) {
			if err != nil {
				t.Errorf("append: %v", err)
			}
			told++
		}))
	}
	k.close(t)
	if told != count {
		t.Errorf("%d of %d answers came before Close returned", told, count)
	}
	err := s.Append(context.Background(), chat.Draft{Room: room.ID, Author: ann.ID, CID: "late", Body: "late"}, func(store.Receipt, error) {
		t.Error("done was called for a draft that was not taken")
	})
	if !errors.Is(err, store.ErrClosed) {
		t.Errorf("append after Close: %v, want ErrClosed", err)
	}
	if err := s.Close(); !errors.Is(err, store.ErrClosed) {
		t.Errorf("the second Close: %v, want ErrClosed", err)
	}
	m, err := k.store(t).Membership(context.Background(), room.ID, ann.ID)
	must(t, err)
	if m.Seq != count {
		t.Errorf("%d messages after a restart, want %d", m.Seq, count)
	}
}
