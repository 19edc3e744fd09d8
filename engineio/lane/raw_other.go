//go:build !linux || !(amd64 || arm64)

package lane

import "net"

// raw does not exist here: every connection is read and written through net.Conn.
type raw struct{}

func newRaw(net.Conn) raw { return raw{} }

func (raw) there() bool { return false }

func (raw) read([]byte, bool) (int, *buffer, error) { panic("lane: no raw connections on this system") }

func (raw) write([]byte) (int, error) { panic("lane: no raw connections on this system") }
