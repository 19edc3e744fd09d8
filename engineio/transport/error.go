package transport

// Error says how a connection to a server failed. Its message is the one that clients of the reference have for it, such
// as "websocket error" or "xhr poll error": programs compare it.
type Error struct {
	Message string
	Status  int   // of the HTTP response, if there was one
	Err     error // what the layer below said; may be nil
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Err }
