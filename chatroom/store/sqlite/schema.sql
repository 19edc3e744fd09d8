CREATE TABLE users (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	name       TEXT NOT NULL,
	name_key   TEXT UNIQUE, -- NULL once a guest has given the name back
	kind       TEXT NOT NULL CHECK (kind IN ('guest')),
	created_at INTEGER NOT NULL -- all times are Unix milliseconds
) STRICT;

CREATE TABLE sessions (
	token_hash BLOB PRIMARY KEY,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	created_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_used ON sessions (used_at);

CREATE TABLE rooms (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	kind       TEXT NOT NULL CHECK (kind IN ('public', 'direct')),
	name       TEXT NOT NULL,
	name_key   TEXT UNIQUE, -- NULL for a direct room
	pair       TEXT UNIQUE, -- 'lower id:higher id' for a direct room
	topic      TEXT NOT NULL,
	seq        INTEGER NOT NULL DEFAULT 0,
	rev        INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	active_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
	room_id   INTEGER NOT NULL REFERENCES rooms (id),
	user_id   INTEGER NOT NULL REFERENCES users (id),
	read_seq  INTEGER NOT NULL,
	joined_at INTEGER NOT NULL,
	PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id);

CREATE TABLE messages (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	room_id    INTEGER NOT NULL REFERENCES rooms (id),
	seq        INTEGER NOT NULL,
	rev        INTEGER NOT NULL,
	cid        TEXT NOT NULL,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	body       TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	UNIQUE (room_id, seq),
	UNIQUE (user_id, cid)
) STRICT;
CREATE INDEX messages_rev ON messages (room_id, rev);
