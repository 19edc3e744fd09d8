package client

import "context"

// verdict is the outcome of an attempt to connect, for those who wait for it. err is set before done is closed, and each
// who waits gets the outcome of that attempt, whatever has become of the socket by then.
type verdict struct {
	done chan struct{}
	err  error
}

// Wait returns nil when the socket is connected, and waits for the outcome of the attempt to connect that is under way or
// about to be. It returns the error of that attempt, or of the last one while the next is not begun: a [*ConnectError] if
// the server refused, [ErrClosed] if the socket was disconnected on purpose, by either side. When the connection was lost
// and nobody tries again, the error is [ErrDisconnected].
//
// It must not be called by a handler or listener of the manager's sockets, who stand in the way of what it waits for.
func (s *Socket) Wait(ctx context.Context) error {
	v, err := s.awaitVerdict()
	if v == nil {
		return err
	}
	select {
	case <-v.done:
		return v.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// awaitVerdict returns what is to be waited for; nil if the outcome is known.
func (s *Socket) awaitVerdict() (*verdict, error) {
	m := s.m
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case s.connected:
		return nil, nil
	case s.outcome != nil:
		return nil, s.outcome
	case !s.active:
		return nil, ErrClosed
	case m.state == closed && m.waiting == nil:
		return nil, ErrDisconnected
	}
	if s.verdict == nil {
		s.verdict = &verdict{done: make(chan struct{})}
	}
	return s.verdict, nil
}

// settle tells who waits for the outcome of an attempt. The caller holds mu.
func (s *Socket) settle(err error) {
	s.outcome = err
	if v := s.verdict; v != nil {
		s.verdict, v.err = nil, err
		close(v.done)
	}
}
