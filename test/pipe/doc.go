// Package pipe is a network in memory, for tests about time: inside of a synctest bubble real connections don't work.
//
// It knows [net.Pipe]. It refuses to buffer: what nobody reads is not written.
package pipe
