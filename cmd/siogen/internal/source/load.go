package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
)

// program is the packages that were asked for, with everything that they import. It is for one goroutine.
type program struct {
	dir      string // of the go command; positions are told from here
	fset     *token.FileSet
	listed   map[string]*listed // by import path
	packages map[*types.Package]*pkg
	roots    []*pkg // in order of their paths
	wrong    []complaint
}

// pkg is a package with its syntax.
type pkg struct {
	*types.Package
	files []*ast.File // in order of their names
	info  *types.Info // of packages that were asked for
	notes notes       // nil until they are asked for
}

// listed is a package as the go command lists it.
type listed struct {
	ImportPath, Name  string
	Dir               string
	DepOnly, Standard bool
	GoFiles, CgoFiles []string
	ImportMap         map[string]string
	Error             *struct{ Pos, Err string }

	loading bool
	loaded  *pkg
}

// load type-checks what patterns stand for. Everything comes from source, so comments and positions are at hand for all of
// it, and nothing has to be compiled before. What only function bodies of imported packages need is passed over.
func load(dir string, patterns []string) (*program, error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Name,Dir,DepOnly,Standard,GoFiles,CgoFiles,ImportMap,Error", "--"}, patterns...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	p := &program{dir: dir, fset: token.NewFileSet(), listed: make(map[string]*listed), packages: make(map[*types.Package]*pkg)}
	var roots []string
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		l := new(listed)
		if err := d.Decode(l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if l.Error != nil && !l.DepOnly {
			return nil, fmt.Errorf("%s%s", prefixed(l.Error.Pos), l.Error.Err)
		}
		p.listed[l.ImportPath] = l
		if !l.DepOnly {
			roots = append(roots, l.ImportPath)
		}
	}
	slices.Sort(roots)
	for _, path := range roots {
		root, err := p.load(p.listed[path])
		if err != nil {
			return nil, err
		}
		p.roots = append(p.roots, root)
	}
	return p, nil
}

func prefixed(pos string) string {
	if pos == "" {
		return ""
	}
	return pos + ": "
}

func (p *program) load(l *listed) (*pkg, error) {
	switch {
	case l.loaded != nil:
		return l.loaded, nil
	case l.loading:
		return nil, fmt.Errorf("%s imports itself", l.ImportPath)
	}
	l.loading = true
	loaded := new(pkg)
	for _, name := range slices.Sorted(slices.Values(slices.Concat(l.GoFiles, l.CgoFiles))) {
		file, err := parser.ParseFile(p.fset, filepath.Join(l.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if list, ok := errors.AsType[scanner.ErrorList](err); ok && !l.DepOnly {
			for _, e := range list {
				p.wrong = append(p.wrong, complaint{p.relative(e.Pos), e.Msg})
			}
			return nil, p.complaints()
		}
		if file == nil {
			continue
		}
		if l.DepOnly {
			p.prune(l, file)
		}
		loaded.files = append(loaded.files, file)
	}
	config := types.Config{
		Importer:         importer(func(path string) (*types.Package, error) { return p.imported(l, path) }),
		IgnoreFuncBodies: l.DepOnly,
		FakeImportC:      true,
		Error: func(err error) {
			if e, ok := errors.AsType[types.Error](err); ok && !l.DepOnly { // what is wrong elsewhere shows where it is used
				p.complain(e.Pos, "%s", e.Msg)
			}
		},
	}
	if !l.DepOnly {
		loaded.info = &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object), Instances: make(map[*ast.Ident]types.Instance)}
	}
	loaded.Package, _ = config.Check(l.ImportPath, p.fset, loaded.files, loaded.info)
	if err := p.complaints(); err != nil {
		return nil, err
	}
	l.loaded = loaded
	p.packages[loaded.Package] = loaded
	return loaded, nil
}

// imported gives what l imports as path.
func (p *program) imported(l *listed, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := l.ImportMap[path]; ok {
		path = mapped
	}
	dep, ok := p.listed[path]
	if !ok {
		return nil, fmt.Errorf("package %s was not found", path)
	}
	loaded, err := p.load(dep)
	if err != nil {
		return nil, err
	}
	return loaded.Package, nil
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }
