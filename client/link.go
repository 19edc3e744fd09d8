package client

import (
	"errors"
	"log/slog"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/parser"
)

// link is one connection of a manager. It hears the session below, on the goroutine that reads, and runs no user code
// there.
type link struct {
	m       *Manager
	epoch   int
	conn    *engineio.Conn
	decoder parser.MessageDecoder // Owned by the reader.
	heard   time.Time             // of the server's heartbeat, by the clock on the wall. Guarded by Manager.mu.
}

var _ engineio.Handler = (*link)(nil)

var errFlood = errors.New("socketio: the server sends more than the handlers take")

// Message takes one message of the server. It blocks while too much waits for the handlers: that is how the server is
// slowed down.
func (l *link) Message(c *engineio.Conn, msg engineio.Message) {
	decode := l.decoder.Text
	if msg.Binary {
		decode = l.decoder.Binary
	}
	p, done, err := decode(msg.Data)
	switch {
	case err != nil:
		l.end(ParseError, err)
	case done:
		l.m.route(l, p)
		if !l.m.admit(c.Done()) {
			l.end(ForcedClose, errFlood)
		}
	}
}

// end closes a connection that the server has spoilt.
func (l *link) end(reason DisconnectReason, err error) {
	m := l.m
	m.mu.Lock()
	if m.link == l {
		m.o.Logger.Log(m.ctx, slog.LevelDebug, "socketio: connection closed", "reason", reason, "error", err)
		m.lost(reason, err)
		m.reconnect()
	}
	m.mu.Unlock()
	l.conn.Close()
}

// Closed is told that the connection has ended.
func (l *link) Closed(_ *engineio.Conn, reason engineio.Reason, err error) {
	m := l.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link != l {
		return
	}
	if _, ok := errors.AsType[*engineio.DialError](err); ok {
		fire(m, &m.listeners.error, func(f func(error)) { f(err) })
		m.upgraded = ""
	}
	m.lost(DisconnectReason(reason), err)
	m.reconnect()
}

// lost forgets the connection and tells the sockets. The caller holds mu.
func (m *Manager) lost(reason DisconnectReason, err error) {
	m.link, m.state = nil, closed
	m.epoch++
	m.backoff.reset()
	m.inbox.wake()
	fire(m, &m.listeners.close, func(f func(DisconnectReason, error)) { f(reason, err) })
	for s := range m.each {
		s.lost(reason, err)
	}
}

// route gives a packet to its socket.
func (m *Manager) route(l *link, p parser.Packet) {
	name := p.Namespace
	if name == "" {
		name = "/"
	}
	m.mu.Lock()
	m.heard(l, p)
	s := m.find(name)
	if m.link != l || s == nil {
		m.mu.Unlock()
		return // of a connection that is over, or for nobody
	}
	var flush bool
	switch p.Type {
	case parser.Connect, parser.ConnectError, parser.Disconnect:
		s.asked = nil
	}
	if !s.active {
		if p.Type == parser.Connect { // the socket has left, and the server does not know
			flush, _ = l.conn.Enqueue(m.disconnectPacket(name)...) // an error is that of a connection which ends
		}
		m.mu.Unlock()
		if flush {
			l.conn.Flush()
		}
		return
	}
	switch p.Type {
	case parser.Connect:
		flush = s.accepted(l, p)
	case parser.ConnectError:
		s.rejected(p)
	case parser.Disconnect:
		s.left()
	case parser.Event:
		if !s.receive(p) {
			m.mu.Unlock()
			l.end(ParseError, errEarly)
			return
		}
	case parser.Ack:
		if p.HasID {
			s.answered(p)
		}
	}
	m.mu.Unlock()
	if flush {
		l.conn.Flush()
	}
}

// heard tells the listeners of OnPacket. The caller holds mu.
func (m *Manager) heard(l *link, p parser.Packet) {
	if m.link != l || !m.listeners.packet.Has(all) {
		return
	}
	m.post(item{cost: cost(p), run: func() {
		for f := range m.listeners.packet.For(all) {
			m.guard("OnPacket", func() { f(p) })
		}
	}})
}

var errEarly = errors.New("socketio: too many events before the answer to CONNECT")
