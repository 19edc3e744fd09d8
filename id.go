package socketio

import (
	"crypto/rand"
	"encoding/base64"
)

const idLength = 20

// newID makes the id of a socket: 120 random bits as 20 base64url characters. Node's sharded adapter takes a room for a
// private one by that length.
func newID() string {
	var b [15]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
