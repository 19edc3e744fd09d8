package engineio

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// query is a request of the protocol, and what its query says.
type query struct {
	*http.Request
	transport, sid, eio, b64 param

	kept    http.Header        // what a session keeps of the headers; set when there is to be one
	target  target             // the same for the URL; zero if it has to be looked for
	values  context.Context    // the same for the context; nil if it has to be made
	key     []string           // of a WebSocket handshake
	upgrade bool               // asks for a WebSocket connection
	session *Conn              // that the request belongs to, nil for a handshake; set by verify
	leaving *polling.Transport // instead of session, of one that the client has just closed
}

// param is a parameter of a query.
type param struct {
	value string // the first, like [url.Values.Get]
	n     int    // how often it is there
}

// protocol is the revision that the client speaks: 4, or 3 if it names another one or none.
func (q *query) protocol() int {
	if q.eio.is("4") {
		return 4
	}
	return 3
}

// peer is what the client understands.
func (q *query) peer() transport.Peer {
	return transport.Peer{Protocol3: q.protocol() == 3, Base64: q.b64.value != ""}
}

// is reports whether the parameter is there once, with the value.
func (p param) is(value string) bool { return p.n == 1 && p.value == value }

// newQuery reads the parameters of the protocol without making a map of all: it is done for every poll
// (BenchmarkPolling). What can't be read is passed over, as by [url.ParseQuery].
func newQuery(r *http.Request) *query {
	q := &query{Request: r}
	for rest := r.URL.RawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if strings.Contains(pair, ";") {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, ok := unescape(name)
		if !ok {
			continue
		}
		var p *param
		switch name {
		case "transport":
			p = &q.transport
		case "sid":
			p = &q.sid
		case "EIO":
			p = &q.eio
		case "b64":
			p = &q.b64
		default:
			continue
		}
		if value, ok = unescape(value); !ok {
			continue
		}
		if p.n++; p.n == 1 {
			p.value = value
		}
	}
	return q
}

// unescape is [url.QueryUnescape], and nothing at all for what has no escapes.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	s, err := url.QueryUnescape(s)
	return s, err == nil
}
