package engineio

import (
	"crypto/rand"
	"encoding/base64"
)

// newID makes a session id: 120 random bits as 20 base64url characters. An id is a secret between the server and its
// client, so it must not be guessable; its length is that of the reference implementation's ids.
func newID() string {
	var b [15]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
