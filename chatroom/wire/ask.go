package wire

import (
	"context"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/contract"
)

// Ask asks the server, and makes a [Refusal] an error, a [*chat.Error]. Its other errors are those of to.
func Ask[T, R any](ctx context.Context, to contract.Asker, call contract.Call[T, R], question T) (R, error) {
	var answer R
	args, err := to.EmitWithAck(ctx, call.Name(), question)
	if err != nil {
		return answer, err
	}
	var refusal Refusal
	if err := args.Decode(&refusal); err == nil && refusal.Code != "" {
		return answer, &chat.Error{Code: refusal.Code, RetryAfter: time.Duration(refusal.RetryAfter * float64(time.Second))}
	}
	return answer, args.Decode(&answer)
}
