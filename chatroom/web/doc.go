// Package web puts the chat on the web: it serves the page, signs people in, and translates between sockets, whose events package wire has, and the rules
// of package chat.
//
// It knows Socket.IO, HTTP and the interfaces of package store. It may touch no file and no database itself. It refuses
// to know how a page looks (package ui), how messages are kept (package store) and what the rules are (package chat).
//
// # Rooms of sockets
//
// Every socket of a person is in the room "u:<user id>", and in "r:<room id>" for each public room that the person is a
// member of. So a private message is an emit to two rooms, and membership ends for all tabs at once. A direct room has no
// room of sockets.
//
// # The road of a message
//
// The handler of msg:send hands the draft to the store and waits. The store calls back in the order of commit; there the
// sender is acknowledged first and then the others are told. An emit puts the event into every outbox before it returns,
// so all members see one order, the order on disk.
//
// # Queues
//
// The package has none of its own. A socket's events wait in its inbox, which stops reading when full; what is sent waits
// in the connection's outbox, which disconnects who does not read; changes wait in the store, which refuses with "busy".
package web
