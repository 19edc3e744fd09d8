package storetest

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// crashDir tells the test program that it is the one to be killed, and in which folder it keeps its store.
const crashDir = "STORETEST_CRASH_DIR"

// Crash proves that no acknowledged message is lost when the process is killed in the middle of its work. It runs the
// test program again, as a writer that prints what it was told, and kills it five times at different points.
func Crash(t *testing.T, open Open) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(t, open(t, dir))
		return
	}
	dir := t.TempDir()
	told := make(map[string]int64) // cid → seq
	for round := range 5 {
		killWriter(t, dir, 40+97*round, told)
		k := &kit{open: open, dir: dir}
		author, room := crashScene(t, k.store(t))
		for cid, seq := range told {
			r, err := k.say(t, room, author, cid, "text")
			must(t, err)
			if r.Fresh || r.Seq != seq {
				t.Errorf("round %d: %s was acknowledged as %d and is now %+v", round, cid, seq, r.Message)
			}
		}
		m, err := k.store(t).Membership(context.Background(), room, author)
		must(t, err)
		for before := m.Seq + 1; before > 1; before -= min(store.MaxPage, before-1) {
			page, _, err := k.store(t).History(context.Background(), room, store.Page{Before: before, Limit: store.MaxPage})
			must(t, err)
			want := numbers(max(1, before-store.MaxPage), before-1)
			if got := seqs(page); len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
				t.Fatalf("round %d: the room has a hole before %d: %v", round, before, got)
			}
		}
		k.close(t)
	}
}

// killWriter starts a writer, kills it when it was told of count messages, and adds those to told.
func killWriter(t *testing.T, dir string, count int, told map[string]int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	heard := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var cid string
		var seq int64
		if n, _ := fmt.Sscanf(lines.Text(), "told %s %d.", &cid, &seq); n != 2 {
			continue
		}
		told[cid] = seq
		if heard++; heard == count {
			must(t, cmd.Process.Kill())
		}
	}
	cmd.Wait() // "signal: killed" is what we want to hear
	if heard < count {
		t.Fatalf("the writer ended by itself after %d messages", heard)
	}
}

// crashScene finds or makes the author and the room.
func crashScene(t testing.TB, s store.Store) (chat.UserID, chat.RoomID) {
	t.Helper()
	ctx, token := context.Background(), store.HashToken("writer")
	author, err := s.Session(ctx, token)
	if err != nil {
		author, err = s.SignIn(ctx, "writer", token)
		must(t, err)
	}
	rooms, err := s.Memberships(ctx, author.ID)
	must(t, err)
	return author.ID, rooms[0].ID
}

// writeUntilKilled appends as fast as the store takes it and prints a line for each answer, ended by a point so that a
// line cut short is not taken for another number.
func writeUntilKilled(t *testing.T, s store.Store) {
	author, room := crashScene(t, s)
	for {
		cid := rand.Text()
		must(t, s.Append(context.Background(), chat.Draft{Room: room, Author: author, CID: cid, Body: "text"},
			func(r store.Receipt, err error) {
				must(t, err)
				fmt.Fprintf(os.Stdout, "told %s %d.\n", cid, r.Seq)
			}))
	}
}
