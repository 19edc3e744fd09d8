package socketio

import (
	"strconv"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

const maxAttachments = 10 // a packet; the reference's decoder takes no more

// encodeEvent makes an event ready to be sent to any number of sockets of a namespace. A nil id asks for no answer.
func encodeEvent(namespace, name string, args []any, f flags, id *uint64) ([]*packet.Prepared, error) {
	data, attachments, err := eventData(name, args, f)
	if err != nil {
		return nil, err
	}
	p := parser.Packet{Type: parser.Event, Namespace: namespace, Data: data, Attachments: attachments}
	if id != nil {
		p.ID, p.HasID = *id, true
	}
	return prepare(p, f.noCompress), nil
}

// eventData is the JSON array of an event, and the binary values that stand in it as placeholders.
func eventData(name string, args []any, f flags) (data []byte, attachments [][]byte, err error) {
	if parser.IsReserved(name) {
		return nil, nil, reservedName(name)
	}
	data, attachments, err = event.AppendEvent(name, args)
	if err != nil {
		return nil, nil, err
	}
	if f.plain && len(attachments) > 0 {
		return plainData(data, attachments), nil, nil
	}
	return data, attachments, limitAttachments(attachments)
}

func encodeAck(namespace string, id uint64, args []any) ([]*packet.Prepared, error) {
	data, attachments, err := event.AppendArgs(args)
	if err == nil {
		err = limitAttachments(attachments)
	}
	if err != nil {
		return nil, err
	}
	p := parser.Packet{Type: parser.Ack, Namespace: namespace, ID: id, HasID: true, Data: data, Attachments: attachments}
	return prepare(p, false), nil
}

func limitAttachments(attachments [][]byte) error {
	if len(attachments) > maxAttachments {
		return ErrTooManyAttachments
	}
	return nil
}

// encodeConnect answers a CONNECT: {"sid":"…"}, and the private id if there is one. Ids need no escape.
func encodeConnect(namespace, id, pid string) []*packet.Prepared {
	data := strconv.AppendQuote([]byte(`{"sid":`), id)
	if pid != "" {
		data = strconv.AppendQuote(append(data, `,"pid":`...), pid)
	}
	data = append(data, '}')
	return prepare(parser.Packet{Type: parser.Connect, Namespace: namespace, Data: data}, false)
}

func encodeDisconnect(namespace string) []*packet.Prepared {
	return prepare(parser.Packet{Type: parser.Disconnect, Namespace: namespace}, false)
}

// encodeConnectError answers a CONNECT with {"message":…,"data":…}. If the data can't be sent it is left out, and the
// error says so.
func encodeConnectError(namespace string, refusal *ConnectError) ([]*packet.Prepared, error) {
	body := struct {
		Message string `json:"message"`
		Data    any    `json:"data,omitzero"`
	}{refusal.Message, refusal.Data}
	data, attachments, err := event.Marshal(body)
	if err == nil && len(attachments) > 0 {
		err = ErrTooManyAttachments // the packet has no place for any
	}
	if err != nil {
		body.Data = nil
		data, _, _ = event.Marshal(body) // a string is always fine
	}
	return prepare(parser.Packet{Type: parser.ConnectError, Namespace: namespace, Data: data}, false), err
}

// prepare makes the messages of a packet: its text, then each attachment.
func prepare(p parser.Packet, noCompress bool) []*packet.Prepared {
	first := &struct { // most packets are one message, and one allocation
		message packet.Prepared
		list    [1]*packet.Prepared
	}{}
	first.message.Packet = packet.Packet{Type: packet.Message, Data: p.AppendText(nil)}
	first.list[0] = &first.message
	ps := first.list[:]
	for _, a := range p.Attachments {
		ps = append(ps, packet.Prepare(packet.Packet{Type: packet.Message, Binary: true, Data: a}))
	}
	for _, p := range ps {
		p.NoCompress = noCompress
	}
	return ps
}
