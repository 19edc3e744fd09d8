package sqlite

import (
	"context"
	"slices"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// Append implements [store.Messages].
func (s *Store) Append(ctx context.Context, d chat.Draft, done func(store.Receipt, error)) error {
	var receipt store.Receipt // written by the writer, then read by the teller
	return s.writer.put(ctx, &change{
		run: func(t *tx) (err error) {
			receipt, err = appendMessage(t, d)
			return err
		},
		done: func(err error) {
			if err != nil {
				done(store.Receipt{}, err)
				return
			}
			done(receipt, nil)
		},
	})
}

func appendMessage(t *tx, d chat.Draft) (r store.Receipt, err error) {
	r.Message = chat.Message{Room: d.Room, Author: d.Author, CID: d.CID, Body: d.Body}
	known, err := knownMessage(t, &r.Message)
	if err != nil || known {
		return r, err
	}
	var kind chat.Kind
	member, err := t.row(`SELECT r.kind FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.room_id = ? AND m.user_id = ?`,
		[]any{d.Room, d.Author}, &kind)
	if err != nil {
		return r, err
	}
	if !member {
		return r, chat.Refuse(chat.CodeNotFound)
	}
	now := time.Now().UnixMilli()
	r.Fresh, r.Created = true, milli(now)
	if _, err := t.row(`UPDATE rooms SET seq = seq + 1, rev = rev + 1, active_at = ? WHERE id = ? RETURNING seq, rev`,
		[]any{now, d.Room}, &r.Seq, &r.Rev); err != nil {
		return r, err
	}
	id, err := t.insert(`INSERT INTO messages (room_id, seq, rev, cid, user_id, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		d.Room, r.Seq, r.Rev, d.CID, d.Author, d.Body, now)
	if err != nil {
		return r, err
	}
	r.ID = chat.MessageID(id)
	// Who says something has seen what was said before.
	if err := t.exec(`UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ?`, r.Seq, d.Room, d.Author); err != nil {
		return r, err
	}
	if kind == chat.Direct {
		r.Members, err = pair(t, d.Room)
	}
	return r, err
}

// knownMessage completes m when its author has used its CID before: for the same message that is the answer, for another
// one a refusal.
func knownMessage(t *tx, m *chat.Message) (bool, error) {
	var room chat.RoomID
	var body string
	var created int64
	known, err := t.row(`SELECT id, room_id, seq, rev, body, created_at FROM messages WHERE user_id = ? AND cid = ?`,
		[]any{m.Author, m.CID}, &m.ID, &room, &m.Seq, &m.Rev, &body, &created)
	if err != nil || !known {
		return false, err
	}
	if room != m.Room || body != m.Body {
		return false, chat.Refuse(chat.CodeCIDReused)
	}
	m.Created = milli(created)
	return true, nil
}

// pair returns the people of a direct room.
func pair(t *tx, room chat.RoomID) ([]chat.UserID, error) {
	var a, b chat.UserID
	_, err := t.row(`SELECT min(user_id), max(user_id) FROM members WHERE room_id = ?`, []any{room}, &a, &b)
	return []chat.UserID{a, b}, err
}

// messageColumns are the columns of messages that a message is scanned from.
const messageColumns = `id, room_id, user_id, seq, rev, cid, body, created_at`

// History implements [store.Messages].
func (s *Store) History(ctx context.Context, room chat.RoomID, p store.Page) ([]chat.Message, bool, error) {
	limit := min(max(p.Limit, 1), store.MaxPage)
	query, bound := `SELECT `+messageColumns+` FROM messages WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`, p.Before
	forward := p.Before == 0 && p.After > 0
	switch {
	case forward:
		query, bound = `SELECT `+messageColumns+` FROM messages WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`, p.After
	case p.Before == 0:
		bound = 1<<63 - 1
	}
	messages, err := s.messages(ctx, query, room, bound, limit+1)
	if err != nil {
		return nil, false, err
	}
	more := len(messages) > limit
	messages = messages[:min(len(messages), limit)]
	if !forward {
		slices.Reverse(messages)
	}
	return messages, more, nil
}

// Sync implements [store.Messages].
func (s *Store) Sync(ctx context.Context, room chat.RoomID, rev int64) ([]chat.Message, bool, error) {
	messages, err := s.messages(ctx, `SELECT `+messageColumns+` FROM messages WHERE room_id = ? AND rev > ? ORDER BY rev LIMIT ?`,
		room, rev, store.MaxSync+1)
	if err != nil {
		return nil, false, err
	}
	if len(messages) > store.MaxSync {
		return nil, true, nil
	}
	if len(messages) == 0 {
		// Nothing new, or less than the asker knows: the data may come from a backup.
		var now int64
		err := s.read.QueryRowContext(ctx, `SELECT rev FROM rooms WHERE id = ?`, room).Scan(&now)
		return nil, rev > now, err
	}
	return messages, false, nil
}

func (s *Store) messages(ctx context.Context, query string, args ...any) ([]chat.Message, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var messages []chat.Message
	for rows.Next() {
		var m chat.Message
		var created int64
		if err := rows.Scan(&m.ID, &m.Room, &m.Author, &m.Seq, &m.Rev, &m.CID, &m.Body, &created); err != nil {
			return nil, err
		}
		m.Created = milli(created)
		messages = append(messages, m)
	}
	return messages, rows.Err()
}

// MarkRead implements [store.Messages].
func (s *Store) MarkRead(ctx context.Context, room chat.RoomID, user chat.UserID, seq int64) (int64, error) {
	return write(ctx, s, func(t *tx) (read int64, err error) {
		member, err := t.row(`UPDATE members SET read_seq = max(read_seq, min(?, (SELECT seq FROM rooms WHERE id = room_id)))
			WHERE room_id = ? AND user_id = ? RETURNING read_seq`, []any{seq, room, user}, &read)
		if err == nil && !member {
			return 0, chat.Refuse(chat.CodeNotFound)
		}
		return read, err
	})
}
