package source

import (
	"cmp"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// named gives every type that was met a name of its own, and sorts them.
func (t *typeReader) named() []*shape.Named {
	objs := make([]*types.TypeName, 0, len(t.declared))
	for obj := range t.declared {
		objs = append(objs, obj)
	}
	slices.SortFunc(objs, func(a, b *types.TypeName) int {
		return cmp.Or(cmp.Compare(a.Pkg().Path(), b.Pkg().Path()), t.compare(a.Pos(), b.Pos()))
	})
	count := make(map[string]int)
	for _, obj := range objs {
		count[exported(obj.Name())]++
	}
	for _, obj := range objs {
		if endless(t.declared[obj]) {
			t.complain(obj.Pos(), "%s: a type that is only itself can't be sent", obj.Name())
		}
	}
	taken := make(map[string]bool)
	for _, obj := range objs {
		name := exported(obj.Name())
		if count[name] > 1 || reserved[name] {
			name = exported(identifier(path.Base(obj.Pkg().Path()))) + name
		}
		for i, base := 2, name; taken[name]; i++ {
			name = base + strconv.Itoa(i)
		}
		taken[name] = true
		t.declared[obj].Name = name
	}
	all := make([]*shape.Named, len(objs))
	for i, obj := range objs {
		all[i] = t.declared[obj]
	}
	slices.SortFunc(all, func(a, b *shape.Named) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// endless tells whether a type leads back to itself, with nothing between.
func endless(n *shape.Named) bool {
	seen := make(map[*shape.Named]bool)
	for T := n.Type; ; {
		switch at := T.(type) {
		case shape.Nullable:
			T = at.Elem
		case shape.Ref:
			if at.To == n {
				return true
			}
			if seen[at.To] {
				return false // another's circle
			}
			seen[at.To] = true
			T = at.To.Type
		default:
			return false
		}
	}
}

// reserved are names that mean something in the files that are written.
var reserved = map[string]bool{
	"ArrayBuffer": true, "Uint8Array": true, "Record": true, "Binary": true, "ServerToClientEvents": true, "ClientToServerEvents": true,
}

// exported begins a name with a capital letter.
func exported(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}

// identifier drops what can't be in a name.
func identifier(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// argumentName calls an argument after its type: roomName, id.
func argumentName(T shape.Type) string {
	if n, ok := T.(shape.Nullable); ok {
		T = n.Elem
	}
	r, ok := T.(shape.Ref)
	if !ok {
		return "value"
	}
	name := []rune(r.To.Name)
	for i := range name {
		if i > 0 && i+1 < len(name) && unicode.IsLower(name[i+1]) {
			break // the last letter of an initialism begins the next word
		}
		name[i] = unicode.ToLower(name[i])
	}
	return string(name)
}
