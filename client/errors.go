package client

import (
	"errors"
	"fmt"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
)

var (
	// ErrDisconnected means that no answer will come, as the socket has been disconnected since it was asked for.
	ErrDisconnected = errors.New("socketio: socket has been disconnected")
	// ErrBufferFull means that too much waits for a connection, or for the network. Nothing was queued.
	ErrBufferFull = errors.New("socketio: the buffer is full")
	// ErrExpired means that an event has waited for a connection longer than [Options].BufferTTL, and was dropped.
	ErrExpired = errors.New("socketio: event expired in the buffer")
	// ErrDropped means that a volatile event, which asked for an answer, could not leave at once.
	ErrDropped = engineio.ErrDropped
	// ErrTimeout means that no acknowledgement came in time.
	ErrTimeout = errors.New("operation has timed out")
	// ErrReservedName means that an event has a name which the library keeps for itself: connect, connect_error,
	// disconnect, disconnecting, newListener and removeListener.
	ErrReservedName = errors.New("socketio: reserved event name")
	// ErrTooManyAcks means that a socket waits for 10,000 answers already.
	ErrTooManyAcks = errors.New("socketio: too many acknowledgements awaited")
	// ErrAcknowledged means that an event has been answered before. The first answer counts.
	ErrAcknowledged = errors.New("socketio: event is acknowledged already")
	// ErrClosed means that the socket was disconnected on purpose while somebody waited for it to connect, or that the
	// manager was closed and nothing can be sent any more.
	ErrClosed = errors.New("socketio: client closed")
)

// ConnectError says that the server refused the socket: its middleware did, or there is no such namespace.
type ConnectError struct {
	Message string
	Data    Value // what the server says about it; null if nothing
}

func (e *ConnectError) Error() string { return e.Message }

// Error is an error that the other side may read: a handler returns one to answer an event with its text, and
// [Socket.Call] returns one when the server's handler did. The text of any other error stays here.
type Error struct {
	Message string
	Err     error // the cause; may be nil
}

// Errorf makes an [Error]; %w keeps a cause.
func Errorf(format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Message: err.Error(), Err: errors.Unwrap(err)}
}

func (e *Error) Error() string {
	if e == nil {
		return internalError
	}
	return e.Message
}

func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

const internalError = "internal error"

// publicText is what the server may know of err.
func publicText(err error) string {
	if public, ok := errors.AsType[*Error](err); ok && public != nil {
		return public.Message
	}
	if argument, ok := errors.AsType[*event.ArgumentError](err); ok && argument != nil {
		if argument.Err == nil {
			return argument.Error()
		}
		return fmt.Sprintf("argument %d is invalid", argument.Index+1)
	}
	return internalError
}

// answeredError is the error that the server's handler answered with.
func answeredError(values []event.Value) error {
	if message, failed := event.FailureOf(values); failed {
		return &Error{Message: message}
	}
	return nil
}

// DisconnectReason says why a socket was disconnected, in the words of the reference. After the first two the socket
// stays so until [Socket.Connect] is called.
type DisconnectReason string

const (
	ServerDisconnect DisconnectReason = "io server disconnect"
	ClientDisconnect DisconnectReason = "io client disconnect"
	PingTimeout      DisconnectReason = "ping timeout"
	TransportClose   DisconnectReason = "transport close"
	TransportError   DisconnectReason = "transport error"
	ParseError       DisconnectReason = "parse error"
	ForcedClose      DisconnectReason = "forced close"
)

// DisconnectError is the cause of the end of a handler's context, and how an attempt to connect has failed whose connection
// was lost before the server answered. It is an [ErrDisconnected].
type DisconnectError struct {
	Reason DisconnectReason
	Err    error // may be nil
}

func (e *DisconnectError) Error() string {
	if e.Err == nil {
		return "socketio: disconnected: " + string(e.Reason)
	}
	return fmt.Sprintf("socketio: disconnected: %s: %v", e.Reason, e.Err)
}

func (e *DisconnectError) Unwrap() error { return e.Err }

func (e *DisconnectError) Is(target error) bool { return target == ErrDisconnected }
