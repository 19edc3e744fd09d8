package engineio

import (
	"encoding/json/v2"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

var errIDTaken = errors.New("engineio: session id taken")

// failure says how a request is refused.
type failure struct {
	status  int
	code    int
	message string
	context map[string]any
}

// messages by code.
var messages = [...]string{
	CodeUnknownTransport:   "Transport unknown",
	CodeUnknownSID:         "Session ID unknown",
	CodeBadHandshakeMethod: "Bad handshake method",
	CodeBadRequest:         "Bad request",
	CodeForbidden:          "Forbidden",
	CodeUnsupportedVersion: "Unsupported protocol version",
}

func refusal(code int, context map[string]any) *failure {
	status := http.StatusBadRequest
	if code == CodeForbidden {
		status = http.StatusForbidden
	}
	return &failure{status, code, messages[code], context}
}

func badRequest(name string) *failure { return refusal(CodeBadRequest, map[string]any{"name": name}) }

// mismatch refuses a request on another transport than that of its session.
func mismatch(name, current string) *failure {
	f := badRequest("TRANSPORT_MISMATCH")
	f.context["transport"], f.context["previousTransport"] = name, current
	return f
}

// verify checks a request, in the order of the reference, so that a request with several faults gets the same answer.
func (s *Server) verify(q *query) *failure {
	name := q.transport.value
	if q.transport.n != 1 || !slices.Contains(s.o.Transports, name) {
		return refusal(CodeUnknownTransport, map[string]any{"transport": name})
	}
	if origin := q.Header["Origin"]; len(origin) > 1 || len(origin) == 1 && !validHeader(origin[0]) {
		return badRequest("INVALID_ORIGIN")
	}
	if q.upgrade && name != websocket.Name {
		return badRequest("TRANSPORT_HANDSHAKE_ERROR")
	}
	if q.sid.value != "" {
		return s.verifySession(q, name, q.sid.value)
	}
	if q.Method != http.MethodGet {
		return refusal(CodeBadHandshakeMethod, map[string]any{"method": q.Method})
	}
	if name == websocket.Name && !q.upgrade {
		return badRequest("TRANSPORT_HANDSHAKE_ERROR")
	}
	if f := s.verifyOrigin(q); f != nil {
		return f
	}
	if f := s.askOwner(q); f != nil {
		return f
	}
	if p := q.protocol(); p != 4 && !s.o.AllowEIO3 {
		return refusal(CodeUnsupportedVersion, map[string]any{"protocol": p})
	}
	return s.verifyHandshake(q)
}

// askOwner asks about a handshake: the caps, then AllowRequest.
func (s *Server) askOwner(q *query) *failure {
	if f := s.capped.admit(s, q.Request); f != nil {
		return f
	}
	if s.o.AllowRequest == nil {
		return nil
	}
	err := s.o.AllowRequest(q.Request)
	if err == nil {
		return nil
	}
	f := refusal(CodeForbidden, nil)
	if text := err.Error(); text != "" {
		f.message = text
	}
	return f
}

// verifySession checks a request that names a session.
func (s *Server) verifySession(q *query, name, sid string) *failure {
	c := s.find(sid)
	if c == nil && q.Method == http.MethodGet && name == polling.Name {
		if q.leaving = s.findLeaving(sid); q.leaving != nil {
			return nil
		}
	}
	if c == nil || q.sid.n != 1 || c.endIfOverdue() || !s.bound(c, q.Request) {
		return refusal(CodeUnknownSID, map[string]any{"sid": sid})
	}
	if current := c.Transport(); !q.upgrade && (current != name || name != polling.Name) {
		return mismatch(name, current)
	}
	if q.protocol() != c.Protocol() {
		return badRequest("PROTOCOL_MISMATCH")
	}
	if f := s.verifyOrigin(q); f != nil {
		return f
	}
	q.session = c
	return s.verifyHandshake(q)
}

// verifyHandshake checks the WebSocket part of an upgrade.
func (s *Server) verifyHandshake(q *query) *failure {
	if !q.upgrade {
		return nil
	}
	if err := websocket.CheckKeyed(q.Request, q.key); err != nil {
		f := badRequest("TRANSPORT_HANDSHAKE_ERROR")
		f.status = err.Status
		f.context["error"] = err
		return f
	}
	return nil
}

// verifyOrigin keeps pages of other origins from opening a WebSocket: browsers let them, and send the cookies along.
func (s *Server) verifyOrigin(q *query) *failure {
	if !q.upgrade {
		return s.verifyScript(q)
	}
	return s.verifyPage(q)
}

// verifyPage refuses a page of another origin.
func (s *Server) verifyPage(q *query) *failure {
	if s.sameOrigin(q.Request) || s.o.CORS.allows(q.Request) {
		return nil
	}
	f := refusal(CodeForbidden, map[string]any{"name": "ORIGIN", "origin": q.Header.Get("Origin")})
	return f
}

// refuse answers a request that is not in order: JSON, with status 403 for code 4 and else 400, 426 or 503.
//
// The reference answers a refused upgrade with a raw 400, the bare message as text/html. Here it is the same answer as
// on any request. No client can tell: a browser shows a page nothing but the failure, and the clients of the reference
// look at nothing but the status, which says no in either case. Who looks by hand finds the code, and 403 where a
// proxy or a log should see it.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, f *failure) {
	s.report(r, f)
	body, err := json.Marshal(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{f.code, f.message})
	if err != nil {
		// The message is not UTF-8: it came from AllowRequest.
		body = []byte(`{"code":` + strconv.Itoa(f.code) + `,"message":"` + messages[f.code] + `"}`)
	}
	h := w.Header()
	h["X-Content-Type-Options"] = nosniff
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	switch f.status {
	case http.StatusUpgradeRequired:
		h.Set("Sec-WebSocket-Version", "13")
	case http.StatusServiceUnavailable:
		wait, _ := f.context["retryAfter"].(time.Duration)
		h.Set("Retry-After", strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second))))
	}
	if (websocket.IsUpgrade(r) || r.ContentLength != 0) && hasConnection(r) {
		h.Set("Connection", "close") // what follows on the connection may be frames already, or a body nobody reads
	}
	w.WriteHeader(f.status)
	w.Write(body)
}

// report tells the owner about a refusal.
func (s *Server) report(r *http.Request, f *failure) {
	if s.refused != nil {
		s.refused(ConnectionError{Request: r, Code: f.code, Message: f.message, Context: f.context})
	}
}

// validHeader reports whether v has only the bytes that a header may have (RFC 9110 section 5.5).
func validHeader(v string) bool {
	for i := range len(v) {
		if c := v[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
