// Package contract names events once for both ends of a connection, with the types of what they carry.
//
//	var SendMessage = contract.NewCall[Message, Saved]("message:send") // a request with an answer
//	var MessageNew = contract.NewEvent[Message]("message:new")         // one way
//
//	SendMessage.Handle(io, func(ctx context.Context, s *socketio.Socket, m Message) (Saved, error) { … })
//	MessageNew.Emit(io.In(room), m)
//	saved, err := SendMessage.Call(ctx, clientSocket, m)
//
// A contract in a variable of a package can be read by the command siogen, which writes types for TypeScript and an
// AsyncAPI document out of it. A comment above, //siogen:from client or //siogen:from server, tells it who sends the event.
//
// It knows names and types. It stands below server and client and refuses to know either: whatever has the methods of
// [Registrar], [Listener], [Emitter] or [Asker] will do.
package contract
