package msgpack

import "github.com/socketio-go/socketio/parser"

// Dialect is the dialect as a server takes it.
type Dialect struct{}

// maxAttachments is how many binary values a packet may hold unless told otherwise.
const maxAttachments = 1000

var (
	_ parser.Dialect        = Dialect{}
	_ parser.MessageDecoder = (*decoder)(nil)
)

// AppendMessages implements [parser.Dialect]: one binary message. The error of a packet that is none is a
// [*parser.Error].
func (Dialect) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	data, err := encode(p)
	if err != nil {
		return dst, err
	}
	return append(dst, parser.Message{Binary: true, Data: data}), nil
}

// NewDecoder implements [parser.Dialect].
func (Dialect) NewDecoder(l parser.Limits) parser.MessageDecoder {
	if l.Attachments <= 0 {
		l.Attachments = maxAttachments
	}
	return &decoder{limits: l.WithDefaults(), namespace: "/"}
}

// decoder reads the messages of one connection. Each is a packet, so it has nothing to wait for.
type decoder struct {
	limits parser.Limits
	// namespace is the last one seen, so that a connection's packets share one string.
	namespace string
}

// maxKeptNamespace is the length in bytes up to which a decoder remembers a namespace.
const maxKeptNamespace = 128

// Text refuses: no message of this dialect is text.
func (d *decoder) Text([]byte) (parser.Packet, bool, error) {
	return parser.Packet{}, false, &parser.Error{Reason: parser.NotBinary}
}

// Binary takes a message. The attachments of its packet alias it.
func (d *decoder) Binary(data []byte) (parser.Packet, bool, error) {
	p, err := decode(data, d.limits, d.namespace)
	if err != nil {
		return parser.Packet{}, false, err
	}
	if len(p.Namespace) <= maxKeptNamespace {
		d.namespace = p.Namespace
	}
	return p, true, nil
}

// Reset does nothing.
func (d *decoder) Reset() {}
