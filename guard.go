package socketio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// panicError is a panic of user code that was caught, and logged.
type panicError struct{ value any }

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

func isPanic(err error) bool {
	_, ok := errors.AsType[*panicError](err)
	return ok
}

// guard runs user code. A panic becomes an error, is logged with its stack and counted.
func (s *Socket) guard(what string, do func() error) (err error) {
	defer s.caught(&what, &err)
	return do()
}

// caught is deferred by what runs user code, and makes a panic its error.
func (s *Socket) caught(what *string, err *error) {
	if v := recover(); v != nil {
		s.conn.server.panicked(*what, v, "socket", s.loggedID(), "namespace", logged(s.namespace.name))
		*err = &panicError{v}
	}
}

// guard is the same for what runs for no socket.
func (n *Namespace) guard(what string, do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			n.server.panicked(what, v, "namespace", logged(n.name))
			err = &panicError{v}
		}
	}()
	return do()
}

// panicked is called with a recovered value, on the stack of the panic.
func (io *Server) panicked(what string, value any, attrs ...any) {
	io.panics.Add(1)
	io.tell(slog.LevelError, "socketio: panic in user code", append([]any{"in", logged(what), "panic", value, "stack", string(debug.Stack())}, attrs...)...)
}

// tell logs. The log is user code too: a panic there is counted, as there is nobody left to tell.
func (io *Server) tell(level slog.Level, message string, attrs ...any) {
	defer func() {
		if recover() != nil {
			io.panics.Add(1)
		}
	}()
	io.log.Log(context.Background(), level, message, attrs...)
}

// logged cuts a name that a peer chose.
func logged(name string) string {
	if len(name) > maxLoggedName {
		return name[:maxLoggedName]
	}
	return name
}
