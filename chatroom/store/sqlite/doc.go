// Package sqlite keeps the chat in one SQLite file.
//
// It knows SQL and the rules of package store. It may touch the file and the clock. It refuses to know sockets and HTTP.
//
// Reading uses a small pool of connections. Writing has one connection and one goroutine, the writer: it takes all changes
// that are waiting into one transaction, commits, and hands the answers to a second goroutine, the teller, which gives
// them out in the order of commit while the writer is at the next transaction. So a message costs a fraction of a sync
// of the disk, and whoever is told of a message knows that it will survive a crash.
//
// Two queues, both bounded. The writer's holds 1,024 changes; when it is full, whoever wants to write waits as long as
// its context allows and is then refused with "busy". The teller's holds 4 transactions; when it is full, the writer
// waits.
package sqlite
