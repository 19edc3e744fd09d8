package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// note is what is written about a declaration: its comment, and directives such as //siogen:from client.
type note struct {
	doc        string
	directives map[string]directive
}

// directive is what follows the key.
type directive struct {
	pos  token.Pos
	text string
}

const directivePrefix = "//siogen:"

// known are the directives, and where each may stand.
var (
	ofContracts = []string{"from", "namespace", "failure", "args"}
	ofTypes     = []string{"as"}
)

// noted reads comment groups: the first that has text gives it, and a directive of a later one wins.
func noted(groups ...*ast.CommentGroup) note {
	n := note{directives: make(map[string]directive)}
	for _, g := range groups {
		if g == nil {
			continue
		}
		if n.doc == "" {
			n.doc = strings.TrimSpace(g.Text())
		}
		for _, c := range g.List {
			if rest, ok := strings.CutPrefix(c.Text, directivePrefix); ok {
				key, text, _ := strings.Cut(rest, " ")
				n.directives[key] = directive{c.Pos(), strings.TrimSpace(text)}
			}
		}
	}
	return n
}

// notes are the declarations of a package by the position of their name.
type notes map[token.Pos]note

// noteOf gives what is written about an object.
func (p *program) noteOf(obj types.Object) note {
	in := p.packages[obj.Pkg()]
	if in == nil {
		return note{}
	}
	if in.notes == nil {
		in.notes = make(notes)
		for _, file := range in.files {
			in.notes.collect(file)
		}
	}
	return in.notes[obj.Pos()]
}

// collect takes the comments of types, constants and fields.
func (n notes) collect(file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			var above *ast.CommentGroup // belongs to the one declaration, not to a group
			if !node.Lparen.IsValid() {
				above = node.Doc
			}
			for _, spec := range node.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					n[spec.Name.Pos()] = noted(above, spec.Doc, spec.Comment)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						n[name.Pos()] = noted(above, spec.Doc, spec.Comment)
					}
				}
			}
		case *ast.Field:
			about := noted(node.Doc, node.Comment)
			for _, name := range node.Names {
				n[name.Pos()] = about
			}
		}
		return true
	})
}
