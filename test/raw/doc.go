// Package raw is a peer made of bytes: it says to a server exactly what a test tells it to, well formed or not, and
// reports exactly what came back.
//
// It has two levels. [Conn] is one TCP connection with a reader for HTTP responses and one for WebSocket frames; it
// checks nothing and keeps no state. [Peer] is a small Socket.IO peer on top, polite and synchronous, over polling or
// WebSocket: the witness that goes on while others misbehave, and the load that a soak test puts on a server.
//
// It knows the wire and nothing else. It refuses to know the codecs of this project, so that a mistake in them can't
// hide itself, and it starts no goroutine but the one that Upgrade waits for.
package raw
