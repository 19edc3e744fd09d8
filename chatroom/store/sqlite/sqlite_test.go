package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/store/sqlite"
	"github.com/socketio-go/socketio/chatroom/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func file(dir string) string { return filepath.Join(dir, "a folder", "chat 100%?.db") }

func open(t testing.TB, dir string) store.Store {
	t.Helper()
	s, err := sqlite.Open(file(dir))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestCrash(t *testing.T) { storetest.Crash(t, open) }

func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// What people say is not for the other accounts of the machine.
func TestFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	for path, want := range map[string]os.FileMode{file(dir): 0o600, filepath.Dir(file(dir)): 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", path, got, want)
		}
	}
}

func TestNewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chat.db")
	s, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := raw(t, path).Exec("PRAGMA user_version = 1000"); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(path); !errors.Is(err, store.ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chat.db")
	if err := os.WriteFile(path, []byte("Dear diary, this is not SQLite. It is long enough to look like a header, though."), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(path); err == nil {
		s.Close()
		t.Error("a text file was opened as a chat")
	}
}

func TestCloseLeavesOneSoundFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := s.SignIn(context.Background(), "Ann", store.HashToken("secret")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(file(dir)))
	if err != nil || len(entries) != 1 {
		t.Errorf("after Close the folder holds %v, %v; want the database alone", entries, err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	data, err := os.ReadFile(file(dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var verdict string
	if err := raw(t, copied).QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check says %q, %v", verdict, err)
	}
}
