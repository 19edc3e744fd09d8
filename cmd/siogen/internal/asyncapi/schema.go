package asyncapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// writer gathers the schemas of the types that have a name.
type writer struct {
	keys    map[string]string // what a key stands for
	schemas map[string]object
}

// key makes a key out of a name, one that nothing else in the same place has.
func (w *writer) key(place, name, empty string) string {
	if name == "" {
		name = empty
	}
	base := strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') {
			return r
		}
		return '_'
	}, name)
	for i, key := 2, base; ; i++ {
		if what, taken := w.keys[place+" "+key]; !taken || what == name {
			w.keys[place+" "+key] = name
			return key
		}
		key = fmt.Sprint(base, i)
	}
}

func (w *writer) components() object {
	var all object
	for _, key := range slices.Sorted(maps.Keys(w.schemas)) {
		all = append(all, member{key, w.schemas[key]})
	}
	return all
}

// arguments is the schema of a list of arguments.
func (w *writer) arguments(a shape.Arguments) object {
	s := object{{"type", "array"}}
	if len(a.List) == 0 {
		if !a.Any {
			s = append(s, member{"maxItems", 0})
		}
		return s
	}
	items := make([]any, len(a.List))
	for i, arg := range a.List {
		items[i] = w.schema(arg.Type, nil)
	}
	return append(s, member{"items", items}, member{"minItems", a.Minimum()}, member{"additionalItems", a.Any})
}

// answer is that of an acknowledgement: the answer, or what a handler that failed says instead.
func (w *writer) answer(a shape.Answer) object {
	s := w.arguments(a.Arguments)
	if a.Failure == nil {
		return s
	}
	failed := shape.Arguments{List: []shape.Argument{{Type: a.Failure}}}
	return object{{"anyOf", []any{s, w.arguments(failed)}}}
}

// schema is the JSON Schema of a type; args are those of the generic type around it.
func (w *writer) schema(T shape.Type, args []shape.Type) object {
	switch T := T.(type) {
	case shape.Basic:
		return basic(T)
	case shape.Param:
		return w.schema(args[T.Index], nil)
	case shape.Ref:
		return reference("#/components/schemas/" + w.named(T, args))
	case shape.List:
		return object{{"type", "array"}, {"items", w.schema(T.Elem, args)}}
	case shape.Tuple:
		return object{{"type", "array"}, {"items", w.schema(T.Elem, args)}, {"minItems", T.Len}, {"maxItems", T.Len}}
	case shape.Dict:
		s := object{{"type", "object"}}
		if key, ok := T.Key.(shape.Ref); ok {
			s = append(s, member{"propertyNames", w.schema(key, args)})
		}
		return append(s, member{"additionalProperties", w.schema(T.Elem, args)})
	case shape.Nullable:
		return object{{"anyOf", []any{w.schema(T.Elem, args), object{{"type", "null"}}}}}
	case shape.Object:
		return w.object(T, args)
	case shape.Literals:
		return literals(T)
	default:
		panic(fmt.Sprintf("asyncapi: unknown type %T", T))
	}
}

func basic(T shape.Basic) object {
	switch T {
	case shape.Boolean:
		return object{{"type", "boolean"}}
	case shape.Number:
		return object{{"type", "number"}}
	case shape.Integer:
		return object{{"type", "integer"}}
	case shape.String:
		return object{{"type", "string"}}
	case shape.Time:
		return object{{"type", "string"}, {"format", "date-time"}}
	case shape.Base64:
		return object{{"type", "string"}, {"contentEncoding", "base64"}}
	case shape.Binary:
		return object{{"type", "string"}, {"format", "binary"}}
	default:
		return object{}
	}
}

func (w *writer) object(T shape.Object, args []shape.Type) object {
	var properties object
	var required []string
	for _, f := range T.Fields {
		s := w.schema(f.Type, args)
		if f.Doc != "" {
			if len(s) == 1 && s[0].name == "$ref" { // nothing beside a reference counts
				s = object{{"allOf", []any{s}}}
			}
			s = append(object{{"description", f.Doc}}, s...)
		}
		properties = append(properties, member{f.Name, s})
		if !f.Optional {
			required = append(required, f.Name)
		}
	}
	s := object{{"type", "object"}}
	if len(properties) > 0 {
		s = append(s, member{"properties", properties})
	}
	if len(required) > 0 {
		s = append(s, member{"required", required})
	}
	if T.Rest != nil {
		s = append(s, member{"additionalProperties", w.schema(T.Rest, args)})
	}
	return s
}

func literals(T shape.Literals) object {
	kind := "string"
	values := make([]any, len(T.Values))
	for i, v := range T.Values {
		values[i] = v.Value
		if _, ok := v.Value.(bool); ok {
			kind = "boolean"
		}
	}
	return object{{"type", kind}, {"enum", values}}
}

// named makes the schema of a type that has a name, once, and gives its key. A generic type has one for each list of
// arguments.
func (w *writer) named(T shape.Ref, outer []shape.Type) string {
	args := make([]shape.Type, len(T.Args))
	for i, a := range T.Args {
		args[i] = substitute(a, outer)
	}
	key := w.key("schema", title(shape.Ref{To: T.To, Args: args}), "")
	if _, known := w.schemas[key]; known {
		return key
	}
	w.schemas[key] = nil // it may hold itself
	s := w.schema(T.To.Type, args)
	if T.To.Doc != "" {
		if len(s) == 1 && s[0].name == "$ref" {
			s = object{{"allOf", []any{s}}}
		}
		s = append(object{{"description", T.To.Doc}}, s...)
	}
	w.schemas[key] = s
	return key
}
