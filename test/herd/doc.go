// Package herd cuts many clients at once, and lets them be treated badly: what they do then to a server that comes back,
// and to themselves.
//
// The server is a process of its own that is killed, so that all its connections end in the same moment; the clients are
// in the test. It knows how clients come back. It refuses to know what they talk about.
package herd
