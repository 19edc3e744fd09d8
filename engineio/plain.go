package engineio

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/socketio-go/socketio/engineio/lane"
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/internal/deflate"
)

// Lane serves the connections of a listener that is the server's alone. The polls of live sessions, what they post, and
// WebSocket handshakes, which is nearly all that such connections carry, it answers by itself and with a fraction of what
// net/http does for a request; everything else goes to an [http.Server] as it came (ADR 0036). Nobody can tell the difference but by the time
// it takes.
type Lane struct{ lane *lane.Server }

// NewLane makes a lane. The HTTP server's handler must be this server, or one that hands the requests on to it as they came:
// what stands before it would not see all. ReadHeaderTimeout and IdleTimeout must be set, and ConnState is taken.
func (s *Server) NewLane(h *http.Server) *Lane {
	return &Lane{lane.New(&plain{s: s, http: h}, h)}
}

// Serve accepts connections, as [http.Server.Serve] does. If an option or a middleware of the server
// wants to see every request as net/http gives it, all are left to the HTTP server.
func (l *Lane) Serve(listener net.Listener) error {
	return l.lane.Serve(listener)
}

// Shutdown is that of [http.Server].
func (l *Lane) Shutdown(ctx context.Context) error { return l.lane.Shutdown(ctx) }

// Close is that of [http.Server].
func (l *Lane) Close() error { return l.lane.Close() }

// seesPlain reports whether requests may be answered that nobody has seen as net/http gives them.
func (s *Server) seesPlain() bool {
	o := &s.o
	return s.middleware == nil && o.Headers == nil && (o.CORS == nil || o.CORS.AllowOrigin == nil) &&
		!(o.BindAddress && len(o.TrustedProxies) > 0) && slices.Contains(o.Transports, polling.Name)
}

// plain answers the requests of a lane.
type plain struct {
	s     *Server
	http  *http.Server
	asked sync.Once

	// Fixed once asked.
	polls, handshakes bool // may be answered here
}

// line is a connection of a lane, as polling sees it.
type line struct {
	*lane.Conn
	s    *Server
	head *lane.Head // of the request at hand. Owned by the reader.

	accepts string // Accept-Encoding of the latest GET
	origin  string // Origin of the latest request
	cors    string // and what is answered to that
	polling *polling.Transport
}

var _ polling.Line = (*line)(nil)

// Plain answers requests of live sessions that poll, and speak protocol 4. The others, and those that are to be refused, are
// left to net/http.
func (p *plain) Plain(c *lane.Conn, h *lane.Head) lane.Verdict {
	s := p.s
	p.asked.Do(func() { p.polls, p.handshakes = s.seesPlain(), s.seesHandshakes(p.http) })
	switch {
	case h.Upgrade():
		return p.handshake(c, h)
	case !p.polls:
		return lane.Leave
	}
	if string(h.Path) != s.prefix {
		return lane.Pass
	}
	sid, ok := plainQuery(h.Query)
	if !ok || len(h.Origin) > maxNoted || len(h.AcceptEncoding) > maxNoted || bytes.Contains(h.UserAgent, msie) || bytes.Contains(h.UserAgent, trident) || maybeBinary(h.ContentType) {
		return lane.Pass
	}
	t := s.pollingOf(sid, c.RemoteAddr())
	if t == nil {
		return lane.Pass
	}
	l, ok := c.Memo.(*line)
	if !ok {
		l = &line{Conn: c, s: s}
		c.Memo = l
	}
	l.head = h
	l.allow(h.Origin)
	if h.Post {
		return l.post(t)
	}
	if string(h.AcceptEncoding) != l.accepts {
		l.accepts = string(h.AcceptEncoding)
	}
	l.polling = t
	c.Keep(l)
	if t.Wait(l) != nil {
		c.Unkeep()
		return lane.Pass
	}
	return lane.Waits
}

// maxNoted is how long a header may be, in bytes, that a connection remembers.
const maxNoted = 256

var msie, trident, octets = []byte(";MSIE"), []byte("Trident/"), []byte("application/octet-stream")

// maybeBinary reports whether a body may be one of bytes.
func maybeBinary(contentType []byte) bool {
	if len(contentType) > 0 && contentType[0] >= 0x80 {
		return true // maybe a blank of Unicode
	}
	return len(contentType) >= len(octets) && bytes.EqualFold(contentType[:len(octets)], octets)
}

// plainQuery finds the session of a request for polling with protocol 4. It takes no escapes where it matters.
func plainQuery(query []byte) (sid []byte, ok bool) {
	var transport, eio, session bool
	for len(query) > 0 {
		var pair []byte
		pair, query, _ = bytes.Cut(query, []byte{'&'})
		name, value, _ := bytes.Cut(pair, []byte{'='})
		switch string(name) {
		case "transport":
			if transport || string(value) != polling.Name {
				return nil, false
			}
			transport = true
		case "EIO":
			if eio || string(value) != "4" {
				return nil, false
			}
			eio = true
		case "sid":
			if session || bytes.ContainsAny(value, "%+;") {
				return nil, false
			}
			sid, session = value, true
		default:
			if bytes.ContainsAny(name, "%+;") {
				return nil, false
			}
		}
	}
	return sid, transport && eio && len(sid) > 0
}

// pollingOf is the transport of a session that polls, and has nothing else in mind; nil if there is none such.
func (s *Server) pollingOf(sid []byte, remote string) *polling.Transport {
	s.mu.Lock()
	c := s.sessions[string(sid)]
	s.mu.Unlock()
	if c == nil || c.v3 || c.endIfOverdue() || !s.bound(c, &http.Request{RemoteAddr: remote}) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t, _ := c.transport.(*polling.Transport)
	if c.upgrade != nil {
		return nil
	}
	return t
}

// allow notes what CORS says to an origin.
func (l *line) allow(origin []byte) {
	c := l.s.o.CORS
	if c == nil || l.cors != "" && l.origin == string(origin) {
		return
	}
	l.origin = string(origin)
	h := http.Header{}
	r := http.Request{Method: http.MethodGet, Header: http.Header{}}
	if l.origin != "" {
		r.Header.Set("Origin", l.origin)
	}
	c.apply(headerOnly(h), &r)
	var b bytes.Buffer
	h.Write(&b)
	l.cors = b.String()
}

// headerOnly is a ResponseWriter for who sets headers and does not write.
type headerOnly http.Header

func (h headerOnly) Header() http.Header         { return http.Header(h) }
func (h headerOnly) Write(p []byte) (int, error) { return len(p), nil }
func (h headerOnly) WriteHeader(int)             {}

// Gone is told that the client has gone without its answer.
func (l *line) Gone(*lane.Conn) bool { return l.polling.Gone(l) }

// Coding is what the client likes best.
func (l *line) Coding() deflate.Coding {
	if l.accepts == "" {
		return deflate.Identity
	}
	return deflate.Accepted([]string{l.accepts})
}

// AppendHead appends the beginning of a response to a GET.
func (l *line) AppendHead(dst []byte) []byte {
	dst = append(append(dst, "HTTP/1.1 200 OK\r\n"...), l.cors...)
	return append(dst, "Cache-Control: no-store\r\n"...)
}

// AppendEnd appends the end of the head of a response.
func (l *line) AppendEnd(dst []byte) []byte {
	return l.Conn.AppendEnd(append(dst, "X-Content-Type-Options: nosniff\r\n"...))
}

// post takes what a client posts.
func (l *line) post(t *polling.Transport) lane.Verdict {
	status, unread, body, err := t.Post(l)
	switch {
	case err != nil && body != nil:
		return l.PassWith(l.head, body)
	case err != nil:
		return lane.Pass
	}
	r := replies.Get().(*reply)
	b := r.bytes[:0]
	if status == http.StatusOK {
		b = append(l.AppendHead(b), "Content-Length: 2\r\nContent-Type: text/html\r\n"...)
		b = append(l.AppendEnd(b), "ok"...)
	} else {
		b = strconv.AppendInt(append(b, "HTTP/1.1 "...), int64(status), 10)
		b = append(append(append(b, ' '), http.StatusText(status)...), "\r\n"...)
		b = append(append(b, l.cors...), "Cache-Control: no-store\r\nContent-Length: 0\r\n"...)
		if unread {
			b = append(b, "Connection: close\r\n"...)
		}
		b = l.AppendEnd(b)
	}
	l.Reply(b, l.s.o.WriteTimeout, unread)
	r.bytes = b
	replies.Put(r)
	return lane.Answered
}

// replies are buffers for the responses to what was posted.
var replies = sync.Pool{New: func() any { return new(reply) }}

type reply struct{ bytes []byte }

var _ polling.Upload = (*line)(nil)

// Length is that of the body at hand.
func (l *line) Length() int { return l.head.Length }

// Take is the body at hand, if all of it has come.
func (l *line) Take() ([]byte, bool) { return l.Conn.Take(l.head) }

// Stream is the body at hand.
func (l *line) Stream() polling.Stream { return l.Body(l.head) }

// Header is that of the request at hand.
func (l *line) Header() http.Header { return l.Conn.Header(l.head) }
