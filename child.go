package socketio

import (
	"container/list"
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
)

// maxChildName is how long a name may be, in bytes, that a client asks parents about.
const maxChildName = 1024

// child is what a namespace under a parent is beyond other namespaces.
type child struct {
	parent *Parent // Fixed at newNamespace.
	// population counts its sockets, from CONNECT to the last handler. It grows under server.mu, if only read-locked, so
	// that with the lock held zero stays zero.
	population atomic.Int64
	counted    bool          // Guarded by server.mu; a client asked for it.
	idle       *list.Element // Guarded by server.mu; where it is in children.idle.
}

// hold keeps a child from being removed while [Server.Of] makes it.
func (c *child) hold() {
	if c != nil {
		c.population.Add(1)
	}
}

// release ends a hold. It removes nothing: who called Of wants the child, empty as it may be.
func (c *child) release() {
	if c != nil {
		c.population.Add(-1)
	}
}

// children are the namespaces that clients asked for. Guarded by server.mu.
type children struct {
	count int
	idle  list.List // of *Namespace, the one that has been empty for longest first; some have filled again
}

// mayExist reports whether a client may ask for the name: it is there, or there are parents to ask.
func (io *Server) mayExist(name string) bool {
	io.mu.RLock()
	defer io.mu.RUnlock()
	return io.namespaces[name] != nil || len(io.parents) > 0 && len(name) <= maxChildName
}

// enter returns the namespace of a socket that is being made. If there is none of that name it is a mere name, and the
// socket's runner asks the parents. Every enter has a vacate.
func (io *Server) enter(name string) *Namespace {
	io.mu.RLock()
	defer io.mu.RUnlock()
	n := io.namespaces[name]
	if n == nil {
		return &Namespace{name: name, server: io}
	}
	if n.child != nil {
		n.child.population.Add(1)
	}
	return n
}

// locate brings the socket into its namespace: one that does not exist is made, if a parent allows it, and one that is
// being made is waited for. It is called by the runner, before anybody else knows of the socket but its connection.
func (s *Socket) locate() error {
	if s.namespace.open == nil {
		if err := s.findChild(); err != nil {
			s.conn.eio.AwaitRoom() // as in join
			return err
		}
	}
	n := s.namespace
	if err := s.await(n.made); err != nil {
		return err
	}
	if n.adapter == nil { // its maker failed
		return errInvalidNamespace
	}
	return s.await(n.open)
}

// await waits until done is closed, or the client goes. Mostly it is closed, and then the context need not make a channel
// that lives as long as the socket.
func (s *Socket) await(done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-s.Context().Done():
		return context.Cause(s.Context())
	}
}

// findChild gives the socket a namespace for the name that it has, or returns the refusal.
func (s *Socket) findChild() error {
	io := s.conn.server
	parent := io.ask(s)
	if parent == nil {
		return errInvalidNamespace
	}
	n, out, mine := io.adopt(s.namespace.name, parent)
	if out != nil {
		out.dissolve()
	}
	if n == nil {
		return errTooManyNamespaces
	}
	s.conn.mu.Lock()
	s.namespace = n
	s.conn.mu.Unlock()
	if !mine {
		return nil
	}
	if err := s.guard("Adapter", func() error { io.furnish(n); return nil }); err != nil {
		return err
	}
	io.announce(n, func(f func(*Namespace)) {
		s.guard("OnNamespace", func() error { f(n); return nil })
	})
	return nil
}

// ask returns the first parent that allows the name.
func (io *Server) ask(s *Socket) (parent *Parent) {
	io.mu.RLock()
	parents := slices.Clip(io.parents)
	io.mu.RUnlock()
	for _, p := range parents {
		allowed := p.matches(s.namespace.name)
		if p.allow != nil {
			err := s.guard("OfFunc", func() (err error) {
				allowed, err = p.allow(s.Context(), s.namespace.name, s.Handshake())
				return err
			})
			if err != nil {
				allowed = false
				s.guard("error of OfFunc", func() error { io.tellDenial(s, err); return nil })
			}
		}
		if allowed {
			return p
		}
	}
	return nil
}

// tellDenial logs why a parent could not say yes. It asks the error, which is user code.
func (io *Server) tellDenial(s *Socket, err error) {
	if !isPublic(err) && !isPanic(err) && s.Context().Err() == nil {
		io.tell(slog.LevelError, "socketio: function of a parent failed", "namespace", logged(s.namespace.name), "error", err)
	}
}

// adopt returns the namespace, entered, and whether the caller is to furnish it. If there are too many, out is the one
// that made room and is to be dissolved; without one, n is nil.
func (io *Server) adopt(name string, parent *Parent) (n, out *Namespace, mine bool) {
	io.mu.Lock()
	defer io.mu.Unlock()
	if n = io.namespaces[name]; n == nil {
		if io.kept.count >= io.options.MaxChildNamespaces {
			if out = io.longestEmpty(); out == nil {
				return nil, nil, false
			}
			io.drop(out)
		}
		n, mine = newNamespace(io, name, parent), true
		n.child.counted = true
		io.namespaces[name] = n
		io.kept.count++
	}
	if n.child != nil {
		n.child.population.Add(1)
	}
	return n, out, mine
}

// longestEmpty returns the child that has been empty for longest. It is called with mu held.
func (io *Server) longestEmpty() *Namespace {
	for e := io.kept.idle.Front(); e != nil; e = io.kept.idle.Front() {
		n := e.Value.(*Namespace)
		if n.child.population.Load() == 0 {
			return n
		}
		io.kept.idle.Remove(e)
		n.child.idle = nil
	}
	return nil
}

// drop forgets a namespace. It is called with mu held.
func (io *Server) drop(n *Namespace) {
	delete(io.namespaces, n.name)
	io.park(n)
	if n.child == nil {
		return
	}
	if n.child.counted {
		io.kept.count--
	}
	if n.child.idle != nil {
		io.kept.idle.Remove(n.child.idle)
		n.child.idle = nil
	}
	n.child.parent.children.Remove(n)
}

// vacate is called when a socket is over, behind its last handler.
func (n *Namespace) vacate() {
	if n.child == nil || n.child.population.Add(-1) > 0 {
		return
	}
	io := n.server
	io.mu.Lock()
	empty := n.child.population.Load() == 0 && io.namespaces[n.name] == n
	remove := empty && io.options.CleanupEmptyChildNamespaces
	switch {
	case remove:
		io.drop(n)
	case !empty || !n.child.counted:
	case n.child.idle == nil:
		n.child.idle = io.kept.idle.PushBack(n)
	default:
		io.kept.idle.MoveToBack(n.child.idle)
	}
	io.mu.Unlock()
	if remove {
		n.dissolve()
	}
}

// dissolve lets go of a namespace that was dropped.
func (n *Namespace) dissolve() {
	io := n.server
	ctx, cancel := context.WithTimeout(context.Background(), drainPatience)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			io.panicked("adapter", v, "namespace", logged(n.name))
		}
	}()
	defer n.recovery.discard()
	if err := n.closeAdapter(ctx); err != nil {
		io.tell(slog.LevelError, "socketio: adapter did not close", "namespace", logged(n.name), "error", err)
	}
}
