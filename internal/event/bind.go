package event

import (
	"fmt"
	"reflect"
)

// Args2 takes the first two arguments of an event, or gives two arguments to an answer.
type Args2[A, B any] struct {
	A A
	B B
}

// Args3 takes the first three arguments of an event, or gives three arguments to an answer.
type Args3[A, B, C any] struct {
	A A
	B B
	C C
}

// ArgumentError says which argument of an event does not fit its handler.
type ArgumentError struct {
	Index int   // from 0
	Err   error // nil: the argument is missing
}

func (e *ArgumentError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("argument %d is missing", e.Index+1)
	}
	return fmt.Sprintf("argument %d: %v", e.Index+1, e.Err)
}

func (e *ArgumentError) Unwrap() error { return e.Err }

// Bind returns the function that makes a handler's T of the arguments received. What T needs is looked up once, here.
//
// T is one argument; struct{} is none; [Args2] and [Args3] are several; [Args] is all. Arguments beyond are ignored. A
// missing argument is an [ArgumentError] unless its type is a pointer, which is then nil.
func Bind[T any]() func(values []Value) (T, error) {
	switch any((*T)(nil)).(type) {
	case *struct{}:
		return func([]Value) (t T, err error) { return t, nil }
	case *Args:
		return func(values []Value) (t T, err error) {
			*any(&t).(*Args) = ArgsOf(values)
			return t, nil
		}
	case several:
		return func(values []Value) (t T, err error) {
			err = any(&t).(several).bind(values)
			return t, err
		}
	}
	return func(values []Value) (t T, err error) {
		if len(values) > 0 && values[0].scalar(&t) {
			return t, nil // which takes no memory for t
		}
		return bindFirst[T](values)
	}
}

func bindFirst[T any](values []Value) (t T, err error) {
	err = bindAt(values, 0, &t)
	return t, err
}

// several is a parameter type that stands for more than one argument.
type several interface {
	bind(values []Value) error
	spread() []any
}

func (a *Args2[A, B]) bind(values []Value) error {
	if err := bindAt(values, 0, &a.A); err != nil {
		return err
	}
	return bindAt(values, 1, &a.B)
}

func (a *Args2[A, B]) spread() []any { return []any{a.A, a.B} }

func (a *Args3[A, B, C]) bind(values []Value) error {
	if err := bindAt(values, 0, &a.A); err != nil {
		return err
	}
	if err := bindAt(values, 1, &a.B); err != nil {
		return err
	}
	return bindAt(values, 2, &a.C)
}

func (a *Args3[A, B, C]) spread() []any { return []any{a.A, a.B, a.C} }

// bindAt stores argument i.
func bindAt[T any](values []Value, i int, dst *T) error {
	if i >= len(values) {
		if reflect.TypeFor[T]().Kind() == reflect.Pointer {
			return nil
		}
		return &ArgumentError{Index: i}
	}
	if err := values[i].Decode(dst); err != nil {
		return &ArgumentError{Index: i, Err: err}
	}
	return nil
}

// Results returns the arguments of an answer: the values of an [Args2], [Args3] or [Args], none for struct{}, else
// result itself.
func Results[R any](result R) []any {
	if IsOne[R]() {
		return []any{result}
	}
	switch r := any(&result).(type) {
	case *Args:
		return *r
	case several:
		return r.spread()
	}
	return nil
}

// IsOne reports whether a value of this type is one argument.
func IsOne[T any]() bool {
	switch any((*T)(nil)).(type) {
	case *struct{}, *Args, several:
		return false
	}
	return true
}
