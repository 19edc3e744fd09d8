// Package client is a Socket.IO client: it connects to a server, stays connected, and takes part in namespaces
// (Socket.IO protocol 5).
//
//	c, err := client.Dial(ctx, "https://example.com/chat", nil)
//	…
//	c.On("message", func(ctx context.Context, m Message) error { … })
//	saved, err := c.Call[Saved](ctx, "message:send", m)
//
// It knows when to connect again, what waits while there is no connection, and who gets a packet. It stands on
// engineio.Dial and the parser. It refuses to know the server: the two share the floors below, and nothing else.
//
//	manager.go, attempt.go, link.go, backoff.go        one connection, opened and opened again
//	options.go, check.go, close.go                     how it is asked for, and its end
//	socket.go, connect.go, wait.go                     a client's end of one namespace
//	emit.go, buffer.go, ack.go, retry.go               the way out
//	receive.go, handlers.go, event.go                  the way in
//	lifecycle.go, managerevents.go, queue.go           what is told, in which order
//	offset.go                                          what connection state recovery needs
//	asleep.go                                          a machine that slept
//
// # Order, and goroutines
//
// All user code of one [Manager], handlers and listeners of all its sockets, runs one at a time and in order, on a
// goroutine that exists while there is something to run. Answers to [Socket.EmitWithAck] and [Socket.Call] are delivered
// by the goroutine that reads, so a handler may wait for one, also across tries and connections: what these need does not
// pass through the handlers. [Options].Auth runs beside them. Events wait in a queue that is bounded: when it is full
// reading pauses, and the server is slowed down, unless somebody waits for an answer.
//
// # Life cycle
//
// The first connection is told as connecting, connect; a loss and the return as disconnect, reconnecting (once for each
// attempt), connecting, reconnect, connect. These are hooks with names of their own, such as [Socket.OnReconnecting]: they
// never go on the wire, and an event of the server that bears such a name is an event.
package client
