package layers

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// source is one Go file of the module.
type source struct {
	path  string // relative to the module, with slashes
	pkg   string // the folder, likewise; "." is the root
	name  string // of the package clause
	lines int
	// standalone marks a file that the build leaves out (//go:build ignore): a program of its own.
	standalone bool
	imports    []string
	goStmts    []token.Position
}

// isTest reports whether the file takes part in tests only.
func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// sources reads every Go file under root, leaving out what is not part of the module: hidden folders, testdata, npm
// packages and nested modules.
func sources(root string) ([]source, error) {
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if path != root && outside(path, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		case filepath.Ext(path) != ".go":
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := read(filepath.ToSlash(rel), text)
		all = append(all, s)
		return err
	})
	return all, err
}

// outside reports whether a folder holds no package of the module.
func outside(path, name string) bool {
	if name == "testdata" || name == "node_modules" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// read parses one file. Its path decides its package.
func read(path string, text []byte) (source, error) {
	s := source{path: path, pkg: filepath.ToSlash(filepath.Dir(path)), lines: bytes.Count(text, []byte("\n"))}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return s, err
	}
	s.name = file.Name.Name
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return s, fmt.Errorf("%s: import %s: %w", path, spec.Path.Value, err)
		}
		s.imports = append(s.imports, imported)
	}
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); err == nil {
				s.standalone = s.standalone || !expr.Eval(func(tag string) bool { return tag != "ignore" })
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			s.goStmts = append(s.goStmts, fset.Position(g.Pos()))
		}
		return true
	})
	return s, nil
}
