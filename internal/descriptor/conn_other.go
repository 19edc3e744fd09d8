//go:build !linux || !(amd64 || arm64)

package descriptor

import "net"

// Conn does not exist here: every connection is read and written through net.Conn.
type Conn struct{}

func Of(net.Conn) Conn { return Conn{} }

func (Conn) There() bool { return false }

func (Conn) Control(func(uintptr)) error { panic(none) }

func (Conn) Write([]byte) (int, error) { panic(none) }

func (Conn) Writev([][]byte) (int, error) { panic(none) }

func (p *Buffers[B]) Read(Conn, []byte, bool) (int, *B, error) { panic(none) }

func newRead[B any](*Buffers[B]) any { return nil }

const none = "descriptor: there are none on this system"
