package typescript

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// maxTuple is the longest array of a fixed length that is written as such.
const maxTuple = 8

// expr writes a type where it is used.
func (w *writer) expr(T shape.Type) string {
	switch T := T.(type) {
	case shape.Basic:
		return w.basic(T)
	case shape.Ref:
		if len(T.Args) == 0 {
			return T.To.Name
		}
		args := make([]string, len(T.Args))
		for i, a := range T.Args {
			args[i] = w.expr(a)
		}
		return T.To.Name + "<" + strings.Join(args, ", ") + ">"
	case shape.Param:
		return w.params[T.Index]
	case shape.List:
		return w.element(T.Elem) + "[]"
	case shape.Tuple:
		if T.Len > maxTuple {
			return w.element(T.Elem) + "[]"
		}
		return "[" + strings.Join(slices.Repeat([]string{w.expr(T.Elem)}, T.Len), ", ") + "]"
	case shape.Dict:
		switch key := T.Key.(type) {
		case shape.Ref:
			return fmt.Sprintf("{ [name in %s]?: %s }", w.expr(key), w.expr(T.Elem))
		case shape.Basic:
			if key == shape.Integer {
				return fmt.Sprintf("{ [name: number]: %s }", w.expr(T.Elem))
			}
		}
		return fmt.Sprintf("{ [name: string]: %s }", w.expr(T.Elem))
	case shape.Nullable:
		return w.expr(T.Elem) + " | null"
	case either:
		return w.expr(T.Type) + " | " + w.expr(T.other)
	case shape.Object:
		if len(T.Fields) == 0 && T.Rest == nil {
			return "Record<string, never>"
		}
		return w.object(T)
	default:
		panic(fmt.Sprintf("typescript: unknown type %T", T))
	}
}

func (w *writer) basic(T shape.Basic) string {
	switch T {
	case shape.Boolean:
		return "boolean"
	case shape.Number, shape.Integer:
		return "number"
	case shape.String, shape.Time, shape.Base64:
		return "string"
	case shape.Binary:
		w.binary = true
		return "Binary"
	default:
		return "unknown"
	}
}

// either is one type or another.
type either struct {
	shape.Type
	other shape.Type
}

// element writes the type of an array's elements.
func (w *writer) element(T shape.Type) string {
	text := w.expr(T)
	if _, union := T.(shape.Nullable); union {
		return "(" + text + ")"
	}
	return text
}

// object writes the body of an interface.
func (w *writer) object(T shape.Object) string {
	if len(T.Fields) == 0 && T.Rest == nil {
		return "{}"
	}
	outer := w.text
	w.text = strings.Builder{}
	w.text.WriteString("{\n")
	w.indent++
	for _, f := range T.Fields {
		w.comment(f.Doc)
		mark := ""
		if f.Optional {
			mark = "?"
		}
		w.line("%s%s: %s;", member(f.Name), mark, w.expr(f.Type))
	}
	if T.Rest != nil {
		rest := "unknown" // of the others; TypeScript can't tell them from those above
		if len(T.Fields) == 0 {
			rest = w.expr(T.Rest)
		}
		w.line("[name: string]: %s;", rest)
	}
	w.indent--
	w.text.WriteString(strings.Repeat("  ", w.indent) + "}")
	body := w.text.String()
	w.text = outer
	return body
}

// parameters writes what a listener of the event takes, the acknowledgement last.
func (w *writer) parameters(e shape.Event) string {
	if e.Answer == nil {
		return w.list(e.Arguments, e.Minimum())
	}
	ack := fmt.Sprintf("ack: (%s) => void", w.answer(*e.Answer))
	switch {
	case e.Any:
		return "...args: [...args: unknown[], " + ack + "]"
	case len(e.List) == 0:
		return ack
	}
	return w.list(e.Arguments, len(e.List)) + ", " + ack // nothing can be left out before something that can't
}

// list writes arguments, of which the first so many must be there.
func (w *writer) list(a shape.Arguments, required int) string {
	var list []string
	for i, arg := range a.List {
		mark := ""
		if i >= required {
			mark = "?"
		}
		list = append(list, parameter(arg.Name)+mark+": "+w.expr(arg.Type))
	}
	if a.Any {
		list = append(list, "...args: unknown[]")
	}
	return strings.Join(list, ", ")
}

// answer writes what an acknowledgement takes: the answer, or what a handler that failed says instead.
func (w *writer) answer(a shape.Answer) string {
	switch {
	case a.Failure == nil || a.Any:
		return w.list(a.Arguments, a.Minimum())
	case len(a.List) == 0:
		return "failure?: " + w.expr(a.Failure)
	}
	list := slices.Clone(a.List)
	if first := list[0]; first.Type != shape.Unknown { // which a failure is already
		list[0].Type = either{first.Type, a.Failure}
	}
	return w.list(shape.Arguments{List: list}, 1) // a failure is one value
}

// keywords can't be the name of a parameter, and ack is that of the last one.
var keywords = strings.Fields(`ack arguments await break case catch class const continue debugger default delete do else enum eval export extends
	false finally for function if implements import in instanceof interface let new null package private protected public return static super
	switch this throw true try typeof var void while with yield`)

func parameter(name string) string {
	if slices.Contains(keywords, name) {
		return name + "_"
	}
	return name
}

var plain = regexp.MustCompile(`^[\pL_$][\pL\pN_$]*$`)

// member writes a name, in quotes if it needs them.
func member(name string) string {
	if plain.MatchString(name) {
		return name
	}
	return literal(name)
}

func literal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a string or a bool
	}
	return string(b)
}
