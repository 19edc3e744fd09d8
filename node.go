package socketio

import (
	"errors"
	"fmt"
	"math"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/parser"
)

// node is the namespace as its adapter sees it.
type node struct{ namespace *Namespace }

var _ adapter.Node = node{}

func (n node) Namespace() string { return n.namespace.name }

// Deliver hands a broadcast of another node to the receivers on this one.
func (n node) Deliver(m adapter.Message) error {
	if err := checkMessage(m); err != nil {
		return err
	}
	name, args := said(m.Event, m.Attachments)
	b := Broadcast{namespace: n.namespace, rooms: m.Rooms, except: m.Except}
	receivers, err := n.namespace.cast(b, m, nil, false)
	n.namespace.outgoing(receivers, nil, name, args)
	return err
}

// checkMessage reads a message as its receivers will: what they would refuse must not reach them.
func checkMessage(m adapter.Message) error {
	return checkPacket(parser.Packet{Type: parser.Event, Data: m.Event, Attachments: m.Attachments})
}

// checkAnswer reads the arguments that another node says were answered. They may be emitted again.
func checkAnswer(a adapter.Answer) error {
	return checkPacket(parser.Packet{Type: parser.Ack, HasID: true, Data: a.Data, Attachments: a.Attachments})
}

func checkPacket(sent parser.Packet) error {
	// As for emits here; how many attachments there may be is for the dialect to say.
	limits := parser.Limits{Attachments: math.MaxInt, Depth: math.MaxInt, Arguments: math.MaxInt, AttachmentBytes: math.MaxInt}
	d := parser.Decoder{Limits: limits}
	p, done, err := d.Text(sent.AppendText(nil))
	for i := 0; err == nil && !done; i++ {
		p, done, err = d.Binary(sent.Attachments[i])
	}
	if err == nil && (p.HasID != sent.HasID || p.ID != sent.ID || p.Namespace != "/") {
		err = errors.New("more than it should be")
	}
	if err != nil {
		return fmt.Errorf("socketio: message of another node: %w", err)
	}
	return nil
}
