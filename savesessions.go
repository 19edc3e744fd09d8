package socketio

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"

	"github.com/socketio-go/socketio/adapter/inmemory"
)

// A file of sessions is this line, then for each namespace the length of its name, the name and its log, which knows its
// own end; at last a length of zero.
const sessionsHead = "socketio sessions 1\n"

var (
	errNoRecovery = errors.New("socketio: recovery is off")
	errNoSessions = errors.New("socketio: not a file of sessions")
)

// SaveSessions writes what clients need to be recovered by another process: for each namespace the log, and the sessions of
// sockets that were lost. Call it after [Server.Shutdown], which makes every socket one of those, and give the file to
// [Server.LoadSessions] of the next process.
//
// A session is saved only if all of its data can be: each [Key] that it has a value of must be a [Key.Saved], and the value
// one that encoding/json/v2 can write. A client whose session was not saved gets a new one. Namespaces whose adapter has
// the log do not need to be saved, and are not.
func (server *Server) SaveSessions(w io.Writer) error {
	if server.options.Recovery == nil {
		return errNoRecovery
	}
	b := bufio.NewWriter(w)
	b.WriteString(sessionsHead) // an error stays
	stores := server.stores()
	for _, name := range slices.Sorted(maps.Keys(stores)) {
		b.Write(binary.AppendUvarint(nil, uint64(len(name))))
		b.WriteString(name)
		unsaved, err := stores[name].Save(b)
		if err != nil {
			return fmt.Errorf("socketio: save sessions of %q: %w", logged(name), err)
		}
		if unsaved > 0 {
			server.tell(slog.LevelWarn, "socketio: sessions with data that can't be saved", "namespace", logged(name), "sessions", unsaved)
		}
	}
	b.WriteByte(0)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("socketio: save sessions: %w", err)
	}
	return nil
}

// LoadSessions reads what [Server.SaveSessions] wrote. Call it before the server serves and emits; a namespace that has
// stored something already is an error. What has expired since is left out. Namespaces that do not exist yet get theirs
// when they are made; as many are kept for that as [Options.MaxChildNamespaces] says.
//
// The file is not trusted with memory: it takes no more than the limits of [Recovery] for each namespace. But who can write
// it decides what clients get: keep it as you keep the program. After an error some namespaces may have been loaded.
func (server *Server) LoadSessions(r io.Reader) error {
	if server.options.Recovery == nil {
		return errNoRecovery
	}
	b := bufio.NewReader(r)
	head := make([]byte, len(sessionsHead))
	if _, err := readFull(b, head); err != nil || string(head) != sessionsHead {
		return cmp.Or(err, errNoSessions)
	}
	for {
		size, err := binary.ReadUvarint(b)
		switch {
		case err != nil:
			return fmt.Errorf("socketio: load sessions: %w", unexpected(err))
		case size == 0:
			return nil
		case size > maxSavedName:
			return errNoSessions
		}
		name := make([]byte, size)
		if _, err := readFull(b, name); err != nil {
			return fmt.Errorf("socketio: load sessions: %w", err)
		}
		if err := server.loadNamespace(namespaceName(string(name)), b); err != nil {
			return fmt.Errorf("socketio: load sessions of %q: %w", logged(string(name)), err)
		}
	}
}

// maxSavedName is how long the name of a namespace may be in a file.
const maxSavedName = 1 << 16

func (io *Server) loadNamespace(name string, b *bufio.Reader) error {
	if n := io.lookup(name); n != nil {
		if <-n.made; n.recovery == nil || n.recovery.memory == nil {
			return io.skipStore(b)
		}
		n.order.Lock()
		began := n.everyone.Len() > 0
		n.order.Unlock()
		if began {
			return inmemory.ErrInUse
		}
		if err := n.recovery.memory.Load(b); err != nil {
			return err
		}
		n.order.Lock()
		defer n.order.Unlock()
		n.recovery.offset = n.recovery.memory.Offset()
		return nil
	}
	store := inmemory.New(io.logLimits())
	if err := store.Load(b); err != nil {
		return err
	}
	io.mu.Lock()
	defer io.mu.Unlock()
	if !io.leave(name, store) {
		store.Discard()
	}
	return nil
}

// skipStore reads a store and forgets it.
func (io *Server) skipStore(b *bufio.Reader) error {
	store := inmemory.New(io.logLimits())
	defer store.Discard()
	return store.Load(b)
}

// leave leaves a store for the next namespace of that name, and reports whether there was room. It is called with mu held.
func (io *Server) leave(name string, store *inmemory.Store) bool {
	if len(io.saved) >= io.options.MaxChildNamespaces {
		maps.DeleteFunc(io.saved, func(_ string, s *inmemory.Store) bool {
			empty := s.Stats().Sessions == 0 // all expired
			if empty {
				s.Discard()
			}
			return empty
		})
	}
	if len(io.saved) >= io.options.MaxChildNamespaces {
		return false
	}
	if io.saved == nil {
		io.saved = make(map[string]*inmemory.Store)
	}
	io.saved[name] = store
	return true
}

// park leaves the log of a namespace that is dropped to the next one of that name, if anybody may come back for it. It is
// called with mu held.
func (io *Server) park(n *Namespace) {
	if r := n.recovery; r != nil && r.memory != nil && r.memory.Stats().Sessions > 0 {
		r.parked.Store(io.leave(n.name, r.memory))
	}
}

// closeSaved ends the work of the stores that nobody has taken.
func (io *Server) closeSaved() {
	io.mu.RLock()
	defer io.mu.RUnlock()
	for _, store := range io.saved {
		store.Close()
	}
}

// takeSaved returns what was loaded for a namespace that is being made, or nil.
func (io *Server) takeSaved(name string) *inmemory.Store {
	io.mu.Lock()
	defer io.mu.Unlock()
	store := io.saved[name]
	delete(io.saved, name)
	return store
}

// stores are those of the namespaces, and of those that are not made yet.
func (io *Server) stores() map[string]*inmemory.Store {
	io.mu.RLock()
	stores := maps.Clone(io.saved)
	all := slices.Collect(maps.Values(io.namespaces))
	io.mu.RUnlock()
	if stores == nil {
		stores = make(map[string]*inmemory.Store)
	}
	for _, n := range all {
		if <-n.made; n.recovery != nil && n.recovery.memory != nil {
			stores[n.name] = n.recovery.memory
		}
	}
	return stores
}

func readFull(r io.Reader, b []byte) (int, error) {
	n, err := io.ReadFull(r, b)
	return n, unexpected(err)
}

// unexpected is what an end is in the middle of a file.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
