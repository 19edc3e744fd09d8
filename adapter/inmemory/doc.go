// Package inmemory keeps the log of one namespace and the sessions of its lost sockets in the memory of this process: it
// is an [adapter.Recovery].
//
// It knows the order of events, their age and their weight, and who may have a session back. It refuses to know sockets
// and connections. Everything in it has a limit in time, number and bytes, and the oldest goes first: a session whose
// events have gone is then refused as a whole, never brought back with a hole. One timer for all of it runs while there
// is anything to forget; there is no goroutine.
package inmemory
