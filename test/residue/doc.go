// Package residue counts what load and attacks leave behind in a server that runs inside the test: sessions, sockets,
// goroutines, descriptors and heap.
//
// It knows where such things are counted. It refuses to know what was done to the server.
package residue
