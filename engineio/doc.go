// Package engineio keeps sessions: it turns HTTP requests and WebSocket connections into a [Conn] for each peer, and
// keeps that Conn alive and in order while its transport changes underneath (Engine.IO protocol 4).
//
// It knows the handshake, the heartbeat, the upgrade from one transport to another, the outbox (packets that wait for
// the system call) and why a session ended. It may touch net/http, the clock, and the transports below it, through the
// seam in engineio/transport. It refuses to know what a message says: no namespaces, no events, no JSON but that of the
// handshake.
//
// # The road of a packet
//
//	in   transport (frame or POST body) → sink.go → Handler.Message        on the goroutine that reads
//	out  Send | Enqueue + Flush → outbox.go → write.go → transport.Send    on the goroutine that sends, never blocking
//
// # Goroutines
//
// A WebSocket session has one goroutine, its reader. A polling session has none; the requests bring their own. A writer
// is started when a write would block and ends when the outbox is empty. Timers use none while they wait. No lock is
// held while a [Handler] is called or a network is written to.
package engineio
