package websocket

import "fmt"

// Close codes (RFC 6455 section 7.4.1).
const (
	CodeNormal        = 1000
	CodeGoingAway     = 1001
	CodeProtocolError = 1002
	CodeNoStatus      = 1005 // never on the wire: the close frame was empty
	CodeInvalidData   = 1007
	CodePolicy        = 1008
	CodeTooBig        = 1009
	CodeInternal      = 1011
)

// CloseError says that a connection ended with a close code: the peer's, or the one it is sent because of what it did.
type CloseError struct {
	Code   int
	Reason string
	Peer   bool // the peer closed
}

func (e *CloseError) Error() string {
	who := "failed"
	if e.Peer {
		who = "closed by peer"
	}
	return fmt.Sprintf("websocket: %s with code %d %s", who, e.Code, e.Reason)
}

func violation(reason string) error { return &CloseError{Code: CodeProtocolError, Reason: reason} }

// HandshakeError says why a request can't become a WebSocket connection.
type HandshakeError struct {
	Status int // of the response that fits: 400, 426, …
	Reason string
}

func (e *HandshakeError) Error() string { return "websocket: bad handshake: " + e.Reason }
