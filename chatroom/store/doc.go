// Package store says what the chat keeps and how a store must behave: one commit, then the acknowledgement, then the
// broadcast; a message sent twice is kept once; every change of a room has a rev.
//
// It knows the rules of package chat. It may touch nothing: the folders below it do (sqlite). It refuses to know sockets
// and HTTP. Whoever writes another store passes the kit in storetest unchanged.
package store
