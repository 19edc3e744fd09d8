package source

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
)

// member is a field that might become a member of an object.
type member struct {
	shape.Field
	depth  int  // how many structs it is embedded in
	tagged bool // its name is that of its tag
}

// object gives the members of a struct as encoding/json/v2 finds them: those of embedded structs count as its own, and of
// one name the one that is least deep, or tagged.
func (t *typeReader) object(s *types.Struct, at place) shape.Type {
	o := new(shape.Object)
	members := t.members(s, at, o, 0, false, nil)
	for i, m := range members {
		if dominates(members, i) {
			o.Fields = append(o.Fields, m.Field)
		}
	}
	return *o
}

// dominates tells whether member i is the one of its name.
func dominates(members []member, i int) bool {
	m := members[i]
	rank := func(a, b member) int { // the less, the better
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(b2i(!a.tagged), b2i(!b.tagged)))
	}
	for j, other := range members {
		if j != i && other.Name == m.Name && rank(other, m) <= 0 {
			return false
		}
	}
	return true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// members gathers the fields of a struct and of those embedded in it. What is embedded by a pointer may be missing.
func (t *typeReader) members(s *types.Struct, at place, o *shape.Object, depth int, optional bool, around []types.Type) []member {
	var all []member
	sent, fields := 0, s.NumFields()
	for i := range fields {
		f := s.Field(i)
		tag, ok := parseTag(reflect.StructTag(s.Tag(i)))
		place := t.inside(f, at, at.path+"."+f.Name())
		inner, byPointer := pointed(f.Type())
		embedded, isStruct := inner.Underlying().(*types.Struct)
		switch {
		case tag.ignored:
			sent++ // on purpose
			continue
		case !f.Exported() && !(f.Anonymous() && isStruct):
			continue
		}
		sent++
		if !ok {
			t.unsendable(place, "the tag `%s` is one that encoding/json/v2 does not understand", s.Tag(i))
			continue
		}
		if f.Anonymous() && tag.name == "" && !isStruct && !tag.embed {
			t.unsendable(place, "an embedded type that is no struct needs a name: json:%q", strings.ToLower(f.Name()))
			continue
		}
		if tag.embed || f.Anonymous() && tag.name == "" {
			switch {
			case !isStruct:
				t.rest(inner, place, o)
			case hasJSON(inner) || hasText(inner):
				t.unsendable(place, "an embedded type with JSON methods needs a name: json:%q", strings.ToLower(f.Name()))
			case !slices.ContainsFunc(around, func(T types.Type) bool { return types.Identical(T, inner) }):
				all = append(all, t.members(embedded, place, o, depth+1, optional || byPointer, append(around, inner))...)
			}
			continue
		}
		all = append(all, t.field(f, tag, place, depth, optional))
		if n := len(all) - 1; slices.ContainsFunc(all[:n], func(m member) bool { return m.depth == depth && m.Name == all[n].Name }) {
			t.unsendable(place, "two fields are named %q", all[n].Name)
		}
	}
	if fields > 0 && sent == 0 {
		t.unsendable(at, "none of its fields is exported, so nothing of it can be sent; %s", advice)
	}
	return all
}

// rest takes an embedded map, whose members become those of the object.
func (t *typeReader) rest(T types.Type, at place, o *shape.Object) {
	if m, ok := T.Underlying().(*types.Map); ok {
		o.Rest = t.read(m.Elem(), at)
		return
	}
	o.Rest = shape.Unknown
}

// field gives one member.
func (t *typeReader) field(f *types.Var, tag tag, at place, depth int, optional bool) member {
	n := t.noteOf(f)
	t.checkDirectives(n, at.path)
	m := member{depth: depth, tagged: tag.name != ""}
	m.Name, m.Doc, m.Optional = cmp.Or(tag.name, f.Name()), n.doc, tag.optional || optional
	if d, told := n.directives["as"]; told {
		m.Type = t.written(d, at)
	} else {
		m.Type = t.read(f.Type(), at)
	}
	if tag.quoted {
		m.Type = quoted(f.Type(), m.Type)
	}
	if n, null := m.Type.(shape.Nullable); null && tag.optional {
		m.Type = n.Elem // a nil pointer is left out
	}
	return m
}

// quoted is a number that is written as a string, because JavaScript would round it.
func quoted(T types.Type, plain shape.Type) shape.Type {
	inner, byPointer := pointed(T)
	if b, ok := inner.Underlying().(*types.Basic); !ok || b.Info()&types.IsNumeric == 0 {
		return plain
	}
	if byPointer {
		return shape.Nullable{Elem: shape.String}
	}
	return shape.String
}

// pointed gives what a type is, or points to.
func pointed(T types.Type) (elem types.Type, byPointer bool) {
	T = types.Unalias(T)
	if p, ok := T.(*types.Pointer); ok {
		return types.Unalias(p.Elem()), true
	}
	return T, false
}

// tag is what a field's json tag says.
type tag struct {
	name                             string
	ignored, optional, quoted, embed bool
}

// parseTag reads a tag as encoding/json/v2 does.
func parseTag(all reflect.StructTag) (t tag, ok bool) {
	text := all.Get("json")
	if text == "-" {
		t.ignored = true
		return t, true
	}
	end := strings.IndexByte(text, ',')
	if end < 0 {
		end = len(text)
	}
	t.name, text = text[:end], text[end:]
	if strings.ContainsAny(t.name, "\\'\"`") {
		return t, false
	}
	for option := range strings.SplitSeq(strings.TrimPrefix(text, ","), ",") {
		switch option {
		case "omitzero", "omitempty":
			t.optional = true
		case "string":
			t.quoted = true
		case "embed":
			t.embed = true
		default:
			if strings.HasPrefix(option, "format:") {
				return t, false
			}
		}
	}
	return t, true
}
