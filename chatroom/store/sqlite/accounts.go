package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// SignIn implements [store.Accounts].
func (s *Store) SignIn(ctx context.Context, name string, token store.TokenHash) (chat.User, error) {
	return write(ctx, s, func(t *tx) (chat.User, error) {
		now := time.Now()
		key := chat.NameKey(name)
		if err := freeName(t, key, now); err != nil {
			return chat.User{}, err
		}
		id, err := t.insert(`INSERT INTO users (name, name_key, kind, created_at) VALUES (?, ?, 'guest', ?)`, name, key, now.UnixMilli())
		if err != nil {
			return chat.User{}, err
		}
		if err := t.exec(`INSERT INTO sessions (token_hash, user_id, created_at, used_at) VALUES (?, ?, ?, ?)`,
			token[:], id, now.UnixMilli(), now.UnixMilli()); err != nil {
			return chat.User{}, err
		}
		if err := t.exec(`INSERT INTO members (room_id, user_id, read_seq, joined_at) SELECT id, ?, seq, ? FROM rooms WHERE name_key = ?`,
			id, now.UnixMilli(), chat.NameKey(chat.Lobby)); err != nil {
			return chat.User{}, err
		}
		return chat.User{ID: chat.UserID(id), Name: name, Created: milli(now.UnixMilli())}, nil
	})
}

// freeName makes sure that nobody has the name: it refuses while its owner can come back, and else takes it away.
func freeName(t *tx, key string, now time.Time) error {
	var owner chat.UserID
	taken, err := t.row(`SELECT id FROM users WHERE name_key = ?`, []any{key}, &owner)
	if err != nil || !taken {
		return err
	}
	var one int
	alive, err := t.row(`SELECT 1 FROM sessions WHERE user_id = ? AND used_at > ? LIMIT 1`,
		[]any{owner, now.Add(-store.SessionLife).UnixMilli()}, &one)
	if err != nil {
		return err
	}
	if alive {
		return chat.Refuse(chat.CodeNameTaken)
	}
	return retire(t, owner)
}

// retire takes the name from a guest who can't come back, and the place in public rooms. What the guest said stays.
func retire(t *tx, user chat.UserID) error {
	if err := t.exec(`UPDATE users SET name_key = NULL WHERE id = ?`, user); err != nil {
		return err
	}
	return t.exec(`DELETE FROM members WHERE user_id = ? AND room_id IN (SELECT id FROM rooms WHERE kind = 'public')`, user)
}

// endSessions ends the sessions last used before then and retires the guests who have none left.
func endSessions(t *tx, then time.Time) error {
	if err := t.exec(`DELETE FROM sessions WHERE used_at <= ?`, then.UnixMilli()); err != nil {
		return err
	}
	const gone = `SELECT id FROM users WHERE name_key IS NOT NULL AND id NOT IN (SELECT user_id FROM sessions)`
	if err := t.exec(`DELETE FROM members WHERE user_id IN (` + gone + `) AND room_id IN (SELECT id FROM rooms WHERE kind = 'public')`); err != nil {
		return err
	}
	return t.exec(`UPDATE users SET name_key = NULL WHERE id IN (` + gone + `)`)
}

// touchAfter is how old the note of a session's last use may get: a write for every connection would be wasted.
const touchAfter = time.Hour

// Session implements [store.Accounts].
func (s *Store) Session(ctx context.Context, token store.TokenHash) (chat.User, error) {
	now := time.Now()
	var user chat.User
	var created, used int64
	err := s.read.QueryRowContext(ctx, `SELECT u.id, u.name, u.created_at, s.used_at FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = ?`, token[:]).Scan(&user.ID, &user.Name, &created, &used)
	if none(err) || err == nil && used <= now.Add(-store.SessionLife).UnixMilli() {
		return chat.User{}, chat.Refuse(chat.CodeNoSession)
	}
	if err != nil {
		return chat.User{}, err
	}
	user.Created = milli(created)
	if used > now.Add(-touchAfter).UnixMilli() {
		return user, nil
	}
	return write(ctx, s, func(t *tx) (chat.User, error) {
		return user, t.exec(`UPDATE sessions SET used_at = ? WHERE token_hash = ?`, now.UnixMilli(), token[:])
	})
}

// SignOut implements [store.Accounts].
func (s *Store) SignOut(ctx context.Context, token store.TokenHash) error {
	_, err := write(ctx, s, func(t *tx) (none struct{}, err error) {
		var user chat.UserID
		found, err := t.row(`DELETE FROM sessions WHERE token_hash = ? RETURNING user_id`, []any{token[:]}, &user)
		if err != nil || !found {
			return none, err
		}
		var one int
		more, err := t.row(`SELECT 1 FROM sessions WHERE user_id = ? LIMIT 1`, []any{user}, &one)
		if err != nil || more {
			return none, err
		}
		return none, retire(t, user)
	})
	return err
}

// Users implements [store.Accounts].
func (s *Store) Users(ctx context.Context, ids []chat.UserID) ([]chat.User, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return s.users(ctx, `SELECT id, name, created_at FROM users WHERE id IN (SELECT value FROM json_each(?))`, string(list))
}

// users reads rows of id, name and created_at.
func (s *Store) users(ctx context.Context, query string, args ...any) ([]chat.User, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var users []chat.User
	for rows.Next() {
		var u chat.User
		var created int64
		if err := rows.Scan(&u.ID, &u.Name, &created); err != nil {
			return nil, err
		}
		u.Created = milli(created)
		users = append(users, u)
	}
	return users, rows.Err()
}
