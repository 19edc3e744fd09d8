package client

import "github.com/socketio-go/socketio/internal/event"

// Value is one argument as it was received. It decodes when asked to, with Decode(dst), and goes out again as it came
// when it is emitted. As a handler's parameter type it takes the argument whatever it is.
type Value = event.Value

// Args are arguments as they were received, each a [Value]. As a handler's parameter type it takes all arguments.
type Args = event.Args

// Args2 takes the first two arguments of an event, or gives two arguments to an answer.
type Args2[A, B any] = event.Args2[A, B]

// Args3 takes the first three arguments of an event, or gives three arguments to an answer.
type Args3[A, B, C any] = event.Args3[A, B, C]

// ArgumentError says which argument of an event does not fit its handler, or which one of an answer its reader.
type ArgumentError = event.ArgumentError
