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
	names map[string][]*entry[H]                 // Guarded by mu until view is set, then never written again.
	view  atomic.Pointer[map[string][]*entry[H]] // names, if it was handed out
}

type entry[H any] struct {
	name    string
	handler H
	once    bool
	spent   atomic.Bool // a once entry that has run, or an entry that was taken off
}

// claim reports whether the entry may run now.
func (e *entry[H]) claim() bool {
	if e.once {
		return e.spent.CompareAndSwap(false, true)
	}
	return !e.spent.Load()
}

// Add puts handler behind the ones that name has already. With once it runs for a single event. The function returned
// takes it off again; calling it twice is harmless.
func (t *Table[H]) Add(name string, handler H, once bool) (off func()) {
	return t.put(name, &entry[H]{handler: handler, once: once}, false)
}

// AddOnce is Add for a handler that runs for a single event and finds out by itself whether it can take one: it calls
// claim when it can, and runs if that is true. Then it is taken off.
func (t *Table[H]) AddOnce(name string, handler func(claim func() bool) H) (off func()) {
	e := new(entry[H])
	e.handler = handler(func() bool {
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
	return t.put(name, &entry[H]{handler: handler}, true)
}

func (t *Table[H]) put(name string, e *entry[H], first bool) (off func()) {
	e.name = name
	t.change(func(names map[string][]*entry[H]) {
		if list := names[name]; first {
			names[name] = append([]*entry[H]{e}, list...)
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
	t.change(func(names map[string][]*entry[H]) {
		for _, e := range names[name] {
			e.spent.Store(true)
		}
		delete(names, name)
	})
}

// Clear takes off every handler.
func (t *Table[H]) Clear() {
	t.change(func(names map[string][]*entry[H]) {
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

// Name is raw as a string that is here already, if it is the name of a handler: it saves who reads names the memory.
func (t *Table[H]) Name(raw []byte) (name string, ok bool) {
	view := t.view.Load()
	if view == nil {
		return "", false
	}
	if list := (*view)[string(raw)]; len(list) > 0 {
		return list[0].name, true
	}
	return "", false
}

// For yields the handlers of name in order, see Add and Prepend. Handlers that are added meanwhile are not
// yielded; those taken off meanwhile are not either. A once handler is yielded to a single caller.
func (t *Table[H]) For(name string) iter.Seq[H] {
	return func(yield func(H) bool) {
		for _, e := range t.lookup(name) {
			if !e.claim() {
				continue
			}
			if e.once {
				t.drop(name, e)
			}
			if !yield(e.handler) {
				return
			}
		}
	}
}

func (t *Table[H]) lookup(name string) []*entry[H] {
	if view := t.view.Load(); view != nil {
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
func (t *Table[H]) change(do func(names map[string][]*entry[H])) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.names == nil:
		t.names = make(map[string][]*entry[H])
		t.view.Store(nil)
	case t.view.Load() != nil:
		t.names = maps.Clone(t.names)
		t.view.Store(nil)
	}
	do(t.names)
}

func (t *Table[H]) drop(name string, e *entry[H]) {
	t.change(func(names map[string][]*entry[H]) {
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
