package source

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// prune takes the bodies of functions out of a file, and the imports that nothing but those needs: most of what lies below a
// program is never looked at.
func (p *program) prune(l *listed, file *ast.File) {
	used := make(map[string]bool)
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			f.Body = nil
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				n.Body.List = nil
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					used[x.Name] = true
				}
			}
			return true
		})
	}
	file.Decls = slices.DeleteFunc(file.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			return false
		}
		g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool { return !p.needed(l, s.(*ast.ImportSpec), used) })
		return len(g.Specs) == 0
	})
}

// needed tells whether an import is one of the names in use. One whose name is not known is.
func (p *program) needed(l *listed, spec *ast.ImportSpec, used map[string]bool) bool {
	if spec.Name != nil {
		return spec.Name.Name == "." || used[spec.Name.Name]
	}
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return true
	}
	if mapped, ok := l.ImportMap[path]; ok {
		path = mapped
	}
	dep, ok := p.listed[path]
	return !ok || used[dep.Name]
}
