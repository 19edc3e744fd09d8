// Package recovery lets official clients lose their connections to a server, and their server, which runs in a process of
// its own and is restarted, and checks that they recover and miss nothing.
//
// It knows what the official client does and what the server promises. It refuses to know how.
package recovery
