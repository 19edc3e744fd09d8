//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// poll is the load of acknowledgements over HTTP long-polling. Each client has two connections, as a browser would: one
// for the poll that is open, one for what it posts. It asks the next question when it has the answer and the post is
// through.
type poll struct {
	tally
	addr    netip.AddrPort
	clients []poller
	talks   []talk
	joined  int
	size    int
	checker *check.Checker
	out     []byte
}

// poller is one client.
type poller struct {
	get, post *drive.Conn
	path      []byte // with the session
	posting   bool   // a post is not through
	pong      bool   // a pong waits for it
	asked     bool   // a question is open
	joined    bool
}

// separator stands between the packets of a payload.
const separator = 0x1e

// pollPlan describes a poll.
type pollPlan struct{ clients, size int }

func (p pollPlan) start(s *stage) (load, error) {
	conns, err := s.loop.Plain(s.addr, 2*p.clients)
	if err != nil {
		return nil, err
	}
	l := &poll{
		tally: tally{loop: s.loop}, addr: s.addr, clients: make([]poller, p.clients), talks: newTalks(p.clients, 1),
		size: p.size, checker: check.NewChecker(letters, p.size),
	}
	l.ended = true // no questions yet
	for i := range l.clients {
		c := &l.clients[i]
		c.get, c.post, c.path = conns[2*i], conns[2*i+1], []byte("/socket.io/?EIO=4&transport=polling")
		l.poll(c)
	}
	if done, err := s.loop.Run(l, drainTime, func() bool { return l.joined == p.clients }); err != nil || !done {
		return nil, fmt.Errorf("%d of %d joined by long-polling: %w", l.joined, p.clients, err)
	}
	return l, nil
}

func (l *poll) begin() {
	l.ended = false
	for i := range l.clients {
		_ = l.ask(i) // none is open
	}
}

func (l *poll) poll(c *poller) {
	l.out = fmt.Appendf(l.out[:0], "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n", c.path, l.addr)
	c.get.SendRaw(l.out)
}

// head begins a post: what follows is the length and the body.
func (l *poll) head(c *poller, length int) {
	c.posting = true
	l.out = fmt.Appendf(l.out[:0], "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench\r\nAccept: */*\r\n"+
		"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: %d\r\n\r\n", c.path, l.addr, length)
}

func (l *poll) send(c *poller, body string) {
	l.head(c, len(body))
	c.post.SendRaw(append(l.out, body...))
}

// ask posts the next question, or the pong that waits, unless a post is on its way.
func (l *poll) ask(who int) error {
	c := &l.clients[who]
	switch {
	case c.posting:
		return nil
	case c.pong:
		c.pong = false
		l.send(c, "3")
		return nil
	case c.asked || l.ended:
		return nil
	}
	k, err := l.talks[who].ask(l.loop.Now())
	if err != nil {
		return err
	}
	c.asked = true
	l.underWay++
	var number [20]byte
	digits := strconv.AppendUint(number[:0], k, 10)
	l.head(c, len(digits)+len(`42["echo",""]`)+l.size)
	l.out = append(append(append(l.out, "42"...), digits...), `["echo","`...)
	l.out = letters.Append(l.out, uint64(who), k, l.size)
	c.post.SendRaw(append(l.out, `"]`...))
	return nil
}

// Message takes the body of a response.
func (l *poll) Message(conn *drive.Conn, _ bool, body []byte) error {
	who := conn.Index / 2
	c := &l.clients[who]
	if conn == c.post {
		if string(body) != "ok" || !c.posting {
			return fmt.Errorf("%w: %.40q for a post", check.ErrAltered, body)
		}
		c.posting = false
		return l.ask(who)
	}
	for len(body) > 0 {
		packet, rest, _ := bytes.Cut(body, []byte{separator})
		body = rest
		if err := l.packet(who, c, packet); err != nil {
			return err
		}
	}
	l.poll(c)
	return l.ask(who)
}

var errSession = errors.New("no session in the open packet")

func (l *poll) packet(who int, c *poller, p []byte) error {
	switch {
	case p[0] == '0':
		_, rest, _ := bytes.Cut(p, []byte(`"sid":"`))
		id, _, found := bytes.Cut(rest, []byte(`"`))
		if !found {
			return errSession
		}
		c.path = append(append(c.path, "&sid="...), id...)
		l.send(c, "40")
		return nil
	case len(p) == 1 && p[0] == '2':
		c.pong = true
		return nil
	case bytes.HasPrefix(p, []byte("40{")) && !c.joined:
		c.joined = true
		l.joined++
		return nil
	}
	t := &l.talks[who]
	if err := answer(l.checker, p, false, who, t); err != nil {
		return err
	}
	l.landed(t.answered())
	c.asked = false
	return nil
}
