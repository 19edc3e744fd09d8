//go:build linux

package main

import (
	"fmt"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// bin is the load of attachments that come back.
type bin struct {
	tally
	crowd    []*drive.Conn
	talks    []talk
	headed   []bool // by connection: the packet is there, its attachment is next
	inFlight int
	size     int
	checker  *check.Checker
	out      []byte
}

// binHeader is the packet before an attachment.
const binHeader = `451-["bin",{"_placeholder":true,"num":0}]`

// binPlan describes a bin.
type binPlan struct{ clients, inFlight, size int }

func (p binPlan) start(s *stage) (load, error) {
	crowd, err := s.loop.Crowd(s.addr, p.clients)
	if err != nil {
		return nil, err
	}
	return &bin{
		tally: tally{loop: s.loop}, crowd: crowd, talks: newTalks(p.clients, p.inFlight), headed: make([]bool, p.clients),
		inFlight: p.inFlight, size: p.size, checker: check.NewChecker(octets, p.size),
	}, nil
}

func (b *bin) begin() {
	for _, c := range b.crowd {
		for range b.inFlight {
			_ = b.send(c) // the ring is empty
		}
	}
}

func (b *bin) send(c *drive.Conn) error {
	k, err := b.talks[c.Index].ask(b.loop.Now())
	if err != nil {
		return err
	}
	c.SendText([]byte(binHeader))
	b.out = octets.Append(b.out[:0], uint64(c.Index), k, b.size)
	c.SendBinary(b.out)
	b.underWay++
	return nil
}

// Message judges what came back.
func (b *bin) Message(c *drive.Conn, binary bool, m []byte) error {
	if headed := &b.headed[c.Index]; *headed != binary || !binary && string(m) != binHeader {
		return fmt.Errorf("%w: %.40q (binary: %v)", check.ErrAltered, m, binary)
	} else if *headed = !*headed; *headed {
		return nil
	}
	t := &b.talks[c.Index]
	if t.next == t.sent {
		return fmt.Errorf("%w: %.40q", check.ErrRepeated, m)
	}
	if err := b.checker.Check(m, uint64(c.Index), t.next); err != nil {
		return err
	}
	b.landed(t.answered())
	if b.ended {
		return nil
	}
	return b.send(c)
}
