package engineio

import (
	"net/http"
	"time"
)

// CORS says which pages of other origins may use the server, and how (Fetch standard, "CORS protocol"). The same origins
// may open a WebSocket.
type CORS struct {
	// Origins lists what is allowed: origins such as "https://example.com", or "*" for any.
	Origins []string
	// AllowOrigin, if set, is asked about an origin that Origins does not name.
	AllowOrigin func(r *http.Request, origin string) bool
	// Credentials lets a page send cookies. Browsers refuse it together with "*".
	Credentials bool
	// Methods is answered to a preflight. The default is GET, HEAD, PUT, PATCH, POST, DELETE.
	Methods []string
	// AllowedHeaders is answered to a preflight. The default is what the preflight asks for.
	AllowedHeaders []string
	// ExposedHeaders lists the response headers that a page may read.
	ExposedHeaders []string
	// MaxAge is how long a browser may keep the answer to a preflight. Zero sends nothing; negative sends 0.
	MaxAge time.Duration
}
