// Package autobahn plays the conversations of the Autobahn WebSocket test suite, told again in Go: a peer of raw bytes
// against the echo server that the suite asks for, and against the client. A test has the number of the suite's case.
//
// It is no substitute for the suite itself, whose results are in docs/autobahn.md; it keeps what they say true between
// two runs of it. Where the suite takes minutes (sections 9, 12 and 13) the tests are small; SOAK=1 makes them as large
// as the suite's.
//
// It knows RFC 6455 and RFC 7692 and what the suite expects. It refuses to know how the peer keeps them.
package autobahn
