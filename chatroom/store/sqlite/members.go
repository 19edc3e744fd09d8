package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
)

// Join implements [store.Members].
func (s *Store) Join(ctx context.Context, room chat.RoomID, user chat.UserID) (bool, error) {
	return write(ctx, s, func(t *tx) (joined bool, err error) {
		if err := requirePublic(t, room); err != nil {
			return false, err
		}
		var one int
		member, err := t.row(`SELECT 1 FROM members WHERE room_id = ? AND user_id = ?`, []any{room, user}, &one)
		if err != nil || member {
			return false, err
		}
		return true, addMember(t, room, user, time.Now().UnixMilli())
	})
}

// Leave implements [store.Members].
func (s *Store) Leave(ctx context.Context, room chat.RoomID, user chat.UserID) (bool, error) {
	return write(ctx, s, func(t *tx) (left bool, err error) {
		if err := requirePublic(t, room); err != nil {
			return false, err
		}
		n, err := t.changed(`DELETE FROM members WHERE room_id = ? AND user_id = ?`, room, user)
		return n > 0, err
	})
}

// requirePublic refuses rooms that are not there for everybody, all in the same way.
func requirePublic(t *tx, room chat.RoomID) error {
	var one int
	public, err := t.row(`SELECT 1 FROM rooms WHERE id = ? AND kind = 'public'`, []any{room}, &one)
	if err == nil && !public {
		return chat.Refuse(chat.CodeNotFound)
	}
	return err
}

// membershipQuery selects a person's (first argument) rooms with the other person of direct ones.
const membershipQuery = `SELECT ` + roomColumns + `, m.read_seq, u.id, u.name, u.created_at
	FROM members m JOIN rooms r ON r.id = m.room_id
	LEFT JOIN members o ON r.kind = 'direct' AND o.room_id = r.id AND o.user_id <> m.user_id
	LEFT JOIN users u ON u.id = o.user_id
	WHERE m.user_id = ?1`

// Memberships implements [store.Members].
func (s *Store) Memberships(ctx context.Context, user chat.UserID) ([]chat.Membership, error) {
	rows, err := s.read.QueryContext(ctx, membershipQuery+` AND (r.kind = 'public' OR r.id IN (
		SELECT d.id FROM members dm JOIN rooms d ON d.id = dm.room_id
		WHERE dm.user_id = ?1 AND d.kind = 'direct' AND d.seq > 0 ORDER BY d.active_at DESC, d.id DESC LIMIT ?2))
		ORDER BY r.id`, user, chat.MaxDirect)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var memberships []chat.Membership
	for rows.Next() {
		m, err := scanMembership(rows.Scan)
		if err != nil {
			return nil, err
		}
		memberships = append(memberships, m)
	}
	return memberships, rows.Err()
}

// Membership implements [store.Members].
func (s *Store) Membership(ctx context.Context, room chat.RoomID, user chat.UserID) (chat.Membership, error) {
	m, err := scanMembership(s.read.QueryRowContext(ctx, membershipQuery+` AND r.id = ?2`, user, room).Scan)
	if none(err) {
		return chat.Membership{}, chat.Refuse(chat.CodeNotFound)
	}
	return m, err
}

func scanMembership(scan func(into ...any) error) (m chat.Membership, err error) {
	var peer sql.NullInt64
	var name sql.NullString
	var created sql.NullInt64
	into, scanned := roomFields(&m.Room)
	if err := scan(append(into, &m.Read, &peer, &name, &created)...); err != nil {
		return chat.Membership{}, err
	}
	scanned()
	if peer.Valid {
		m.Peer = &chat.User{ID: chat.UserID(peer.Int64), Name: name.String, Created: milli(created.Int64)}
	}
	return m, nil
}

// People implements [store.Members].
func (s *Store) People(ctx context.Context, room chat.RoomID, limit int) ([]chat.User, error) {
	return s.users(ctx, `SELECT u.id, u.name, u.created_at FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = ? ORDER BY u.id LIMIT ?`, room, limit)
}
