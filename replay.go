package socketio

import (
	"context"
	"slices"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/engineio/packet"
)

// replay sends what the client missed, as it takes it, and lets the socket in behind that, with the answer to CONNECT.
// False means that the client can't have all of it, or has gone.
func (s *Socket) replay(answer []*packet.Prepared) bool {
	r := &replay{socket: s, from: s.session.from}
	for {
		if !r.part() || !s.conn.eio.AwaitRoom() {
			return false
		}
		switch in, more, err := r.finish(answer); {
		case err != nil:
			return false
		case !more:
			s.conn.eio.Flush()
			return in
		}
	}
}

// replay is what a client missed, on its way to it. It is written in parts, each when there is room in the outbox.
type replay struct {
	socket  *Socket
	from    string             // where to read on
	waiting []*packet.Prepared // read, and not queued yet
	last    string             // the offset of the last event that was read
}

const (
	lightPackets = 16       // as much may go out together with the answer to CONNECT, on top of half an outbox
	lightBytes   = 16 << 10 // of payload
)

// light reports whether little waits.
func (r *replay) light() bool {
	bytes := 0
	for _, p := range r.waiting {
		bytes += len(p.Data)
	}
	return len(r.waiting) <= lightPackets && bytes <= lightBytes
}

// part reads on and queues what it read, until nothing more was stored and little waits.
func (r *replay) part() bool {
	s := r.socket
	var to string
	session := &adapter.Session{PID: s.session.pid, ID: s.id}
	for {
		more := false
		err := s.inOrder(func(n *Namespace) error {
			session.Rooms, to = slices.Clone(s.session.rooms), n.recovery.offset
			return nil
		})
		if err == nil {
			more, err = r.read(s.Context(), session, to)
		}
		switch {
		case err != nil:
			return false
		case !more && r.light():
			return true
		case len(r.waiting) == 0: // much was stored for others
			continue
		case !s.conn.eio.AwaitRoom():
			return false
		}
		s.conn.eio.Send(r.waiting...) // an error is that of a connection which ends
		r.waiting = nil
	}
}

// finish reads what was stored meanwhile and queues it together with the answer under the order lock, so that nothing is
// missed and nothing comes twice. If that is too much for one time it reports more.
func (r *replay) finish(answer []*packet.Prepared) (in, more bool, err error) {
	s := r.socket
	n, e := s.namespace, s.session
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	err = s.inOrder(func(*Namespace) error {
		more, err = r.read(ended, &adapter.Session{PID: e.pid, ID: s.id, Rooms: e.rooms}, n.recovery.offset)
		if err != nil || more {
			return err
		}
		if r.last != "" {
			e.sent = r.last
		}
		_, in = s.letIn(append(r.waiting, answer...))
		return nil
	})
	return in, more, err
}

// read takes the next part out of the log.
func (r *replay) read(ctx context.Context, session *adapter.Session, to string) (more bool, err error) {
	n := r.socket.namespace
	missed, next, more, err := n.recovery.log.Missed(ctx, session, r.from, to)
	if err != nil {
		return false, err
	}
	r.from = next
	for _, m := range missed {
		ps, err := n.prepareMarked(m)
		if err != nil {
			return false, err
		}
		r.waiting = append(r.waiting, ps...)
		r.last = m.Offset
	}
	return more, nil
}
