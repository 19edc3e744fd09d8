package engineio

import "net/http"

// The codes of a refused request (Engine.IO reference, "connection_error").
const (
	CodeUnknownTransport   = 0
	CodeUnknownSID         = 1
	CodeBadHandshakeMethod = 2
	CodeBadRequest         = 3
	CodeForbidden          = 4
	CodeUnsupportedVersion = 5
)

// ConnectionError describes a request that was refused, see [Server.OnConnectionError].
type ConnectionError struct {
	Request *http.Request // only valid during the call
	Code    int
	Message string
	// Context tells more, such as "transport" for code 0, "sid" for code 1 and "name" (INVALID_ORIGIN,
	// TRANSPORT_MISMATCH, …) for code 3.
	Context map[string]any
}
