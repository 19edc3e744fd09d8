package web

import (
	"context"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
)

// handle registers everything that clients may say. It is done once for all sockets.
func (w *Server) handle() {
	io := w.io
	io.Use(w.admit)
	io.OnConnection(w.connected)
	io.OnDisconnect(w.disconnected)

	io.OnEvent("msg:send", w.send)
	io.On("typing", w.type_)

	answer(w, "sync", w.reads, w.sync)
	answer(w, "history", w.reads, w.history)
	answer(w, "read", w.reads, w.read)
	answer(w, "room:list", w.reads, w.listRooms)
	answer(w, "room:get", w.reads, w.getRoom)
	answer(w, "room:members", w.reads, w.members)
	answer(w, "room:create", w.creates, w.createRoom)
	answer(w, "room:direct", w.reads, w.directRoom)
	answer(w, "room:join", w.reads, w.joinRoom)
	answer(w, "room:leave", w.reads, w.leaveRoom)

	w.lobby.OnConnection(func(s *socketio.Socket) { s.Emit("here", w.presence.Count()) })
}

// answer registers a handler whose result is the acknowledgement. It knows who asks, and that they don't ask too often.
func answer[In, Out any](w *Server, event string, limit *chat.Limiter[chat.UserID],
	f func(ctx context.Context, s *socketio.Socket, me chat.User, in In) (Out, error),
) {
	w.io.OnCall(event, func(ctx context.Context, s *socketio.Socket, in In) (out Out, err error) {
		me := visitorOf(s).User
		if err := limit.Take(me.ID, time.Now()); err != nil {
			return out, public(err)
		}
		out, err = f(ctx, s, me, in)
		return out, public(err)
	})
}
