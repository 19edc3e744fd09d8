// Package websocket carries packets as WebSocket messages (RFC 6455; Engine.IO protocol 4, "WebSocket").
//
// It knows the WebSocket handshake, frames, and how to write to a socket without waiting for it. It may touch net,
// net/http and the WebSocket library, and is the only package that may: no type of the library crosses its border. It
// refuses to know sessions, and what a packet means.
//
//	accept.go     the handshake, server side                    [Upgrade], [Accept]
//	dial.go       the handshake, client side                    [Dial]; mask.go is what a client writes
//	decoder.go    bytes → messages, resumable at every byte; all limits and protocol checks
//	frame.go      packets → frames
//	extension.go  agreeing on permessage-deflate (RFC 7692); deflate.go is what it does to messages
//	link.go       reading, and saying goodbye
//	conn.go       [Conn]: a connection read and written one message at a time
//	transport.go  [Transport]: the same connection, under a session; send.go is its way out
//	raw_linux.go  reading and writing without waiting, and without a buffer while idle; raw_other.go is the way without
//	lot.go        [Lot]: who reads for the connections of a server; lot_linux.go lets the kernel watch those that are idle
//
// A connection has at most one goroutine, its reader. On plain TCP it holds no buffer while it waits and, in a lot, no
// goroutine either.
package websocket
