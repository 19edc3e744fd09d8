package engineio

import (
	"net/http"
	"net/url"
	"slices"
)

// verifyScript keeps pages of other origins from polling by script, which protocol 3 has (transport/polling/jsonp.go).
// No browser asks for leave before it runs a script of another origin, and it sends the cookies along. But those of today
// say where the script is wanted (Fetch Metadata, "Sec-Fetch-Site"), and whose page it is in the Referer.
func (s *Server) verifyScript(q *query) *failure {
	switch q.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
	default:
		return nil
	}
	if q.protocol() != 3 || !q.URL.Query().Has("j") || s.o.CORS.allowsScript(q.Request) {
		return nil
	}
	return refusal(CodeForbidden, map[string]any{"name": "ORIGIN", "origin": refererOrigin(q.Request)})
}

// allowsScript reports whether the page that r is for may poll by script. A nil CORS allows none of another origin.
func (c *CORS) allowsScript(r *http.Request) bool {
	return c != nil && (slices.Contains(c.Origins, "*") || c.names(r, refererOrigin(r)))
}

// refererOrigin is the origin of the page that r was made for, or "null" if r does not say.
func refererOrigin(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host == "" {
		return "null"
	}
	return u.Scheme + "://" + u.Host
}
