package lane

import "net/http"

// Parse is what the lane makes of the beginning of a stream: whether it is a plain request, or may become one.
func Parse(b []byte, h *Head) (whole, maybe bool) {
	s := parse(b, h)
	return s == plain, s == partial
}

// HeaderAgain is the header of a request with that head, as a connection keeps it.
func (h *Head) HeaderAgain(c *Conn) http.Header { return c.Header(h) }
