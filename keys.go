package socketio

// Key names a piece of data that sockets carry, and gives it a type. Make one with [NewKey] for each kind of data, as a
// package variable: two keys are different even when their names and types are the same.
type Key[T any] struct{ key *key }

type key struct{ name string }

// NewKey returns a new key. The name is for people: see [Key.String].
func NewKey[T any](name string) Key[T] { return Key[T]{&key{name}} }

// Set gives the socket a value. Safe for use by several goroutines; the value outlives the connection.
func (k Key[T]) Set(s *Socket, v T) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	k.put(s, v)
}

// Get returns the socket's value and whether it has one.
func (k Key[T]) Get(s *Socket) (T, bool) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	stored, ok := s.data[k.key]
	v, _ := stored.(T) // a nil of an interface type is no T, and is the zero value all the same
	return v, ok
}

// Update sets the socket's value to what change makes of the present one, which is the zero value at first, and returns
// it. No other change of the socket's data happens meanwhile, so change must be quick and must not touch it.
func (k Key[T]) Update(s *Socket, change func(T) T) T {
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
}

// String returns the name of the key.
func (k Key[T]) String() string { return k.key.name }

func (k Key[T]) put(s *Socket, v T) {
	if s.data == nil {
		s.data = make(map[*key]any, 1)
	}
	s.data[k.key] = v
}
