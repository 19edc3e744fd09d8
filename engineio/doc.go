// Package engineio keeps sessions: it turns HTTP requests and WebSocket connections into a [Conn] for each peer, and
// keeps that Conn alive and in order while its transport changes underneath (Engine.IO protocol 4, and 3 for old clients).
//
// It knows the handshake, the heartbeat, the upgrade from one transport to another, the outbox (packets that wait for
// the system call) and why a session ended. It may touch net/http, the clock, and the transports below it, through the
// seam in engineio/transport. It refuses to know what a message says: no namespaces, no events, no JSON but that of the
// handshake.
//
// # The road of a packet
//
//	in   transport (frame, or body of a POST) → sink.go → turn.go → Handler.Message     on the goroutine that reads
//	out  outbox.go (Send, or Enqueue and Flush) → write.go → transport.Send             on the goroutine that sends
//	     fanout.go (one packet to many) → flusher.go → write.go → transport.Send        on the goroutine of a flusher
//
// # The life of a session
//
//	verify.go, origin.go, cors.go   may the request have what it wants?
//	accept.go, session.go           the handshake, and the readers
//	heartbeat.go                    ping, pong, and what else needs a timer
//	arrive.go                       WebTransport: what its first packet asks for
//	upgrade.go                      from polling to another transport
//	conn.go, leave.go               the end
//
// plain.go and plainhandshake.go answer what package lane reads without net/http.
//
// A client has one session: dial.go and dialudp.go connect, opening.go waits for the handshake, race.go and probe.go are its
// half of the upgrade. Conn, outbox, heartbeat and turns are the same on both sides.
//
// # Goroutines
//
// A WebSocket session has one goroutine, its reader; one over WebTransport has two, besides those of QUIC. A polling
// session has none; the requests bring their own, or the connections of a lane do. A writer is started when a write would block, and a flusher when
// [FanOut] or [Conn.FlushSoon] has sessions for it; both end when they have nothing to do. Timers use none while they wait. No lock is
// held while a [Handler] is called or a network is written to.
package engineio
