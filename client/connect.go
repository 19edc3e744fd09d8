package client

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// ask tells the socket that the connection stands, and asks the server for the namespace. Auth may be user code, so the
// packet is made on a goroutine of its own: not on the one that reads, and not on that of the handlers either, as one of
// them may wait for an answer that comes when the socket is connected. The caller holds mu.
func (s *Socket) ask() {
	if s.connected || s.asking {
		return
	}
	s.asking = true
	s.epoch++
	epoch := s.epoch
	transport := s.m.link.conn.Transport()
	fireSocket(s, &s.listeners.connecting, func(f func(string)) { f(transport) })
	if s.asked == s.m.link {
		return // the socket left and came back, and the answer is still to come: a server takes no second CONNECT before
	}
	s.m.aside(func() { s.sendConnect(epoch) })
}

// stopAsking forgets a CONNECT that is under way. What came before its answer is forgotten too: a recovery sends it anew.
// The caller holds mu.
func (s *Socket) stopAsking() {
	s.asking, s.early, s.earlyCost = false, nil, 0
	if s.hangUp != nil {
		s.hangUp()
		s.hangUp = nil
	}
}

// sendConnect makes the CONNECT packet and sends it (Socket.IO protocol 5, "Connection to a namespace").
func (s *Socket) sendConnect(epoch int) {
	m := s.m
	m.mu.Lock()
	if s.epoch != epoch || m.link == nil {
		m.mu.Unlock()
		return
	}
	l, pid, offset := m.link, s.pid, s.offset.value
	ctx, cancel := context.WithCancel(m.ctx)
	defer cancel()
	s.hangUp = cancel
	m.mu.Unlock()

	var ps []*packet.Prepared
	err := errAuthPanicked // or ended its goroutine, so deferred
	defer func() { s.propose(l, epoch, ps, err) }()
	ps, err = s.connectPacket(ctx, pid, offset)
}

var errAuthPanicked = errors.New("socketio: Auth panicked")

// propose sends the CONNECT packet, unless there is none, or nobody wants it any more.
func (s *Socket) propose(l *link, epoch int, ps []*packet.Prepared, err error) {
	m := s.m
	m.mu.Lock()
	if s.epoch != epoch || m.link != l {
		m.mu.Unlock()
		return
	}
	s.hangUp = nil
	var flush bool
	if err == nil {
		flush, err = l.conn.Enqueue(ps...)
	}
	if err != nil {
		s.refused(err)
	} else {
		s.asked = l
	}
	m.mu.Unlock()
	if flush {
		l.conn.Flush()
	}
}

// connectPacket makes the CONNECT packet. ctx ends when it is not wanted any more.
func (s *Socket) connectPacket(ctx context.Context, pid, offset string) (ps []*packet.Prepared, err error) {
	auth := s.o.Auth
	if ask, ok := auth.(authFunc); ok {
		if s.m.guard("Auth", func() { auth, err = ask(ctx) }) {
			err = errAuthPanicked
		}
		if err != nil {
			return nil, err
		}
	}
	data, err := connectData(auth, ticket{pid, offset, s.o.Retries > 0})
	if err != nil {
		return nil, err
	}
	return s.m.encode(parser.Packet{Type: parser.Connect, Namespace: s.namespace, Data: data}, false)
}

// ticket is what a CONNECT says beside Auth: the session to be recovered, if there is one.
type ticket struct {
	PID    string `json:"pid,omitempty"`
	Offset string `json:"offset,omitempty"`
	// Resends says that an event may come again under the id that it had, which no other event of the session has: a server
	// of ours then remembers how it answered.
	Resends bool `json:"resends,omitzero"`
}

// connectData is the payload of a CONNECT: the session to be recovered, if there is one, and what Auth says.
func connectData(auth any, own ticket) ([]byte, error) {
	var data []byte
	if auth != nil {
		var attachments [][]byte
		var err error
		data, attachments, err = event.Marshal(auth)
		switch {
		case err != nil:
			return nil, fmt.Errorf("socketio: Auth: %w", err)
		case len(attachments) > 0:
			return nil, errors.New("socketio: Auth holds binary values, which a CONNECT has no place for")
		case len(data) == 0 || data[0] != '{':
			return nil, errors.New("socketio: Auth is no object")
		}
	}
	if own.PID == "" {
		own.Offset = ""
	}
	if own == (ticket{}) {
		return data, nil
	}
	head, err := json.Marshal(own)
	if err != nil || len(data) <= len(`{}`) {
		return head, err
	}
	return slices.Concat(head[:len(head)-1], []byte(","), data[1:]), nil
}

const oldServer = "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible " +
	"(more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)"

// accepted is told of the server's answer to CONNECT. What waited is sent before the listeners of OnConnect run, and what
// came early is handled before that. It reports whether the caller has to flush. The caller holds mu.
func (s *Socket) accepted(l *link, p parser.Packet) (flush bool) {
	if s.connected || !s.asking {
		return false
	}
	var session struct {
		SID    string `json:"sid"`
		PID    string `json:"pid"`
		Offset string `json:"offset"`
	}
	if json.Unmarshal(p.Data, &session) != nil || session.SID == "" {
		s.refused(errors.New(oldServer))
		return false
	}
	s.id = session.SID
	s.recovered = session.PID != "" && session.PID == s.pid
	s.pid = session.PID
	if !s.recovered {
		s.offset.start(session.Offset)
	}
	s.connected, s.asking, s.first = true, false, false
	s.ctx, s.cancel = context.WithCancelCause(s.m.ctx)
	early := s.early
	s.early, s.earlyCost = nil, 0
	for _, e := range early {
		s.dispatch(e)
	}
	flush = s.sendBuffered(l)
	flush = s.sendFirst(l, true) || flush
	s.settle(nil)
	fireSocket(s, &s.listeners.connect, func(f func()) { f() })
	return flush
}

// rejected is told that the server refuses the socket, which stays away until it is told to connect again. The caller
// holds mu.
func (s *Socket) rejected(p parser.Packet) {
	if s.connected || !s.asking {
		return
	}
	refusal := &ConnectError{}
	var body struct {
		Message string `json:"message"`
		Data    Value  `json:"data"`
	}
	if json.Unmarshal(p.Data, &refusal.Message) != nil {
		if json.Unmarshal(p.Data, &body) != nil {
			body.Message = string(p.Data)
		}
		refusal.Message, refusal.Data = body.Message, body.Data
	}
	s.retire()
	s.refused(refusal)
	s.m.release()
}

// left is told that the server has disconnected the socket. The caller holds mu.
func (s *Socket) left() {
	connected := s.connected
	s.retire()
	if connected {
		s.down(ServerDisconnect, nil)
	} else {
		s.settle(ErrClosed)
	}
	s.m.release()
}

// refused is told that an attempt to connect has failed. The caller holds mu.
func (s *Socket) refused(err error) {
	s.stopAsking()
	if s.connected {
		return
	}
	first := s.first
	s.first = false
	s.settle(err)
	s.fireConnectError(err, first)
}

// lost is told that the connection is gone. The caller holds mu.
func (s *Socket) lost(reason DisconnectReason, err error) {
	switch {
	case s.connected:
		s.down(reason, err)
	case s.asking:
		if _, ok := errors.AsType[*engineio.DialError](err); !ok {
			err = &DisconnectError{reason, err}
		}
		s.refused(err)
	}
}

// down ends what belongs to a connection. The caller holds mu.
func (s *Socket) down(reason DisconnectReason, err error) {
	s.connected, s.id = false, ""
	s.stopAsking()
	s.epoch++
	s.cancel(&DisconnectError{reason, err})
	fireSocket(s, &s.listeners.disconnect, func(f func(DisconnectReason, error)) { f(reason, err) })
	s.abandon()
}
