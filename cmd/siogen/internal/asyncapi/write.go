package asyncapi

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"net/url"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// Info is what the source does not tell.
type Info struct {
	Title   string
	Version string // of the contract
	Server  string // its URL, such as wss://chat.example.com/socket.io/; "" leaves it out
}

const description = `Events of Socket.IO. A channel is a namespace. "send" is what the server sends, and "receive" what its clients do. ` +
	`The payload of a message is the list of the event's arguments; what has the format "binary" is an attachment of the packet. A reply is the acknowledgement.`

// Write gives the document as JSON. The same contracts give the same bytes.
func Write(d *shape.Document, info Info) ([]byte, error) {
	w := &writer{keys: make(map[string]string), schemas: make(map[string]object)}
	doc := object{
		{"asyncapi", "3.0.0"},
		{"info", object{{"title", info.Title}, {"version", info.Version}, {"description", description}}},
		{"defaultContentType", "application/json"},
	}
	if info.Server != "" {
		server, err := server(info.Server)
		if err != nil {
			return nil, err
		}
		doc = append(doc, member{"servers", object{{"default", server}}})
	}
	var channels, operations object
	for _, n := range d.Namespaces {
		key := w.key("channel", strings.Trim(n.Name, "/"), "root")
		messages, ops := w.namespace(n, key)
		channels = append(channels, member{key, object{{"address", n.Name}, {"messages", messages}}})
		operations = append(operations, ops...)
	}
	doc = append(doc, member{"channels", channels}, member{"operations", operations})
	if len(w.schemas) > 0 {
		doc = append(doc, member{"components", object{{"schemas", w.components()}}})
	}
	text, err := json.Marshal(doc, jsontext.WithIndent("  "))
	return append(text, '\n'), err
}

// server describes where the server is.
func server(at string) (object, error) {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is no URL of a server, such as wss://chat.example.com/socket.io/", at)
	}
	s := object{{"host", u.Host}}
	if u.Path != "" {
		s = append(s, member{"pathname", u.Path})
	}
	return append(s, member{"protocol", u.Scheme}), nil
}

// namespace gives the messages of a channel, and the operations that send and receive them.
func (w *writer) namespace(n shape.Namespace, channel string) (messages, operations object) {
	place := "#/channels/" + channel
	for _, e := range n.Events {
		action, side := "send", "server"
		if e.From == shape.Client {
			action, side = "receive", "client"
		}
		key := w.key(channel, side+"."+e.Name, "")
		messages = append(messages, member{key, message(e.Name, e.Doc, w.arguments(e.Arguments))})
		op := object{{"action", action}, {"channel", reference(place)}, {"messages", []any{reference(place + "/messages/" + key)}}}
		if e.Answer != nil {
			answer := w.key(channel, side+"."+e.Name+".answer", "")
			messages = append(messages, member{answer, message(e.Name+" answer", "The acknowledgement of "+e.Name+".", w.answer(*e.Answer))})
			op = append(op, member{"reply", object{{"channel", reference(place)}, {"messages", []any{reference(place + "/messages/" + answer)}}}})
		}
		operations = append(operations, member{w.key("operation", channel+"."+key, ""), op})
	}
	return messages, operations
}

func message(name, doc string, payload object) object {
	m := object{{"name", name}}
	if doc != "" {
		m = append(m, member{"description", doc})
	}
	return append(m, member{"payload", payload})
}

func reference(to string) object { return object{{"$ref", to}} }
