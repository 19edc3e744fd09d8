package event

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Table holds the handlers of events by name. The zero value is empty. Safe for use by several goroutines; looking up
// takes no lock once the table rests.
type Table[H any] struct {
	mu    sync.Mutex
	names map[string][]*Entry[H]                 // Guarded by mu until view is set, then never written again.
	view  atomic.Pointer[map[string][]*Entry[H]] // names, if it was handed out
}

// Entry is one handler in a [Table].
type Entry[H any] struct {
	Handler H // to be called if Claim allows it

	name  string
	once  *Table[H]   // where it is to be taken off when it has run; nil if it stays
	spent atomic.Bool // a once entry that has run, or an entry that was taken off
}

// Claim reports whether the handler may run now. A once handler is given to a single caller, and taken off.
func (e *Entry[H]) Claim() bool {
	if e.once == nil {
		return !e.spent.Load()
	}
	return e.claimOnce()
}

func (e *Entry[H]) claimOnce() bool {
	if !e.spent.CompareAndSwap(false, true) {
		return false
	}
	e.once.drop(e.name, e)
	return true
}

// Add puts handler behind the ones that name has already. With once it runs for a single event. The function returned
// takes it off again; calling it twice is harmless.
func (t *Table[H]) Add(name string, handler H, once bool) (off func()) {
	e := &Entry[H]{Handler: handler}
	if once {
		e.once = t
	}
	return t.put(name, e, false)
}

// AddOnce is Add for a handler that runs for a single event and finds out by itself whether it can take one: it calls
// claim when it can, and runs if that is true. Then it is taken off.
func (t *Table[H]) AddOnce(name string, handler func(claim func() bool) H) (off func()) {
	e := new(Entry[H])
	e.Handler = handler(func() bool {
		if !e.spent.CompareAndSwap(false, true) {
			return false
		}
		t.drop(name, e)
		return true
	})
	return t.put(name, e, false)
}

// Prepend puts handler before the ones that name has already. The function returned takes it off again.
func (t *Table[H]) Prepend(name string, handler H) (off func()) {
	return t.put(name, &Entry[H]{Handler: handler}, true)
}

func (t *Table[H]) put(name string, e *Entry[H], first bool) (off func()) {
	e.name = name
	t.change(func(names map[string][]*Entry[H]) {
		if list := names[name]; first {
			names[name] = append([]*Entry[H]{e}, list...)
		} else {
			names[name] = append(list[:len(list):len(list)], e)
		}
	})
	return func() {
		e.spent.Store(true)
		t.drop(name, e)
	}
}

// Remove takes off every handler of name.
func (t *Table[H]) Remove(name string) {
	t.change(func(names map[string][]*Entry[H]) {
		for _, e := range names[name] {
			e.spent.Store(true)
		}
		delete(names, name)
	})
}

// Clear takes off every handler.
func (t *Table[H]) Clear() {
	t.change(func(names map[string][]*Entry[H]) {
		for _, list := range names {
			for _, e := range list {
				e.spent.Store(true)
			}
		}
		clear(names)
	})
}

// Has reports whether an event of this name has a handler.
func (t *Table[H]) Has(name string) bool { return len(t.lookup(name)) > 0 }

// Found is what [Table.Find] found. The zero value is nothing.
type Found[H any] struct {
	in   *map[string][]*Entry[H] // what the table was then
	list []*Entry[H]
}

// Find looks up a name that is no string yet. If it is that of a handler it is returned as the string that is here already,
// which saves the memory, and with what [Table.Entries] wants to know; else it is empty.
func (t *Table[H]) Find(raw []byte) (name string, found Found[H]) {
	view := t.view.Load()
	if view == nil {
		return "", found
	}
	if list := (*view)[string(raw)]; len(list) > 0 {
		return list[0].name, Found[H]{view, list}
	}
	return "", found
}

// Entries are the handlers of name in order, see [Table.For]: for who asks [Entry.Claim] of each, and has found them a
// moment ago, maybe here. The list must not be changed.
func (t *Table[H]) Entries(name string, f Found[H]) []*Entry[H] {
	if f.in != nil && f.in == t.view.Load() && f.list[0].name == name {
		return f.list
	}
	return t.lookup(name)
}

// For yields the handlers of name in order, see Add and Prepend. Handlers that are added meanwhile are not
// yielded; those taken off meanwhile are not either. A once handler is yielded to a single caller.
func (t *Table[H]) For(name string) iter.Seq[H] {
	return func(yield func(H) bool) {
		for _, e := range t.lookup(name) {
			if e.Claim() && !yield(e.Handler) {
				return
			}
		}
	}
}

func (t *Table[H]) lookup(name string) []*Entry[H] {
	if view := t.view.Load(); view != nil {
		if len(*view) == 0 {
			return nil // as most tables are
		}
		return (*view)[name]
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	names := t.names
	t.view.Store(&names)
	return names[name]
}

// change lets do write to the names. Registration comes in bursts, so the map is copied for the first write after a
// read, not for each write.
func (t *Table[H]) change(do func(names map[string][]*Entry[H])) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.names == nil:
		t.names = make(map[string][]*Entry[H])
		t.view.Store(nil)
	case t.view.Load() != nil:
		t.names = maps.Clone(t.names)
		t.view.Store(nil)
	}
	do(t.names)
}

func (t *Table[H]) drop(name string, e *Entry[H]) {
	t.change(func(names map[string][]*Entry[H]) {
		list := names[name]
		i := slices.Index(list, e)
		if i < 0 {
			return
		}
		if len(list) == 1 {
			delete(names, name)
			return
		}
		names[name] = slices.Delete(slices.Clone(list), i, i+1)
	})
}
