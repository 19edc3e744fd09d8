package socketio

import (
	"context"
	"errors"

	"github.com/socketio-go/socketio/engineio"
)

var _ engineio.Crowder = (*conn)(nil)

// Crowded tells the sockets of the connection that its outbox is half full.
func (c *conn) Crowded(eio *engineio.Conn) {
	buffered := eio.BufferedAmount()
	var sockets []*Socket
	done := make(chan struct{})
	c.mu.Lock()
	for _, s := range c.sockets {
		if s.state.Load() == connected {
			s.slow = true
			c.server.telling.Store(s, done)
			sockets = append(sockets, s)
		}
	}
	c.mu.Unlock()
	defer func() { // also if a hook ends the goroutine
		for _, s := range sockets {
			c.server.telling.CompareAndDelete(s, done)
		}
		close(done)
	}()
	for _, s := range sockets {
		s.tellSlow(buffered)
	}
}

// toldSlow sees to it that who is cut off because it did not read is told so first. It is called by the runner of a socket
// that departs, with whether it was told of before.
func (s *Socket) toldSlow(before bool) {
	if before {
		if done, ok := s.conn.server.telling.Load(s); ok {
			<-done.(chan struct{})
		}
		return
	}
	if errors.Is(context.Cause(s.Context()), ErrBufferFull) {
		s.tellSlow(0) // it went so fast that nobody else came to tell
	}
}

func (s *Socket) tellSlow(buffered int) {
	for _, layer := range s.namespace.layers {
		for f := range layer.slow.For(all) {
			s.guard("OnSlowConsumer", func() error { f(s, buffered); return nil })
		}
	}
}

// lineUp waits for room in the outbox. Who has it queues an event, and leaves.
func (s *Socket) lineUp(ctx context.Context) (leave func(), err error) {
	both, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.Context(), cancel)()
	leave, err = s.conn.eio.LineUp(both)
	switch {
	case err == nil || errors.Is(err, ErrLineFull):
		return leave, err
	case ctx.Err() != nil:
		return nil, ended(ctx)
	}
	return nil, ErrDisconnected
}
