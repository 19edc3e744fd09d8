package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// roomColumns are the columns of rooms, named r, that a room is scanned from.
const roomColumns = `r.id, r.kind, r.name, r.topic, r.seq, r.rev, r.created_at, r.active_at`

// roomFields returns where to scan roomColumns, and what to call after it.
func roomFields(r *chat.Room) (into []any, scanned func()) {
	var created, active int64
	return []any{&r.ID, &r.Kind, &r.Name, &r.Topic, &r.Seq, &r.Rev, &created, &active}, func() {
		r.Created, r.Active = milli(created), milli(active)
	}
}

func milli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// CreateRoom implements [store.Rooms].
func (s *Store) CreateRoom(ctx context.Context, creator chat.UserID, name, topic string) (chat.Room, error) {
	return write(ctx, s, func(t *tx) (chat.Room, error) {
		key := chat.NameKey(name)
		var one, count int
		if taken, err := t.row(`SELECT 1 FROM rooms WHERE name_key = ?`, []any{key}, &one); err != nil {
			return chat.Room{}, err
		} else if taken {
			return chat.Room{}, chat.Refuse(chat.CodeNameTaken)
		}
		if _, err := t.row(`SELECT count(*) FROM rooms WHERE kind = 'public'`, nil, &count); err != nil {
			return chat.Room{}, err
		} else if count >= chat.MaxRooms {
			return chat.Room{}, chat.Refuse(chat.CodeFull)
		}
		now := time.Now().UnixMilli()
		id, err := t.insert(`INSERT INTO rooms (kind, name, name_key, topic, created_at, active_at) VALUES ('public', ?, ?, ?, ?, ?)`,
			name, key, topic, now, now)
		if err != nil {
			return chat.Room{}, err
		}
		if err := addMember(t, chat.RoomID(id), creator, now); err != nil {
			return chat.Room{}, err
		}
		return chat.Room{ID: chat.RoomID(id), Kind: chat.Public, Name: name, Topic: topic, Created: milli(now), Active: milli(now)}, nil
	})
}

// addMember makes the person a member for whom all that was said before counts as read.
func addMember(t *tx, room chat.RoomID, user chat.UserID, now int64) error {
	return t.exec(`INSERT INTO members (room_id, user_id, read_seq, joined_at) SELECT id, ?, seq, ? FROM rooms WHERE id = ?`, user, now, room)
}

// DirectRoom implements [store.Rooms].
func (s *Store) DirectRoom(ctx context.Context, a, b chat.UserID) (chat.Room, error) {
	if a == b {
		return chat.Room{}, chat.Refuse(chat.CodeNotFound)
	}
	pair := fmt.Sprintf("%d:%d", min(a, b), max(a, b))
	room, err := s.directRoom(ctx, pair)
	if !none(err) {
		return room, err
	}
	return write(ctx, s, func(t *tx) (room chat.Room, err error) {
		var count int
		if _, err := t.row(`SELECT count(*) FROM users WHERE id IN (?, ?)`, []any{a, b}, &count); err != nil {
			return room, err
		} else if count < 2 {
			return room, chat.Refuse(chat.CodeNotFound)
		}
		now := time.Now().UnixMilli()
		into, scanned := roomFields(&room)
		// Another writer may have been faster: then the row that is there is returned.
		if _, err := t.row(`INSERT INTO rooms AS r (kind, name, pair, topic, created_at, active_at) VALUES ('direct', '', ?, '', ?, ?)
			ON CONFLICT (pair) DO UPDATE SET pair = pair
			RETURNING id, kind, name, topic, seq, rev, created_at, active_at`, []any{pair, now, now}, into...); err != nil {
			return room, err
		}
		scanned()
		return room, t.exec(`INSERT INTO members (room_id, user_id, read_seq, joined_at) VALUES (?, ?, 0, ?), (?, ?, 0, ?)
			ON CONFLICT DO NOTHING`, room.ID, a, now, room.ID, b, now)
	})
}

func (s *Store) directRoom(ctx context.Context, pair string) (room chat.Room, err error) {
	into, scanned := roomFields(&room)
	err = s.read.QueryRowContext(ctx, `SELECT `+roomColumns+` FROM rooms r WHERE pair = ?`, pair).Scan(into...)
	scanned()
	return room, err
}

// PublicRooms implements [store.Rooms].
func (s *Store) PublicRooms(ctx context.Context, query string, limit int) ([]store.Listing, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+roomColumns+`, (SELECT count(*) FROM members m WHERE m.room_id = r.id) AS people
		FROM rooms r WHERE kind = 'public' AND instr(name_key, ?) > 0 ORDER BY people DESC, id LIMIT ?`, chat.NameKey(query), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var listings []store.Listing
	for rows.Next() {
		var l store.Listing
		into, scanned := roomFields(&l.Room)
		if err := rows.Scan(append(into, &l.Members)...); err != nil {
			return nil, err
		}
		scanned()
		listings = append(listings, l)
	}
	return listings, rows.Err()
}
