package websocket

import "sync"

const (
	// readSize is how much is read at once. A buffer of this size is held while the messages in it are handled.
	readSize = 16 << 10
	// writeSize is how much is written at once when frames are gathered.
	writeSize = 64 << 10
)

var (
	readPool  = sync.Pool{New: func() any { return new([readSize]byte) }}
	writePool = sync.Pool{New: func() any { return new([writeSize]byte) }}
)
