package contract

import "github.com/socketio-go/socketio/internal/event"

// Value is one argument as it was received: anything. It decodes when asked to, with Decode(dst).
type Value = event.Value

// Args are any arguments, however many: a contract that says nothing.
type Args = event.Args

// Args2 are two arguments.
type Args2[A, B any] = event.Args2[A, B]

// Args3 are three arguments.
type Args3[A, B, C any] = event.Args3[A, B, C]
