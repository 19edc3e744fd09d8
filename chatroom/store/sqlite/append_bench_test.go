package sqlite_test

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// BenchmarkAppend says what group commit buys: many people at once share a sync of the disk, one alone pays for it.
func BenchmarkAppend(b *testing.B) {
	s := open(b, b.TempDir())
	defer s.Close()
	u, err := s.SignIn(context.Background(), "Ann", store.HashToken("secret"))
	if err != nil {
		b.Fatal(err)
	}
	say := func(b *testing.B) {
		done := make(chan error, 1)
		err := s.Append(context.Background(), chat.Draft{Room: 1, Author: u.ID, CID: rand.Text(), Body: "a message as people write them"},
			func(_ store.Receipt, err error) { done <- err })
		if err == nil {
			err = <-done
		}
		if err != nil {
			b.Error(err)
		}
	}
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			say(b)
		}
	})
	b.Run("many", func(b *testing.B) {
		b.SetParallelism(128)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				say(b)
			}
		})
	})
}
