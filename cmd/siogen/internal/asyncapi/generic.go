package asyncapi

import (
	"fmt"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// substitute puts arguments in the place of the parameters in T, which is itself an argument of a generic type.
func substitute(T shape.Type, args []shape.Type) shape.Type {
	switch T := T.(type) {
	case shape.Param:
		return args[T.Index]
	case shape.Ref:
		inner := make([]shape.Type, len(T.Args))
		for i, a := range T.Args {
			inner[i] = substitute(a, args)
		}
		return shape.Ref{To: T.To, Args: inner}
	case shape.List:
		return shape.List{Elem: substitute(T.Elem, args)}
	case shape.Tuple:
		return shape.Tuple{Elem: substitute(T.Elem, args), Len: T.Len}
	case shape.Dict:
		return shape.Dict{Key: substitute(T.Key, args), Elem: substitute(T.Elem, args)}
	case shape.Nullable:
		return shape.OrNull(substitute(T.Elem, args))
	case shape.Object:
		o := shape.Object{Fields: append([]shape.Field(nil), T.Fields...), Rest: T.Rest}
		for i := range o.Fields {
			o.Fields[i].Type = substitute(o.Fields[i].Type, args)
		}
		if T.Rest != nil {
			o.Rest = substitute(T.Rest, args)
		}
		return o
	default:
		return T
	}
}

// title is what a type is called in the name of a generic one: Page.User.
func title(T shape.Type) string {
	switch T := T.(type) {
	case shape.Basic:
		return [...]string{"Unknown", "Boolean", "Number", "Integer", "String", "Time", "Base64", "Binary"}[T]
	case shape.Ref:
		if len(T.Args) == 0 {
			return T.To.Name
		}
		names := make([]string, len(T.Args))
		for i, a := range T.Args {
			names[i] = title(a)
		}
		return T.To.Name + "." + strings.Join(names, ".") // no name of Go has a dot
	case shape.List:
		return "ListOf" + title(T.Elem)
	case shape.Tuple:
		return fmt.Sprint(T.Len, title(T.Elem))
	case shape.Dict:
		return "DictOf" + title(T.Elem)
	case shape.Nullable:
		return "Nullable" + title(T.Elem)
	case shape.Object:
		var names []string
		for _, f := range T.Fields {
			names = append(names, f.Name+title(f.Type))
		}
		return "Object" + strings.Join(names, "")
	default:
		panic(fmt.Sprintf("asyncapi: a %T has no title", T))
	}
}
