package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/socketio-go/socketio/chatroom/store"
)

var _ store.Store = (*Store)(nil)

// Store is a chat in an SQLite file. Create it with [Open].
type Store struct {
	read   *sql.DB
	own    *sql.DB // of the writer: one connection
	writer *writer
}

// pragmas are the settings of every connection, and what SQLite must answer when asked for them. FULL: an acknowledged
// message is on the disk, also after a power cut. Some drivers accept a data source name and ignore what they don't
// understand in it, so the settings are read back.
var pragmas = []struct{ name, set, want string }{
	{"busy_timeout", "10000", "10000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"temp_store", "MEMORY", "2"},
}

// Open opens the chat in the file at path. It makes the file, and the folder for it, when there is none. WAL needs a local
// disk: don't put the file on a network share. The errors are those of the file system and of SQLite, and
// [store.ErrNewer].
func Open(path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// SQLite would make the file readable for everybody.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f.Close()

	s := &Store{}
	if err := s.open(path); err != nil {
		s.closeFiles()
		return nil, fmt.Errorf("open chat %s: %w", path, err)
	}
	return s, nil
}

func (s *Store) open(path string) (err error) {
	ctx := context.Background()
	// A transaction that starts to read and then wants to write fails at once when another has written meanwhile, without
	// waiting for busy_timeout. Immediate ones wait at their beginning.
	if s.own, err = sql.Open("sqlite", source(path, "_txlock=immediate")); err != nil {
		return err
	}
	s.own.SetMaxOpenConns(1)
	if err := checkPragmas(ctx, s.own); err != nil {
		return err
	}
	conn, err := s.own.Conn(ctx)
	if err != nil {
		return err
	}
	if err := migrate(ctx, conn); err != nil {
		return err
	}

	if s.read, err = sql.Open("sqlite", source(path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	if err := checkPragmas(ctx, s.read); err != nil {
		return err
	}
	s.writer = startWriter(conn)
	return nil
}

// source returns the data source name of the file with all pragmas and one more parameter.
func source(path, parameter string) string {
	dsn := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String() + "?" + parameter
	for _, p := range pragmas {
		dsn += fmt.Sprintf("&_pragma=%s(%s)", p.name, p.set)
	}
	return dsn
}

func checkPragmas(ctx context.Context, db *sql.DB) error {
	for _, p := range pragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("read %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("%s is %q, want %q: is the folder on a network share?", p.name, got, p.want)
		}
	}
	return nil
}

// Close commits what was accepted, gives out the answers and closes the file.
func (s *Store) Close() error {
	if err := s.writer.close(); err != nil {
		return err
	}
	return s.closeFiles()
}

func (s *Store) closeFiles() (err error) {
	for _, db := range []*sql.DB{s.read, s.own} { // the last to close empties the WAL, and readers may not
		if db != nil {
			err = db.Close()
		}
	}
	return err
}
