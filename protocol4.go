package socketio

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json/jsontext"
	"net/url"
	"strings"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// What is different for clients of Socket.IO 1 and 2, which speak Socket.IO protocol 4 over Engine.IO 3. The packets look
// the same; what they mean at the beginning of a connection does not:
//
//   - a client is in "/" without asking;
//   - it says who it is in a query behind the name of the namespace, as CONNECT has no payload: 0/admin?token=123
//   - it takes the id of its connection for that of its socket, so the answer has no payload either;
//   - a refusal is a value of any kind, which is the argument of its event "error".

// enterMain puts a client of protocol 4 into the main namespace. Its connection was just made, so there is room.
func (c *conn) enterMain() {
	if !c.server.draining.Load() {
		c.take(parser.Packet{Type: parser.Connect, Namespace: "/"}) // it can't be refused here
	}
}

// protocol4ID is the id that the client knows.
func protocol4ID(ns *Namespace, c *conn) string {
	if ns.name == "/" {
		return c.eio.ID()
	}
	return ns.name + "#" + c.eio.ID()
}

// loggedID names the socket in the log. The id of an old client's is a secret, so it gets another name there.
func (s *Socket) loggedID() string {
	if !s.conn.protocol4 {
		return s.id
	}
	sum := sha256.Sum256([]byte(s.id))
	return "protocol 4 " + base64.RawURLEncoding.EncodeToString(sum[:9])
}

// fromProtocol4 makes of a packet what it would be in protocol 5.
func fromProtocol4(p parser.Packet) parser.Packet {
	var query string
	p.Namespace, query, _ = strings.Cut(p.Namespace, "?")
	if p.Type == parser.Connect {
		p.Data, p.Attachments = queryAuth(query), nil
	}
	return p
}

// queryAuth is a query as a JSON object, which holds a name as often as the query does: the last one counts when it is
// decoded. What is escaped badly stays as it is.
func queryAuth(query string) []byte {
	data := []byte{'{'}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		if len(data) > 1 {
			data = append(data, ',')
		}
		name, value, _ := strings.Cut(pair, "=")
		data, _ = jsontext.AppendQuote(data, unescaped(name)) // bytes that are not UTF-8 are replaced, as everywhere
		data = append(data, ':')
		data, _ = jsontext.AppendQuote(data, unescaped(value))
	}
	return append(data, '}')
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// protocol4Refusal is the payload of a refusal: its data, or its message if there is none. "None" is what JavaScript takes
// for false.
func protocol4Refusal(refusal *ConnectError) (data []byte, err error) {
	if refusal == errInvalidNamespace {
		data, _, err = event.Marshal(struct {
			Message string `json:"message"`
		}{refusal.Message})
		return data, err
	}
	data, attachments, err := event.Marshal(refusal.Data)
	if err == nil && len(attachments) > 0 {
		err = ErrTooManyAttachments // the packet has no place for any
	}
	if err == nil {
		switch string(data) {
		case "null", "false", "0", `""`:
		default:
			return data, nil
		}
	}
	data, _, _ = event.Marshal(refusal.Message) // a string is always fine
	return data, err
}
