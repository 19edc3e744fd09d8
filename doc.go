// Package socketio is a Socket.IO server: named events in both directions, acknowledgements, namespaces, rooms and
// broadcasts, over WebSocket or HTTP long-polling (Socket.IO protocol 5 over Engine.IO protocol 4; for old clients, if
// Engine.AllowEIO3 lets them in, 4 over 3).
//
//	io := socketio.NewServer(nil)
//	io.OnConnection(func(s *socketio.Socket) {
//		s.Emit("hello", "can you hear me?", 1, 2, "abc")
//		s.Broadcast().Emit("user joined", s.ID())
//	})
//	io.On("room:join", func(ctx context.Context, s *socketio.Socket, room string) error {
//		return s.Join(room)
//	})
//	http.Handle("/socket.io/", io)
//
// # Who is who
//
// A [Server] has namespaces; it is itself the namespace "/". A [Namespace] has sockets and rooms. A [Socket] is one
// client in one namespace: a client that joins three namespaces has three sockets and one connection. A [Broadcast] says
// which sockets of a namespace an emit reaches, a [Direct] how an emit to one socket is made; both are values.
//
// # The road of a message
//
//	in   engineio → conn.go (decoder, namespace; an acknowledgement resolves right here) → inbox → dispatch.go → handlers
//	out  emit.go, broadcast.go: encode once → prepare once → every outbox → flush
//
// Handlers of one socket run one at a time and in the order of the events, on a goroutine that lives while there is
// something to do; sockets run in parallel. The goroutine that reads from a peer runs no handler, so a handler may wait
// for an acknowledgement of its own socket. A handler that wants to overlap with the next says go.
//
// # What it refuses to know
//
// How bytes travel (engineio), what packets look like (parser), who is in a room (internal/rooms), how values become
// JSON (internal/event), and how to reach the other nodes of a cluster (adapter).
package socketio
