package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// library are the folders whose packages a program imports.
var library = []string{".", "engineio", "engineio/packet", "engineio/transport", "engineio/transport/*", "parser", "parser/*", "adapter", "adapter/*"}

// declarations yields every file of the library, without its tests.
func declarations(t *testing.T, visit func(path string, file *ast.File)) {
	t.Helper()
	var paths []string
	for _, folder := range library {
		found, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	if len(paths) < 50 {
		t.Fatalf("only %d files found", len(paths))
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		visit(path, file)
	}
}

// Promise 14: each field of the options has a comment that gives its default. What is off, or not there, unless it is set
// may leave it at that.
func TestEveryOptionTellsItsDefault(t *testing.T) {
	structs := 0
	declarations(t, func(path string, file *ast.File) {
		if seams.MatchString(path) {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !isOptions.MatchString(spec.Name.Name) {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			structs++
			above := "" // the comment that may be about the next fields too
			for _, f := range s.Fields.List {
				own := f.Doc.Text() + f.Comment.Text()
				if own != "" {
					above = own
				}
				for _, name := range f.Names {
					text := own
					if text == "" && strings.Contains(above, name.Name) {
						text = above
					}
					if name.IsExported() && !strings.Contains(text, "default") && !(text != "" && offUnlessSet(f.Type)) {
						t.Errorf("%s: %s.%s does not tell its default", path, spec.Name.Name, name.Name)
					}
				}
			}
			return true
		})
	})
	if structs < 3 {
		t.Errorf("only %d structs of options found", structs)
	}
}

var isOptions = regexp.MustCompile(`Options$|^Limits$|^CORS$|^Recovery$`)

// seams are the packages whose options come from the package above, which has filled in the defaults.
var seams = regexp.MustCompile(`engineio/transport/([^/]+\.go|polling/|websocket/)|adapter/inmemory/`)

// offUnlessSet reports whether the zero value of a type says that there is nothing.
func offUnlessSet(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.FuncType, *ast.StarExpr, *ast.ArrayType, *ast.MapType:
		return true
	case *ast.SelectorExpr:
		return t.Sel.Name == "Header" || t.Sel.Name == "Values"
	case *ast.Ident:
		return t.Name == "bool"
	}
	return false
}

// Promise 15: names have Go's habits: initialisms in one case, no Get in front of what a method returns.
func TestNamesHaveGosHabits(t *testing.T) {
	exported := 0
	check := func(path string, id *ast.Ident) {
		if !id.IsExported() {
			return
		}
		exported++
		if m := notInGo.FindString(id.Name); m != "" {
			t.Errorf("%s: %s has %q in its name", path, id.Name, m)
		}
	}
	declarations(t, func(path string, file *ast.File) {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				check(path, d.Name)
			case *ast.GenDecl:
				ast.Inspect(d, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.TypeSpec:
						check(path, n.Name)
					case *ast.ValueSpec:
						for _, name := range n.Names {
							check(path, name)
						}
					case *ast.Field:
						for _, name := range n.Names {
							check(path, name)
						}
					}
					return true
				})
			}
		}
	})
	if exported < 200 {
		t.Errorf("only %d exported names found", exported)
	}
}

var notInGo = regexp.MustCompile(`(Id|Url|Uri|Http|Json|Api|Cors|Tls|Tcp|Eio)([A-Z0-9]|s?$)|^Get[A-Z]|_`)
