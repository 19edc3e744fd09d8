package engineio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CORS says which pages of other origins may use the server, and how (Fetch standard, "CORS protocol"). The same origins
// may open a WebSocket or a WebTransport session.
type CORS struct {
	// Origins lists what is allowed: origins such as "https://example.com", or "*" for any. "null", the origin of
	// sandboxed pages and files, must be listed itself. The default is none.
	Origins []string
	// AllowOrigin, if set, is asked about an origin that Origins does not name.
	AllowOrigin func(r *http.Request, origin string) bool
	// Credentials lets a page send cookies. Browsers refuse it together with "*".
	Credentials bool
	// Methods is answered to a preflight. The default is GET, HEAD, PUT, PATCH, POST, DELETE.
	Methods []string
	// AllowedHeaders is answered to a preflight. The default is what the preflight asks for.
	AllowedHeaders []string
	// ExposedHeaders lists the response headers that a page may read, beyond those that all may. The default is none.
	ExposedHeaders []string
	// MaxAge is how long a browser may keep the answer to a preflight. The default is to say nothing; negative says 0.
	MaxAge time.Duration
}

// allows reports whether the origin of r may open a WebSocket or a WebTransport session. A nil CORS allows none.
func (c *CORS) allows(r *http.Request) bool {
	if c == nil {
		return false
	}
	origin := r.Header.Get("Origin")
	return origin != "null" && slices.Contains(c.Origins, "*") || c.names(r, origin)
}

// names reports whether origin is listed, or AllowOrigin says yes.
func (c *CORS) names(r *http.Request, origin string) bool {
	return slices.Contains(c.Origins, origin) || c.AllowOrigin != nil && c.AllowOrigin(r, origin)
}

// apply sets the response headers. It reports whether the request was a preflight, and then has answered it.
func (c *CORS) apply(w http.ResponseWriter, r *http.Request) (answered bool) {
	h := w.Header()
	origin := r.Header.Get("Origin")
	switch {
	case slices.Contains(c.Origins, "*"):
		h.Set("Access-Control-Allow-Origin", "*")
	default:
		h.Add("Vary", "Origin")
		if origin != "" && c.names(r, origin) {
			h.Set("Access-Control-Allow-Origin", origin)
		}
	}
	if c.Credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method != http.MethodOptions {
		setList(h, "Access-Control-Expose-Headers", c.ExposedHeaders)
		return false
	}
	methods := c.Methods
	if methods == nil {
		methods = []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	setList(h, "Access-Control-Allow-Methods", methods)
	if c.AllowedHeaders != nil {
		setList(h, "Access-Control-Allow-Headers", c.AllowedHeaders)
	} else {
		h.Add("Vary", "Access-Control-Request-Headers")
		setList(h, "Access-Control-Allow-Headers", r.Header.Values("Access-Control-Request-Headers"))
	}
	switch {
	case c.MaxAge > 0:
		h.Set("Access-Control-Max-Age", strconv.FormatInt(int64(c.MaxAge/time.Second), 10))
	case c.MaxAge < 0:
		h.Set("Access-Control-Max-Age", "0")
	}
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusNoContent)
	return true
}

func setList(h http.Header, name string, values []string) {
	if len(values) > 0 {
		h.Set(name, strings.Join(values, ","))
	}
}
