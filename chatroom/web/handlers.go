package web

import (
	"context"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/wire"
	"github.com/socketio-go/socketio/contract"
)

// handle registers everything that clients may say. It is done once for all sockets.
func (w *Server) handle() {
	io := w.io
	io.Use(w.admit)
	io.OnConnection(w.connected)
	io.OnDisconnect(w.disconnected)

	io.OnEvent(wire.SendMessage.Name(), w.send)
	wire.Type.Handle(io, w.type_)

	answer(w, wire.Sync, w.reads, w.sync)
	answer(w, wire.History, w.reads, w.history)
	answer(w, wire.MarkRead, w.reads, w.read)
	answer(w, wire.ListRooms, w.reads, w.listRooms)
	answer(w, wire.GetRoom, w.reads, w.getRoom)
	answer(w, wire.ListMembers, w.reads, w.members)
	answer(w, wire.CreateRoom, w.creates, w.createRoom)
	answer(w, wire.OpenDirect, w.reads, w.directRoom)
	answer(w, wire.JoinRoom, w.reads, w.joinRoom)
	answer(w, wire.LeaveRoom, w.reads, w.leaveRoom)

	w.lobby.OnConnection(func(s *socketio.Socket) { wire.CountHere.Emit(s, w.presence.Count()) })
}

// answer registers a handler whose result is the acknowledgement. It knows who asks, and that they don't ask too often.
func answer[In, Out any](w *Server, call contract.Call[In, Out], limit *chat.Limiter[chat.UserID],
	f func(ctx context.Context, s *socketio.Socket, me chat.User, in In) (Out, error),
) {
	call.Handle(w.io, func(ctx context.Context, s *socketio.Socket, in In) (out Out, err error) {
		me := visitorOf(s).User
		if err := limit.Take(me.ID, time.Now()); err != nil {
			return out, public(err)
		}
		out, err = f(ctx, s, me, in)
		return out, public(err)
	})
}
