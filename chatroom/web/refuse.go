package web

import (
	"errors"
	"math"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// refusal returns what a client is told about an error.
func refusal(err error) wire.Refusal {
	if refusal, ok := errors.AsType[*chat.Error](err); ok {
		return wire.Refusal{Code: refusal.Code, RetryAfter: seconds(refusal.RetryAfter)}
	}
	if _, ok := errors.AsType[*socketio.ArgumentError](err); ok {
		return wire.Refusal{Code: chat.CodeBadRequest}
	}
	if errors.Is(err, store.ErrClosed) {
		return wire.Refusal{Code: chat.CodeBusy, RetryAfter: 1}
	}
	return wire.Refusal{Code: chat.CodeInternal}
}

// seconds rounds up, so that who waits as long is not refused again.
func seconds(d time.Duration) float64 { return math.Ceil(d.Seconds()*10) / 10 }

// public marks refusals as made for the client: the library then logs the others only.
func public(err error) error {
	if refusal, ok := errors.AsType[*chat.Error](err); ok {
		return &socketio.Error{Message: string(refusal.Code), Err: err}
	}
	return err
}

// encodeError is the library's hook for answers of handlers that failed.
func encodeError(_ *socketio.Socket, _ string, err error) any { return refusal(err) }
