package engineio

import "net/http"

// CrossOrigin sets the response headers of [Options].CORS, for what is served below the same path as the sessions. It
// reports whether the request was a preflight, and then has answered it.
func (s *Server) CrossOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	return s.o.CORS != nil && s.o.CORS.apply(w, r)
}
