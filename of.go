package socketio

import (
	"regexp"
	"slices"
)

// Of returns the namespace of that name, and makes it at the first call. A missing slash is added. A name that matches a
// pattern of [Server.OfMatching] makes a child of it.
//
// Clients are let in when the listeners of [Server.OnNamespace] have returned; until then they wait.
func (io *Server) Of(name string) *Namespace {
	name = namespaceName(name)
	for {
		n, mine := io.claim(name)
		if mine {
			defer n.child.release()
			io.furnish(n)
			io.announce(n, func(f func(*Namespace)) { f(n) })
			return n
		}
		if <-n.made; n.adapter != nil {
			return n
		}
	}
}

// OnNamespace hears of each namespace that is made, but "/": on the goroutine that made it, or on one of the client that
// asked for it.
func (io *Server) OnNamespace(f func(*Namespace)) (off func()) {
	mustHandle("OnNamespace", f)
	return io.created.Add(all, f, false)
}

// claim returns the namespace, and whether the caller is to furnish and announce it.
func (io *Server) claim(name string) (n *Namespace, mine bool) {
	if n := io.lookup(name); n != nil {
		return n, false
	}
	io.mu.Lock()
	defer io.mu.Unlock()
	if n := io.namespaces[name]; n != nil {
		return n, false
	}
	var parent *Parent
	if i := slices.IndexFunc(io.parents, func(p *Parent) bool { return p.matches(name) }); i >= 0 {
		parent = io.parents[i]
	}
	n = newNamespace(io, name, parent)
	n.child.hold()
	io.namespaces[name] = n
	return n, true
}

// furnish gives a new namespace its adapter. If that panics, or ends the goroutine, the namespace has never been.
func (io *Server) furnish(n *Namespace) {
	defer func() {
		if n.adapter == nil {
			io.mu.Lock()
			io.drop(n)
			io.mu.Unlock()
		}
		close(n.made)
	}()
	a := io.options.Adapter(node{n})
	n.recovery = io.newRecovery(n.name, a)
	n.adapter = a
	if n.child != nil {
		n.child.parent.children.Add(n)
	}
}

// announce tells the listeners of a new namespace and opens it to clients.
func (io *Server) announce(n *Namespace, tell func(f func(*Namespace))) {
	defer close(n.open)
	if n.name == "/" {
		return
	}
	for f := range io.created.For(all) {
		tell(f)
	}
}

// lookup returns the namespace, or nil if there is none of that name.
func (io *Server) lookup(name string) *Namespace {
	io.mu.RLock()
	defer io.mu.RUnlock()
	return io.namespaces[name]
}

// matches reports whether names like this one are children of p by their look.
func (p *Parent) matches(name string) bool { return p.pattern != nil && p.pattern.MatchString(name) }

// OfMatching returns a parent for all names that match the pattern, see [Parent]. The name that is matched begins with a
// slash; a pattern without ^ and $ matches a part of it.
func (io *Server) OfMatching(pattern *regexp.Regexp) *Parent {
	mustHandle("OfMatching", pattern)
	return io.addParent(&Parent{pattern: pattern})
}
