package socketio

import (
	"encoding/json/v2"
	"maps"

	"github.com/socketio-go/socketio/internal/event"
)

// Key names a piece of data that sockets carry, and gives it a type. Make one with [NewKey] for each kind of data, as a
// package variable: two keys are different even when their names and types are the same.
type Key[T any] struct{ key *key }

type key struct {
	name  string
	saved bool
}

// NewKey returns a new key. The name is for people: see [Key.String].
func NewKey[T any](name string) Key[T] { return Key[T]{&key{name: name}} }

// Saved returns a key like this one whose values [Server.SaveSessions] saves, as JSON, under the name of the key. Saved keys
// need names of their own, and the same in the next process. Use it instead of the key that it was made of:
//
//	var userKey = socketio.NewKey[User]("user").Saved()
func (k Key[T]) Saved() Key[T] { return Key[T]{&key{name: k.key.name, saved: true}} }

// Set gives the socket a value. Safe for use by several goroutines; the value outlives the connection.
func (k Key[T]) Set(s *Socket, v T) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	k.put(s, v)
}

// Get returns the socket's value and whether it has one.
func (k Key[T]) Get(s *Socket) (T, bool) {
	k.load(s)
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	stored, ok := s.data[k.key]
	v, _ := stored.(T) // a nil of an interface type is no T, and is the zero value all the same
	return v, ok
}

// Update sets the socket's value to what change makes of the present one, which is the zero value at first, and returns
// it. No other change of the socket's data happens meanwhile, so change must be quick and must not touch it.
func (k Key[T]) Update(s *Socket, change func(T) T) T {
	k.load(s)
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	old, _ := s.data[k.key].(T)
	v := change(old)
	k.put(s, v)
	return v
}

// Delete takes the socket's value away.
func (k Key[T]) Delete(s *Socket) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	delete(s.data, k.key)
	k.forget(s)
}

// String returns the name of the key.
func (k Key[T]) String() string { return k.key.name }

// dataNow returns a copy of the socket's data, and of what was loaded and nobody has asked for yet, by the names of keys.
func (s *Socket) dataNow() (data map[*key]any, loaded map[string]Value) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	if s.session != nil {
		for name, raw := range s.session.saved {
			if name == answeredKey.key.name {
				continue // it is not the program's
			}
			if loaded == nil {
				loaded = make(map[string]Value, len(s.session.saved))
			}
			loaded[name] = event.Values([][]byte{raw}, nil)[0]
		}
	}
	data = maps.Clone(s.data)
	delete(data, answeredKey.key)
	return data, loaded
}

// encodedData is the socket's data as JSON for other nodes, by the names of the keys. Values that JSON can't hold, and
// those whose key has the name of another, are left out.
func (s *Socket) encodedData() []byte {
	data, loaded := s.dataNow()
	byName := make(map[string]any, len(data)+len(loaded))
	for name, v := range loaded {
		byName[name] = v
	}
	shared := make(map[string]bool)
	for k, v := range data {
		encoded, attachments, err := []byte(nil), [][]byte(nil), error(nil)
		err = s.guard("socket data", func() error { encoded, attachments, err = event.Marshal(v); return err })
		if _, taken := byName[k.name]; taken || shared[k.name] {
			shared[k.name] = true
			delete(byName, k.name)
		} else if err == nil && len(attachments) == 0 {
			byName[k.name] = event.Values([][]byte{encoded}, nil)[0]
		}
	}
	encoded, _, err := event.Marshal(byName)
	if err != nil {
		return nil // values that were encoded can be encoded again
	}
	return encoded
}

func (k Key[T]) put(s *Socket, v T) {
	if s.data == nil {
		s.data = make(map[*key]any, 1)
	}
	s.data[k.key] = v
	k.forget(s)
}

// forget drops a loaded value that was replaced. It is called with dataMu held.
func (k Key[T]) forget(s *Socket) {
	if k.key.saved && s.session != nil {
		delete(s.session.saved, k.key.name)
	}
}

// load decodes the value if it was loaded from a file and nobody has asked for it. What does not fit is no value.
func (k Key[T]) load(s *Socket) {
	if !k.key.saved || s.session == nil {
		return
	}
	s.dataMu.Lock()
	raw, loaded := s.session.saved[k.key.name]
	s.dataMu.Unlock()
	if !loaded {
		return
	}
	var v T
	err := json.Unmarshal(raw, &v) // without the lock: it may be user code
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	if _, still := s.session.saved[k.key.name]; !still {
		return
	}
	if k.forget(s); err == nil {
		if s.data == nil {
			s.data = make(map[*key]any, 1)
		}
		s.data[k.key] = v
	}
}
