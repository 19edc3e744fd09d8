package source

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// typeReader derives how values of Go look on the wire.
type typeReader struct {
	*program
	declared map[*types.TypeName]*shape.Named
	params   *types.TypeParamList // of the generic type that is being read
}

func newTypeReader(p *program) *typeReader {
	return &typeReader{program: p, declared: make(map[*types.TypeName]*shape.Named)}
}

// place is where a type is used, for errors.
type place struct {
	pkg  *pkg
	pos  token.Pos
	path string // such as Message.Author
}

// inside is the place of a declaration that is met at another one. Nobody can do anything about those of the standard
// library, so for them it is where they are used.
func (t *typeReader) inside(obj types.Object, at place, path string) place {
	in := place{pkg: t.packages[obj.Pkg()], pos: obj.Pos(), path: path}
	if l := t.listed[obj.Pkg().Path()]; l != nil && l.Standard {
		in.pos = at.pos
	}
	return in
}

// unsendable complains of a type, and gives one to go on with.
func (t *typeReader) unsendable(at place, format string, args ...any) shape.Type {
	t.complain(at.pos, "%s: %s", at.path, fmt.Sprintf(format, args...))
	return shape.Unknown
}

// arguments gives the arguments that a parameter type of a handler stands for. A missing one is nil for a pointer if it
// is Go that receives.
func (t *typeReader) arguments(T types.Type, at place, toGo bool) shape.Arguments {
	T = types.Unalias(T)
	if s, ok := T.(*types.Struct); ok && s.NumFields() == 0 {
		return shape.Arguments{}
	}
	list := []types.Type{T}
	if n, ok := T.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == eventPath {
		switch n.Obj().Name() {
		case "Args":
			return shape.Arguments{Any: true}
		case "Args2", "Args3":
			list = slices.Collect(n.TypeArgs().Types())
		}
	}
	var args shape.Arguments
	for _, one := range list {
		_, pointer := one.Underlying().(*types.Pointer)
		args.List = append(args.List, shape.Argument{Type: t.read(one, at), Optional: pointer && toGo})
	}
	return args
}

// written gives the type that a directive names.
func (t *typeReader) written(d directive, at place) shape.Type {
	value, err := types.Eval(t.fset, at.pkg.Package, d.pos, d.text)
	if err != nil || !value.IsType() {
		return t.unsendable(place{pos: d.pos, path: at.path}, "%q is no type that is known here", d.text)
	}
	return t.read(value.Type, at)
}

// read derives the shape of a type.
func (t *typeReader) read(T types.Type, at place) shape.Type {
	switch T := types.Unalias(T).(type) {
	case *types.TypeParam:
		if i := T.Index(); i < t.params.Len() && t.params.At(i) == T {
			return shape.Param{Index: i}
		}
		return t.unsendable(at, "%s is a parameter of the function around it, and not known here", T)
	case *types.Named:
		return t.readNamed(T, at)
	case *types.Pointer:
		return shape.OrNull(t.read(T.Elem(), at))
	case *types.Slice:
		if isByte(T.Elem()) {
			return shape.Binary
		}
		return shape.List{Elem: t.read(T.Elem(), at)}
	case *types.Array:
		if isByte(T.Elem()) {
			return shape.Base64
		}
		return shape.Tuple{Elem: t.read(T.Elem(), at), Len: int(T.Len())}
	case *types.Map:
		return shape.Dict{Key: t.key(T.Key(), at), Elem: t.read(T.Elem(), at)}
	case *types.Struct:
		return t.object(T, at)
	case *types.Interface:
		return shape.Unknown
	case *types.Basic:
		return t.basic(T, at)
	case *types.Chan:
		return t.unsendable(at, "a channel can't be sent; %s", advice)
	case *types.Signature:
		return t.unsendable(at, "a function can't be sent; %s", advice)
	default:
		return t.unsendable(at, "%s can't be sent; %s", T, advice)
	}
}

const advice = `leave it out with json:"-", or tell with //siogen:as and a type of Go how it looks on the wire`

func (t *typeReader) basic(T *types.Basic, at place) shape.Type {
	switch info := T.Info(); {
	case info&types.IsBoolean != 0:
		return shape.Boolean
	case info&types.IsString != 0:
		return shape.String
	case info&types.IsInteger != 0 && T.Kind() != types.UnsafePointer:
		return shape.Integer
	case info&types.IsFloat != 0:
		return shape.Number
	}
	return t.unsendable(at, "%s can't be sent; %s", T, advice)
}

// key gives the type of the names of a map's members.
func (t *typeReader) key(T types.Type, at place) shape.Type {
	if hasText(T) {
		return shape.String
	}
	if b, ok := T.Underlying().(*types.Basic); ok && !hasJSON(T) {
		switch {
		case b.Info()&types.IsString != 0:
			if r, ok := t.read(T, at).(shape.Ref); ok {
				if _, few := r.To.Type.(shape.Literals); few {
					return r
				}
			}
			return shape.String
		case b.Info()&types.IsInteger != 0:
			return shape.Integer
		case b.Info()&types.IsFloat != 0:
			return shape.String
		}
	}
	if _, ok := T.(*types.TypeParam); ok {
		return shape.String
	}
	return t.unsendable(at, "%s can't be the key of a map: a name in JSON is a string; %s", T, advice)
}

// wellKnown are types whose methods say how they look.
var wellKnown = map[string]shape.Type{
	"time.Time":                    shape.Time,
	"time.Duration":                shape.Integer, // nanoseconds
	"math/big.Int":                 shape.Integer,
	"encoding/json.Number":         shape.Number,
	"encoding/json.RawMessage":     shape.Unknown,
	"encoding/json/jsontext.Value": shape.Unknown,
	eventPath + ".Value":           shape.Unknown,
}

func (t *typeReader) readNamed(T *types.Named, at place) shape.Type {
	obj := T.Obj()
	if obj.Pkg() != nil {
		if known, ok := wellKnown[obj.Pkg().Path()+"."+obj.Name()]; ok {
			return known
		}
	}
	n := t.noteOf(T.Origin().Obj())
	t.checkDirectives(n, obj.Name())
	if _, told := n.directives["as"]; !told {
		switch {
		case types.IsInterface(T):
			return shape.Unknown
		case hasJSON(T):
			return shape.Unknown
		case hasText(T):
			return shape.String
		}
	}
	ref := shape.Ref{To: t.declare(T.Origin(), n, at)}
	for arg := range T.TypeArgs().Types() {
		if isByte(arg) {
			return t.unsendable(at, "%s: whether a slice of a generic type is bytes can't be told apart; declare a type of its own", T)
		}
		ref.Args = append(ref.Args, t.read(arg, at))
	}
	return ref
}

// checkDirectives complains of directives that mean nothing for a type or a field.
func (t *typeReader) checkDirectives(n note, path string) {
	for _, key := range slices.Sorted(maps.Keys(n.directives)) {
		if !slices.Contains(ofTypes, key) {
			t.complain(n.directives[key].pos, "%s: siogen:%s says nothing about a type or field; known are %s", path, key, strings.Join(ofTypes, ", "))
		}
	}
}

// declare makes the one named type of the document for a type of Go. It may hold itself.
func (t *typeReader) declare(T *types.Named, n note, at place) *shape.Named {
	obj := T.Obj()
	if known, ok := t.declared[obj]; ok {
		return known
	}
	named := &shape.Named{Name: obj.Name(), Doc: n.doc}
	t.declared[obj] = named
	for param := range T.TypeParams().TypeParams() {
		named.Params = append(named.Params, param.Obj().Name())
	}
	outer := t.params
	t.params = T.TypeParams()
	defer func() { t.params = outer }()
	inside := t.inside(obj, at, obj.Name())
	if inside.pos == at.pos {
		inside.path = at.path + ": " + obj.Pkg().Name() + "." + obj.Name()
	}
	if d, told := n.directives["as"]; told {
		named.Type = t.written(d, inside)
	} else if values := t.literals(T); len(values) > 0 {
		named.Type = shape.Literals{Values: values}
	} else {
		named.Type = t.read(T.Underlying(), inside)
	}
	return named
}

// literals are the constants of a string or boolean type, in the order of the source.
func (t *typeReader) literals(T *types.Named) []shape.Literal {
	b, ok := T.Underlying().(*types.Basic)
	if !ok || b.Info()&(types.IsString|types.IsBoolean) == 0 {
		return nil
	}
	scope := T.Obj().Pkg().Scope()
	var found []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), T) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *types.Const) int { return t.compare(a.Pos(), b.Pos()) })
	var values []shape.Literal
	for _, c := range found {
		l := shape.Literal{Value: constantOf(c), Doc: t.noteOf(c).doc}
		if !slices.ContainsFunc(values, func(other shape.Literal) bool { return other.Value == l.Value }) {
			values = append(values, l)
		}
	}
	return values
}

// compare puts positions in the order of the source: files by name.
func (t *typeReader) compare(a, b token.Pos) int {
	x, y := t.fset.Position(a), t.fset.Position(b)
	return cmp.Or(cmp.Compare(x.Filename, y.Filename), cmp.Compare(x.Offset, y.Offset))
}
