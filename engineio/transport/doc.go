// Package transport is the seam between a session and what carries its packets: [Transport] below, [Sink] above.
//
// It knows the handful of calls that cross the seam, which of them may block and who owns the bytes. It touches nothing.
// It refuses to know any one transport, and what a session is.
//
// # Who calls what
//
// The session owns the write side: at most one Send runs at a time. The transport owns the read side: it calls
// Sink.Packet for one packet at a time, in order. Close may be called at any time by anyone; after it returns, the
// transport starts no further call to its Sink but for one that is already on its way.
package transport
