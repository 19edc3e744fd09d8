package client

import (
	"context"
	"runtime"
	"strings"

	"github.com/socketio-go/socketio/engineio"
)

// Close disconnects every socket and closes the connection, once what was emitted before is sent, and waits for all
// goroutines of the manager. A manager that was closed stays so: what waits for a connection is gone, and who waits for its
// answer gets [ErrClosed].
//
// A server that does not answer can keep Close waiting for as long as its heartbeat may take, 30 s at most;
// [Manager.Shutdown] has a limit of its own. Called by a handler, a listener or Auth, of whatever manager, it does not wait:
// the goroutines end when that has returned.
func (m *Manager) Close() { m.Shutdown(context.Background()) }

// Shutdown is Close that waits no longer than ctx: then the connection is cut, what was not sent is lost, and the error is
// that of ctx. Goroutines that are left end by themselves, when the user code does that they run.
func (m *Manager) Shutdown(ctx context.Context) error {
	m.mu.Lock()
	m.closed = true
	var flush []*engineio.Conn
	for _, s := range m.sockets {
		flush = append(flush, s.leave())
		s.dismiss()
	}
	m.shut()
	m.mu.Unlock()
	for _, c := range flush {
		if c != nil {
			c.Flush()
		}
	}
	finished := make(chan struct{})
	go func() {
		m.work.Wait()
		m.cancel()
		close(finished)
	}()
	if inUserCode() {
		return nil
	}
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		m.cancel() // every connection hears it
		return context.Cause(ctx)
	}
}

// inUserCode reports whether the caller was called by a function that a manager calls. Who waits for a handler in that
// handler waits for ever, and nothing but the stack can tell.
func inUserCode() bool {
	pcs := make([]uintptr, 128)
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs)
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var f runtime.Frame
			if f, more = frames.Next(); strings.HasSuffix(f.Function, "/client.(*Manager).guard") {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}

// release closes the connection after the last socket has left. The caller holds mu.
func (m *Manager) release() {
	for _, s := range m.sockets {
		if s.active {
			return
		}
	}
	m.shut()
}

// shut closes the connection and keeps it so. The caller holds mu.
func (m *Manager) shut() {
	m.stopped = true
	m.stopWaiting()
	m.backoff.reset()
	if m.giveUp != nil {
		m.giveUp()
	}
	if l := m.link; l != nil {
		m.lost(ForcedClose, nil)
		l.conn.Close()
	}
	m.state = closed
	m.epoch++
}
