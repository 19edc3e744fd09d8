package parser_test

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/socketio-go/socketio/parser"
)

// lines is a dialect of one binary message a packet: what JSON would send as several, each behind its length in a line.
type lines struct{ parser.JSON }

func (d lines) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	parts, err := d.JSON.AppendMessages(nil, p)
	if err != nil {
		return dst, err
	}
	var b bytes.Buffer
	for _, part := range parts {
		fmt.Fprintf(&b, "%d\n%s", len(part.Data), part.Data)
	}
	return append(dst, parser.Message{Binary: true, Data: b.Bytes()}), nil
}

func (d lines) NewDecoder(l parser.Limits) parser.MessageDecoder {
	return &lineDecoder{parser.Decoder{Limits: l}}
}

type lineDecoder struct{ parser.Decoder }

var errNotInLines = errors.New("not in lines")

func (d *lineDecoder) Text([]byte) (parser.Packet, bool, error) {
	return parser.Packet{}, false, errNotInLines
}

func (d *lineDecoder) Binary(data []byte) (p parser.Packet, done bool, err error) {
	take := d.Decoder.Text
	for ; err == nil && !done; take = d.Decoder.Binary {
		var size int
		head, rest, ok := bytes.Cut(data, []byte("\n"))
		if _, e := fmt.Sscanf(string(head), "%d", &size); e != nil || !ok || size < 0 || size > len(rest) {
			return p, false, errNotInLines
		}
		p, done, err = take(rest[:size])
		data = rest[size:]
	}
	return p, done, err
}

// A dialect that a program brings. It builds on the one that is there, and a server takes it as Options.Parser.
func ExampleDialect() {
	var dialect parser.Dialect = lines{}
	messages, _ := dialect.AppendMessages(nil, parser.Packet{
		Type: parser.Event, Namespace: "/",
		Data:        []byte(`["file",{"_placeholder":true,"num":0}]`),
		Attachments: [][]byte{[]byte("content")},
	})
	for _, m := range messages {
		fmt.Printf("%s\n", m.Data)
	}
	p, done, err := dialect.NewDecoder(parser.Limits{}).Binary(messages[0].Data)
	name, args := parser.EventName(p)
	fmt.Println(name, len(args), string(p.Attachments[0]), done, err)
	// Output:
	// 41
	// 51-["file",{"_placeholder":true,"num":0}]7
	// content
	// file 1 content true <nil>
}
