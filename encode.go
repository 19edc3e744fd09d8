package socketio

import (
	"errors"
	"strconv"
	"sync"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// encodeEvent makes an event ready to be sent to one socket of a namespace. A nil id asks for no answer.
func (io *Server) encodeEvent(namespace, name string, args []any, f flags, id *uint64) ([]*packet.Prepared, error) {
	if parser.IsReserved(name) {
		return nil, reservedName(name)
	}
	payload, err := event.LendEvent(name, args)
	if err != nil {
		return nil, err
	}
	defer payload.Release()
	p := parser.Packet{Type: parser.Event, Namespace: namespace, Data: payload.Data, Attachments: payload.Attachments}
	if f.plain && len(p.Attachments) > 0 {
		p.Data, p.Attachments = plainData(p.Data, p.Attachments), nil
	}
	if id != nil {
		p.ID, p.HasID = *id, true
	}
	return io.prepareSingle(p, f.noCompress)
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
	return data, attachments, nil
}

func (io *Server) encodeAck(namespace string, id uint64, args []any) ([]*packet.Prepared, error) {
	if ps := io.plainAck(namespace, id, args); ps != nil {
		return ps, nil
	}
	payload, err := event.LendArgs(args)
	if err != nil {
		return nil, err
	}
	defer payload.Release()
	p := parser.Packet{Type: parser.Ack, Namespace: namespace, ID: id, HasID: true, Data: payload.Data, Attachments: payload.Attachments}
	return io.prepareSingle(p, false)
}

// plainAck is encodeAck for the arguments that most answers have, written to where they are sent from; nil for others.
func (io *Server) plainAck(namespace string, id uint64, args []any) []*packet.Prepared {
	if !io.plainText {
		return nil
	}
	text := packet.NewSingle(plainRoom)
	b := parser.Packet{Type: parser.Ack, Namespace: namespace, ID: id, HasID: true}.AppendText(text.Room())
	b, ok := event.AppendPlain(b, args)
	text.Fill(b)
	if !ok {
		text.Release()
		return nil
	}
	return text.List()
}

// plainRoom is what most answers fit in.
const plainRoom = 64

// encodeConnect answers a CONNECT: {"sid":"…"}, and the private id if there is one. Ids need no escape.
//
// Protocol 4 has no payload here: its clients know.
func (io *Server) encodeConnect(namespace, id, pid string, protocol4 bool) ([]*packet.Prepared, error) {
	if protocol4 {
		return io.prepare(parser.Packet{Type: parser.Connect, Namespace: namespace}, false)
	}
	data := strconv.AppendQuote([]byte(`{"sid":`), id)
	if pid != "" {
		data = strconv.AppendQuote(append(data, `,"pid":`...), pid)
	}
	data = append(data, '}')
	return io.prepare(parser.Packet{Type: parser.Connect, Namespace: namespace, Data: data}, false)
}

func (io *Server) encodeDisconnect(namespace string) ([]*packet.Prepared, error) {
	return io.prepare(parser.Packet{Type: parser.Disconnect, Namespace: namespace}, false)
}

// encodeConnectError answers a CONNECT that is refused. If the data of the refusal can't be sent it is left out, and the
// error says so.
func (io *Server) encodeConnectError(namespace string, refusal *ConnectError, protocol4 bool) ([]*packet.Prepared, error) {
	payload := refusalPayload
	if protocol4 {
		payload = protocol4Refusal
	}
	data, err := payload(refusal)
	ps, unsaid := io.prepare(parser.Packet{Type: parser.ConnectError, Namespace: namespace, Data: data}, false)
	return ps, errors.Join(err, unsaid)
}

// refusalPayload is {"message":…,"data":…}.
func refusalPayload(refusal *ConnectError) (data []byte, err error) {
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
	return data, err
}

// messages lends memory for the messages of a packet until they have become packets of the layer below.
var messages = sync.Pool{New: func() any { return new([]parser.Message) }}

// prepare makes the messages of a packet, in the server's dialect.
func (io *Server) prepare(p parser.Packet, noCompress bool) ([]*packet.Prepared, error) {
	list := messages.Get().(*[]parser.Message)
	ms, err := io.options.Parser.AppendMessages((*list)[:0], p)
	defer func() {
		clear(ms)
		*list = ms[:0]
		messages.Put(list)
	}()
	if err != nil {
		return nil, unsayable(err)
	}
	if len(ms) == 0 {
		return nil, errNoMessage
	}
	first := &struct { // most packets are one message, and one allocation
		message packet.Prepared
		list    [1]*packet.Prepared
	}{}
	first.message.Packet = below(ms[0])
	first.list[0] = &first.message
	ps := first.list[:]
	for _, m := range ms[1:] {
		ps = append(ps, packet.Prepare(below(m)))
	}
	for _, p := range ps {
		p.NoCompress = noCompress
	}
	return ps, nil
}

// prepareShared is prepare for a packet that has many receivers. It keeps nothing of p but the bytes of its attachments.
func (io *Server) prepareShared(p parser.Packet, noCompress bool) ([]*packet.Prepared, error) {
	if !io.plainText || len(p.Attachments) > parser.DefaultAttachments {
		return io.prepare(p, noCompress)
	}
	text := packet.NewShared(p.TextLen())
	text.Fill(p.AppendText(text.Room()))
	ps := text.List()
	for _, a := range p.Attachments {
		ps = append(ps, packet.Prepare(packet.Packet{Type: packet.Message, Binary: true, Data: a}))
	}
	for _, p := range ps {
		p.NoCompress = noCompress
	}
	return ps, nil
}

// prepareSingle is prepare for a packet that has one receiver. It keeps nothing of p but the bytes of its attachments.
func (io *Server) prepareSingle(p parser.Packet, noCompress bool) ([]*packet.Prepared, error) {
	if io.plainText && len(p.Attachments) <= parser.DefaultAttachments {
		return prepareText(p, noCompress), nil
	}
	ps, err := io.prepare(p, noCompress)
	for _, m := range ps {
		m.Single = true
	}
	return ps, err
}

// prepareText is what [parser.JSON] makes of a packet that has one receiver, in memory that is used again.
func prepareText(p parser.Packet, noCompress bool) []*packet.Prepared {
	text := packet.NewSingle(p.TextLen())
	text.Packet = packet.Packet{Type: packet.Message, Data: p.AppendText(text.Room())}
	text.NoCompress = noCompress
	ps := text.List()
	for _, a := range p.Attachments {
		bytes := packet.NewSingle(0)
		bytes.Packet = packet.Packet{Type: packet.Message, Binary: true, Data: a}
		bytes.NoCompress = noCompress
		ps = append(ps, bytes)
	}
	return ps
}

// below is a message as the layer below takes it.
func below(m parser.Message) packet.Packet {
	return packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data}
}

var errNoMessage = errors.New("socketio: the parser made no message of a packet")

// unsayable is the error of an emit that the dialect has no words for.
func unsayable(err error) error {
	if e, ok := errors.AsType[*parser.Error](err); ok && e.Reason == parser.TooManyAttachments {
		return ErrTooManyAttachments
	}
	return err
}
