package socketio

import "context"

// life is the context of a socket. It is made when somebody asks for it: that of a client that only listens never is.
type life struct {
	context.Context
	end context.CancelCauseFunc
}

// Context ends when the socket disconnects; its cause is then a [*DisconnectError]. It carries the values of the HTTP
// request that opened the connection.
func (s *Socket) Context() context.Context { return s.living().Context }

// cancel ends the context, the first time it is called.
func (s *Socket) cancel(cause *DisconnectError) { s.living().end(cause) }

func (s *Socket) living() *life {
	if l := s.life.Load(); l != nil {
		return l
	}
	l := new(life)
	l.Context, l.end = context.WithCancelCause(s.conn.eio.Request().Context()) // which never ends, so it knows nothing of l
	s.life.CompareAndSwap(nil, l)
	return s.life.Load()
}
