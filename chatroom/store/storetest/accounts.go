package storetest

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

func testSignIn(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	token := store.HashToken("secret")
	ann, err := s.SignIn(ctx, "Ann", token)
	must(t, err)
	if ann.ID <= 0 || ann.Name != "Ann" || time.Since(ann.Created).Abs() > time.Hour {
		t.Errorf("signed in as %+v", ann)
	}
	again, err := s.Session(ctx, token)
	must(t, err)
	if again != ann {
		t.Errorf("the session is of %+v, want %+v", again, ann)
	}
	_, err = s.Session(ctx, store.HashToken("guess"))
	refused(t, "an unknown token", err, chat.CodeNoSession)
	rooms, err := s.Memberships(ctx, ann.ID)
	must(t, err)
	if len(rooms) != 1 || rooms[0].ID != k.lobby(t).ID {
		t.Errorf("a newcomer is in %+v, want the lobby", rooms)
	}
}

func testNameTaken(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	k.person(t, "Ann")
	for _, name := range []string{"Ann", "ANN", "A nn", "Аnn"} {
		_, err := s.SignIn(ctx, name, store.HashToken(rand.Text()))
		refused(t, "the name "+name, err, chat.CodeNameTaken)
	}
	k.person(t, "Anna")
}

func testSignOut(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	token := store.HashToken("secret")
	ann, err := s.SignIn(ctx, "Ann", token)
	must(t, err)
	_, err = k.say(t, k.lobby(t).ID, ann.ID, "c1", "bye")
	must(t, err)
	must(t, s.SignOut(ctx, token))
	_, err = s.Session(ctx, token)
	refused(t, "a session that ended", err, chat.CodeNoSession)
	must(t, s.SignOut(ctx, token))
	if people, err := s.People(ctx, k.lobby(t).ID, 10); err != nil || len(people) != 0 {
		t.Errorf("members of the lobby: %v, %v; want nobody", people, err)
	}
	if other := k.person(t, "Ann"); other.ID == ann.ID {
		t.Error("the name came back with the id of its former owner")
	}
	users, err := s.Users(ctx, []chat.UserID{ann.ID})
	must(t, err)
	if len(users) != 1 || users[0].Name != "Ann" {
		t.Errorf("the author of old messages is %v", users)
	}
}

// A name stays taken as long as a session of its owner may come back, and not longer.
func testSessionLife(t *testing.T, k *kit) {
	synctest.Test(t, func(t *testing.T) {
		ctx, s := context.Background(), k.store(t)
		defer k.close(t)
		token := store.HashToken("secret")
		_, err := s.SignIn(ctx, "Ann", token)
		must(t, err)
		time.Sleep(store.SessionLife - 2*time.Hour)
		_, err = s.Session(ctx, token)
		must(t, err) // and prolongs it
		time.Sleep(store.SessionLife - 2*time.Hour)
		_, err = s.SignIn(ctx, "ann", store.HashToken("other"))
		refused(t, "the name of someone who can come back", err, chat.CodeNameTaken)
		time.Sleep(3 * time.Hour)
		_, err = s.Session(ctx, token)
		refused(t, "a session that was not used for its life", err, chat.CodeNoSession)
		_, err = s.SignIn(ctx, "ann", store.HashToken("other"))
		must(t, err)
	})
}

func testUsers(t *testing.T, k *kit) {
	ctx, s := context.Background(), k.store(t)
	ann, bo := k.person(t, "Ann"), k.person(t, "Bo")
	users, err := s.Users(ctx, []chat.UserID{bo.ID, 999, ann.ID})
	must(t, err)
	slices.SortFunc(users, func(a, b chat.User) int { return cmp.Compare(a.ID, b.ID) })
	if !slices.Equal(users, []chat.User{ann, bo}) {
		t.Errorf("users %+v", users)
	}
	if users, err := s.Users(ctx, nil); err != nil || len(users) != 0 {
		t.Errorf("no ids give %v, %v", users, err)
	}
}
