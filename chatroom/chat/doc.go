// Package chat holds the rules of the chat: what a name, a room and a message may be, how fast one may talk, who is here
// and for how long after the last tab has gone.
//
// It knows people, rooms and messages. It may touch the clock. It refuses to know sockets, HTTP, SQL, files and logs: the
// packages store and web bring a rule and the world together.
package chat
