package socketio

import (
	"errors"
	"fmt"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
)

var (
	// ErrDisconnected means that the socket is not connected: not any more, or, for what needs an answer, not yet.
	ErrDisconnected = errors.New("socketio: socket is not connected")
	// ErrBufferFull means that the peer does not read what it is sent. Nothing was queued, and it is being disconnected.
	ErrBufferFull = engineio.ErrBufferFull
	// ErrLineFull means that 1,024 goroutines wait already for room in the outbox of a connection, see [Direct.EmitContext].
	ErrLineFull = engineio.ErrLineFull
	// ErrReservedName means that an event has a name which the library keeps for itself: connect, connect_error,
	// disconnect, disconnecting, newListener and removeListener.
	ErrReservedName = errors.New("socketio: reserved event name")
	// ErrTooManyAttachments means that an event holds more binary values than a client takes: more than ten, or what
	// [Options.Parser] allows instead.
	ErrTooManyAttachments = errors.New("socketio: too many binary attachments")
	// ErrTooManyAcks means that a socket has 10,000 unanswered questions already.
	ErrTooManyAcks = errors.New("socketio: too many acknowledgements awaited")
	// ErrRoomsUntold means that 65,536 changes of rooms wait for slow listeners, such as those of [Namespace.OnJoinRoom].
	ErrRoomsUntold = errors.New("socketio: rooms change faster than their listeners take it")
	// ErrTooManyRooms means that a socket is in 1,000 rooms already.
	ErrTooManyRooms = errors.New("socketio: socket is in too many rooms")
	// ErrAcknowledged means that an event has been answered before. The first answer counts.
	ErrAcknowledged = errors.New("socketio: event is acknowledged already")
	// ErrServerClosed is returned by [Server.Listen] after [Server.Shutdown], by [Server.Wait] of a server that does not
	// listen, and to other nodes that ask a server which shuts down.
	ErrServerClosed = errors.New("socketio: server closed")
)

// Error is an error whose text the client may read: what a handler returns to answer an event with it. The text of any
// other error stays on the server.
type Error struct {
	Message string
	Err     error // the cause, for the log; may be nil
}

// Errorf makes an [Error]; %w keeps a cause.
func Errorf(format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Message: err.Error(), Err: errors.Unwrap(err)}
}

// Error returns the message. A nil pointer, which a handler returns by mistake, is an internal error.
func (e *Error) Error() string {
	if e == nil {
		return internalError
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// ConnectError refuses a client in a middleware. Message and Data reach the client as the connect_error event.
type ConnectError struct {
	Message string
	Data    any // nil sends none
}

// Error returns the message. A nil pointer, which a middleware returns by mistake, is an internal error.
func (e *ConnectError) Error() string {
	if e == nil {
		return internalError
	}
	return e.Message
}

// DisconnectError is the cause of the end of a socket's context: context.Cause(s.Context()). It is an [ErrDisconnected].
type DisconnectError struct {
	Reason DisconnectReason
	Err    error // what the transport or the parser said; may be nil
}

func (e *DisconnectError) Error() string {
	if e == nil {
		return ErrDisconnected.Error()
	}
	if e.Err == nil {
		return "socketio: disconnected: " + string(e.Reason)
	}
	return fmt.Sprintf("socketio: disconnected: %s: %v", e.Reason, e.Err)
}

func (e *DisconnectError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

func (e *DisconnectError) Is(target error) bool { return target == ErrDisconnected }

// ArgumentError says which argument of an event does not fit its handler, or which one of an answer does not fit its
// reader.
type ArgumentError = event.ArgumentError

const internalError = "internal error"

// publicText is what a client may know of err. It asks the error, which is user code.
func publicText(err error) string {
	if public, ok := errors.AsType[*Error](err); ok && public != nil {
		return public.Message
	}
	if refused, ok := errors.AsType[*ConnectError](err); ok && refused != nil {
		return refused.Message
	}
	if argument, ok := errors.AsType[*ArgumentError](err); ok && argument != nil {
		if argument.Err == nil {
			return argument.Error()
		}
		return fmt.Sprintf("argument %d is invalid", argument.Index+1)
	}
	return internalError
}

// isPublic reports whether err was made for the client, so that it is no news for the server's log.
func isPublic(err error) bool { return publicText(err) != internalError }

func encodeError(_ *Socket, _ string, err error) any {
	return event.Failed(publicText(err))
}
