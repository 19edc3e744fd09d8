package engineio

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
)

// Use puts middleware around every request of the protocol, upgrades included: the first is the outermost. It runs behind
// [Options].CORS, which answers preflights, and before anything else looks at the request. A middleware may
//
//   - end the request, by answering it and not calling the next handler, or with [Server.Refuse];
//   - set headers, which go out with the answer, also with the 101 of a WebSocket handshake, for which the status 101 is
//     announced to it as [http.ResponseWriter].WriteHeader;
//   - put values into the context of the request, where [Request.Context] finds them.
//
// A ResponseWriter of its own must have an Unwrap method, as [http.ResponseController] asks for it. A poll waits in the
// next handler for as long as there is nothing to send. Calling it a second time for the same request does nothing. Use
// must be called before the server is used.
func (s *Server) Use(middleware ...func(http.Handler) http.Handler) {
	s.middleware = append(s.middleware, middleware...)
}

// wrap puts the middleware around serveOnce, each once.
func (s *Server) wrap() {
	s.chain = http.HandlerFunc(s.serveOnce)
	for _, m := range slices.Backward(s.middleware) {
		s.chain = m(s.chain)
	}
}

// Refuse answers a request that a middleware lets go no further because of err: 400 with code 3. The error goes to
// [Server.OnConnectionError], in the context MIDDLEWARE_FAILURE, and not to the client.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := badRequest("MIDDLEWARE_FAILURE")
	f.context["error"] = err
	s.refuse(w, r, f)
}

// servedKey is where a request that goes through middleware says whether it has come out of it.
type servedKey struct{}

// serveThrough gives the request to the middleware.
func (s *Server) serveThrough(w http.ResponseWriter, r *http.Request) {
	s.wrapped.Do(s.wrap)
	r = r.WithContext(context.WithValue(r.Context(), servedKey{}, new(atomic.Bool)))
	s.chain.ServeHTTP(switching{w}, r)
}

// serveOnce is what the innermost middleware calls.
func (s *Server) serveOnce(w http.ResponseWriter, r *http.Request) {
	if served, ok := r.Context().Value(servedKey{}).(*atomic.Bool); ok && served.Swap(true) {
		return
	}
	s.answer(w, r)
}

// switching is the ResponseWriter below the middleware. The 101 of a handshake is written by who takes the connection, so
// what reaches net/http is every other status.
type switching struct{ http.ResponseWriter }

func (s switching) WriteHeader(status int) {
	if status != http.StatusSwitchingProtocols {
		s.ResponseWriter.WriteHeader(status)
	}
}

// Hijack is for middleware that asks for it in the old way.
func (s switching) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(s.ResponseWriter).Hijack()
}

// Unwrap is for [http.ResponseController].
func (s switching) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// upgradeHeader is what goes out with the 101 of a handshake: what was set around this server, without what the handshake
// itself says, and what belongs to an answer with a body. It is nil if there is nothing.
func (s *Server) upgradeHeader(w http.ResponseWriter) http.Header {
	if s.middleware != nil {
		w.WriteHeader(http.StatusSwitchingProtocols)
	}
	if len(w.Header()) == 0 {
		return nil
	}
	h := w.Header().Clone()
	for name := range h {
		switch name {
		case "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Upgrade",
			"Sec-Websocket-Accept", "Sec-Websocket-Extensions", "Sec-Websocket-Protocol", "Sec-Websocket-Version":
			delete(h, name)
		}
	}
	return h
}
