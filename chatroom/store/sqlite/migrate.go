package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

//go:embed schema.sql
var schema string

// migrations lead from each version of the file (its user_version) to the next one. A step that was released never changes.
var migrations = []func(context.Context, *sql.Conn) error{
	func(ctx context.Context, c *sql.Conn) error {
		if _, err := c.ExecContext(ctx, schema); err != nil {
			return err
		}
		now := time.Now().UnixMilli()
		_, err := c.ExecContext(ctx, `INSERT INTO rooms (kind, name, name_key, topic, created_at, active_at) VALUES (?, ?, ?, '', ?, ?)`,
			chat.Public, chat.Lobby, chat.NameKey(chat.Lobby), now, now)
		return err
	},
}

// migrate brings the file to the newest version, each step in a transaction of its own.
func migrate(ctx context.Context, c *sql.Conn) error {
	var version int
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("%w: version %d, this program knows %d", store.ErrNewer, version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		if err := step(ctx, c, version); err != nil {
			return fmt.Errorf("migrate from version %d: %w", version, err)
		}
	}
	return nil
}

func step(ctx context.Context, c *sql.Conn, version int) error {
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := migrations[version](ctx, c)
	if err == nil {
		_, err = c.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1))
	}
	if err == nil {
		_, err = c.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		c.ExecContext(ctx, "ROLLBACK") // the first error is the one that tells
	}
	return err
}
