package source

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

const (
	contractPath = "github.com/socketio-go/socketio/contract"
	eventPath    = "github.com/socketio-go/socketio/internal/event"
)

// Read finds the contracts of the packages that patterns stand for, as the go command understands them in dir. The error
// tells everything that is wrong, each with file and line.
func Read(dir string, patterns []string) (*shape.Document, error) {
	p, err := load(dir, patterns)
	if err != nil {
		return nil, err
	}
	r := &reader{program: p, types: newTypeReader(p), namespaces: make(map[string][]shape.Event), seen: make(map[key]token.Pos)}
	d := new(shape.Document)
	for _, root := range p.roots {
		d.Packages = append(d.Packages, root.Path())
		for _, file := range root.files {
			r.file(root, file)
		}
	}
	for name, events := range r.namespaces {
		d.Namespaces = append(d.Namespaces, shape.Namespace{Name: name, Events: events})
	}
	slices.SortFunc(d.Namespaces, func(a, b shape.Namespace) int { return cmp.Compare(a.Name, b.Name) })
	d.Types = r.types.named()
	if err := p.complaints(); err != nil {
		return nil, err
	}
	if len(d.Namespaces) == 0 {
		return nil, fmt.Errorf("no contract found in %s: nothing there calls contract.NewEvent or contract.NewCall", strings.Join(d.Packages, ", "))
	}
	return d, nil
}

// reader gathers the contracts.
type reader struct {
	*program
	types      *typeReader
	namespaces map[string][]shape.Event
	seen       map[key]token.Pos
}

// key is what may be there once.
type key struct {
	namespace string
	from      shape.Side
	name      string
}

// file reads the variables first: their comments belong to what they hold.
func (r *reader) file(in *pkg, file *ast.File) {
	about := make(map[ast.Expr]note)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				whole := noted(n.Doc)
				own := noted(value.Doc, value.Comment)
				if !n.Lparen.IsValid() {
					own.doc = cmp.Or(whole.doc, own.doc)
				}
				for key, d := range whole.directives {
					if _, set := own.directives[key]; !set {
						own.directives[key] = d
					}
				}
				for _, v := range value.Values {
					about[ast.Unparen(v)] = own
				}
			}
		case *ast.CallExpr:
			r.call(in, n, about)
		}
		return true
	})
}

// call takes a call of contract.NewEvent or contract.NewCall.
func (r *reader) call(in *pkg, call *ast.CallExpr, about map[ast.Expr]note) {
	callee := nameOf(call.Fun)
	if callee == nil {
		return
	}
	f, ok := in.info.Uses[callee].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != contractPath || f.Name() != "NewEvent" && f.Name() != "NewCall" {
		return
	}
	value := in.info.Types[call.Args[0]].Value
	if value == nil || value.Kind() != constant.String {
		r.complain(call.Args[0].Pos(), "the name of an event must be a constant to be known here")
		return
	}
	name := constant.StringVal(value)
	n, declared := about[call]
	if !declared {
		r.complain(call.Pos(), "%q: declare it with var, so that a comment above can tell who sends it", name)
		return
	}
	args := in.info.Instances[callee].TypeArgs
	place := place{pkg: in, pos: call.Pos(), path: fmt.Sprintf("%q", name)}
	for _, from := range r.directives(n, call.Pos(), name) {
		e := shape.Event{Name: name, Doc: n.doc, From: from, Arguments: r.types.arguments(args.At(0), place, from == shape.Client)}
		r.nameThem(&e, n)
		if f.Name() == "NewCall" {
			e.Answer = &shape.Answer{Arguments: r.types.arguments(args.At(1), place, from == shape.Server), Failure: r.failure(n, place, from)}
			nameAnswers(e.Answer)
		}
		r.add(cmp.Or(n.directives["namespace"].text, "/"), e, call.Pos())
	}
}

// add puts an event into its namespace, where a side may send it once.
func (r *reader) add(namespace string, e shape.Event, pos token.Pos) {
	k := key{namespace, e.From, e.Name}
	if at, twice := r.seen[k]; twice {
		r.complain(pos, "%q: the same side sends it in %s already, see %s", e.Name, namespace, r.position(at))
		return
	}
	r.seen[k] = pos
	r.namespaces[namespace] = append(r.namespaces[namespace], e)
}

// nameAnswers names what comes back: answer, or answer1 and so on.
func nameAnswers(a *shape.Answer) {
	for i := range a.List {
		a.List[i].Name = "answer"
		if len(a.List) > 1 {
			a.List[i].Name += fmt.Sprint(i + 1)
		}
	}
}

// nameOf gives the identifier that says what is called.
func nameOf(fun ast.Expr) *ast.Ident {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		return nameOf(fun.X)
	case *ast.IndexListExpr:
		return nameOf(fun.X)
	}
	return nil
}

// directives checks what is written about a contract, and tells who sends it.
func (r *reader) directives(n note, pos token.Pos, name string) []shape.Side {
	for _, key := range slices.Sorted(maps.Keys(n.directives)) {
		if !slices.Contains(ofContracts, key) {
			r.complain(n.directives[key].pos, "siogen:%s says nothing about a contract; known are %s", key, strings.Join(ofContracts, ", "))
		}
	}
	if d, ok := n.directives["namespace"]; ok && !strings.HasPrefix(d.text, "/") {
		r.complain(d.pos, "%q: a namespace begins with a slash", name)
	}
	switch from := n.directives["from"]; from.text {
	case "client":
		return []shape.Side{shape.Client}
	case "server":
		return []shape.Side{shape.Server}
	case "both":
		return []shape.Side{shape.Client, shape.Server}
	case "":
		r.complain(pos, "%q: who sends it? Write //siogen:from client, server or both above it, or above its group", name)
	default:
		r.complain(from.pos, "%q: an event is sent from client, server or both, not from %s", name, from.text)
	}
	return nil
}

// nameThem names the arguments: as asked for, or after their types.
func (r *reader) nameThem(e *shape.Event, n note) {
	d, asked := n.directives["args"]
	names := strings.Fields(d.text)
	if asked && len(names) != len(e.List) {
		r.complain(d.pos, "%q: %d names for %d arguments", e.Name, len(names), len(e.List))
		return
	}
	count := make(map[string]int)
	for i := range e.List {
		if asked {
			e.List[i].Name = names[i]
			continue
		}
		name := argumentName(e.List[i].Type)
		if count[name]++; count[name] > 1 {
			name += fmt.Sprint(count[name])
		}
		e.List[i].Name = name
	}
}

// failure is what a handler that failed answers with. A client's is always that of the library: the server understands no
// other.
func (r *reader) failure(n note, at place, from shape.Side) shape.Type {
	d, asked := n.directives["failure"]
	switch {
	case from == shape.Client && d.text == "none":
		return nil
	case from == shape.Client && asked:
		return r.types.written(d, at)
	}
	library := r.listed[eventPath]
	if library == nil || library.loaded == nil {
		return nil // the contracts could not be there without it
	}
	return r.types.read(library.loaded.Scope().Lookup("Failure").Type(), at)
}
