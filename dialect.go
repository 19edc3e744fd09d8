package socketio

import "github.com/socketio-go/socketio/parser"

// contained is a dialect that the user brought. It is called with locks held and on the goroutine that reads, so its
// panics have to end here: each is logged, counted, and an error of the packet.
type contained struct {
	dialect parser.Dialect
	server  *Server
}

func (d contained) AppendMessages(dst []parser.Message, p parser.Packet) (ms []parser.Message, err error) {
	defer d.server.contain("parser", &err)
	return d.dialect.AppendMessages(dst, p)
}

// NewDecoder returns a decoder in any case. One without the dialect's, for want of any, panics at the first message.
func (d contained) NewDecoder(l parser.Limits) parser.MessageDecoder {
	made := &containedDecoder{server: d.server}
	d.fill(made, l)
	return made
}

func (d contained) fill(made *containedDecoder, l parser.Limits) (err error) {
	defer d.server.contain("parser", &err)
	made.decoder = d.dialect.NewDecoder(l)
	return nil
}

type containedDecoder struct {
	decoder parser.MessageDecoder
	server  *Server
}

func (d *containedDecoder) Text(data []byte) (p parser.Packet, done bool, err error) {
	defer d.server.contain("parser", &err)
	return d.decoder.Text(data)
}

func (d *containedDecoder) Binary(data []byte) (p parser.Packet, done bool, err error) {
	defer d.server.contain("parser", &err)
	return d.decoder.Binary(data)
}

func (d *containedDecoder) Reset() {
	var err error
	defer d.server.contain("parser", &err)
	d.decoder.Reset()
}

// contain is deferred around user code that has no socket. A panic becomes the error.
func (io *Server) contain(what string, err *error) {
	if v := recover(); v != nil {
		io.panicked(what, v)
		*err = &panicError{v}
	}
}
