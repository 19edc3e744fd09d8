// Package descriptor reads and writes the descriptors of plain connections. It buys two things over net.Conn: a write that
// gives up instead of waiting, so that whoever sends may write, and a read that takes its buffer only when there are bytes
// for it, or gives up as well, so that an idle connection holds no buffer and needs no goroutine.
//
// The calls into the kernel never block (MSG_DONTWAIT), so they are made without telling the scheduler. Connections that
// are not the kernel's own have no descriptor here, and none has on systems other than Linux on amd64 and arm64.
//
// It may call the kernel. It refuses to know what the bytes are.
package descriptor
