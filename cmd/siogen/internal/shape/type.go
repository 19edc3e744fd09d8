package shape

// Type is how a value looks on the wire.
type Type interface{ isType() }

// Basic is a type without parts.
type Basic int

// The basic types.
const (
	Unknown Basic = iota // anything
	Boolean
	Number
	Integer
	String
	Time   // a string, as RFC 3339 has it
	Base64 // a string
	Binary // an attachment
)

type (
	// Ref is a type that has a name.
	Ref struct {
		To   *Named
		Args []Type // of a generic one
	}
	// Param is a parameter of the generic type around it.
	Param struct{ Index int }
	// List is an array of any length.
	List struct{ Elem Type }
	// Tuple is an array of a fixed length.
	Tuple struct {
		Elem Type
		Len  int
	}
	// Dict is an object whose names are not known. Key is [String], [Integer] or a [Ref] to [Literals].
	Dict struct{ Key, Elem Type }
	// Nullable may be null.
	Nullable struct{ Elem Type }
	// Object has the members that it lists, and others of type Rest if that is not nil.
	Object struct {
		Fields []Field
		Rest   Type
	}
	// Literals is one of a few values, which are strings or booleans.
	Literals struct{ Values []Literal }
)

// Field is a member of an object.
type Field struct {
	Name     string
	Doc      string
	Type     Type
	Optional bool
}

// Literal is a value with its comment.
type Literal struct {
	Value any // a string or a bool
	Doc   string
}

// Named is a type with a name of its own.
type Named struct {
	Name   string // one for the whole document
	Doc    string
	Params []string // names of the parameters of a generic type
	Type   Type
}

func (Basic) isType()    {}
func (Ref) isType()      {}
func (Param) isType()    {}
func (List) isType()     {}
func (Tuple) isType()    {}
func (Dict) isType()     {}
func (Nullable) isType() {}
func (Object) isType()   {}
func (Literals) isType() {}

// OrNull gives t or null.
func OrNull(t Type) Type {
	switch t.(type) {
	case Nullable:
		return t
	case Basic:
		if t == Unknown {
			return t
		}
	}
	return Nullable{t}
}
