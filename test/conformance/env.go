package main

import (
	"os"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
)

// allowEIO3 is what EIO3 asks for: 1 lets clients of Engine.IO 3 in.
func allowEIO3() bool { return os.Getenv("EIO3") == "1" }

// dialect is what PARSER asks for: msgpack, or by default JSON.
func dialect() parser.Dialect {
	if os.Getenv("PARSER") == "msgpack" {
		return msgpack.Dialect{}
	}
	return parser.JSON{}
}

// pongTime is what PING_TIMEOUT asks for, in milliseconds: a busy machine does not answer within a short one.
func pongTime(otherwise time.Duration) time.Duration {
	if ms, err := strconv.Atoi(os.Getenv("PING_TIMEOUT")); err == nil && ms > 0 {
		return time.Duration(ms) * time.Millisecond
	}
	return otherwise
}
