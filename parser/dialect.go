package parser

// Message is one message of the layer below: text, or bytes.
type Message struct {
	Binary bool
	Data   []byte
}

// Dialect is how packets look as messages. Both ends of a connection must have the same one. [JSON] is what every client
// speaks by itself.
//
// A dialect has no state of its own: it is shared by all connections, and its methods are safe for use by several
// goroutines. It touches bytes only, and calls no server: locks may be held. What comes from the network is hostile.
type Dialect interface {
	// AppendMessages appends the messages of a packet, in order, and returns the extended slice. They may share memory
	// with p.Attachments, and are not changed afterwards. Decoded packets bear the type [Event] or [Ack] also when they
	// have attachments, and so do those that come here. An error means that the packet can't be said in this dialect;
	// it is the error of the emit.
	AppendMessages(dst []Message, p Packet) ([]Message, error)
	// NewDecoder makes the decoder of one connection. Fields of Limits that are zero or negative mean the dialect's
	// defaults.
	NewDecoder(Limits) MessageDecoder
}

// MessageDecoder turns the messages of one connection into packets. It belongs to the goroutine that reads.
//
// Text and Binary take a message of their kind. They return a packet and true, or false when more messages must follow.
// The packet is such as [Packet.Check] lets pass, and may keep the message's memory. After an error the connection is
// closed.
type MessageDecoder interface {
	Text(data []byte) (p Packet, done bool, err error)
	Binary(data []byte) (p Packet, done bool, err error)
	// Reset forgets what is not yet a packet. The connection is over.
	Reset()
}

// JSON is the dialect of Socket.IO protocol 5 itself: the text of the packet, followed by its attachments.
type JSON struct{}

var (
	_ Dialect        = JSON{}
	_ MessageDecoder = (*Decoder)(nil)
)

// AppendMessages implements [Dialect]. The error, for more attachments than any client takes, is an [*Error].
func (JSON) AppendMessages(dst []Message, p Packet) ([]Message, error) {
	if len(p.Attachments) > DefaultAttachments {
		return dst, &Error{Reason: TooManyAttachments}
	}
	dst = append(dst, Message{Data: p.AppendText(nil)})
	for _, a := range p.Attachments {
		dst = append(dst, Message{Binary: true, Data: a})
	}
	return dst, nil
}

// NewDecoder implements [Dialect]. It returns a [*Decoder].
func (JSON) NewDecoder(l Limits) MessageDecoder { return &Decoder{Limits: l} }
