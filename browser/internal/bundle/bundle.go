package bundle

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// banner says whose the file is, to who finds it in a page.
const banner = "/*! socketio-go MIT */"

// A script is wrapped by hand: the form that esbuild has for it would bring its module machinery along. The script gives
// its global to expose; where there is a module loader, the loader gets it instead.
const (
	before = `(expose=>{`
	after  = `})(io=>{` +
		`typeof module=="object"&&module.exports?module.exports=io:` +
		`typeof define=="function"&&define.amd?define(()=>io):` +
		`globalThis.io=io})`
)

// target is the oldest JavaScript that the bundles need: browsers of 2020.
const target = api.ES2020

// form is one bundle.
type form struct {
	name  string // the file in dist
	entry string // the file in src
	// script bundles are for <script>, and CommonJS and AMD; the others are ES modules.
	script bool
	// served bundles are for a page: small where the name says min, and with a source map. The others are for programs
	// that have a bundler or a debugger of their own: readable, and one file each.
	served bool
	// variant takes the place of a file x.ts with x.variant.ts, where there is one.
	variant string
}

var forms = []form{
	{name: "socket.io.js", entry: "classic.ts", script: true, served: true, variant: "small"},
	{name: "socket.io.min.js", entry: "classic.ts", script: true, served: true, variant: "small"},
	{name: "socket.io.full.min.js", entry: "classic.full.ts", script: true, served: true},
	{name: "socket.io.msgpack.min.js", entry: "classic.ts", script: true, served: true, variant: "msgpack"},
	{name: "socket.io.esm.min.js", entry: "index.ts", served: true},
	{name: "socket.io.shared.min.js", entry: "shared/classic.ts", script: true, served: true},
	{name: "socket.io.worker.min.js", entry: "shared/worker.ts", served: true},
	{name: "index.mjs", entry: "index.ts"},
	{name: "index.cjs", entry: "commonjs.ts"},
	{name: "node.mjs", entry: "index.ts", variant: "node"},
	{name: "node.cjs", entry: "commonjs.ts", variant: "node"},
	{name: "msgpack.mjs", entry: "msgpack/parser.ts"},
	{name: "msgpack.cjs", entry: "msgpack/parser.ts"},
}

func (f form) min() bool { return strings.HasSuffix(f.name, ".min.js") }

func (f form) format() api.Format {
	if strings.HasSuffix(f.name, ".cjs") {
		return api.FormatCommonJS
	}
	return api.FormatESModule // also of a script, which is wrapped by hand
}

// Build bundles the client whose sources are in dir/src. It returns the content of each file of dir/dist by name: the
// bundles, their source maps, and each bundle that is served once more, compressed. The same sources give the same bytes on every machine.
func Build(dir string) (map[string][]byte, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, 2*len(forms))
	for _, f := range forms {
		result := api.Build(options(dir, f))
		if len(result.Errors) > 0 {
			text := api.FormatMessages(result.Errors, api.FormatMessagesOptions{})
			return nil, fmt.Errorf("bundle %s: %s", f.name, strings.Join(text, ""))
		}
		for _, out := range result.OutputFiles {
			name := filepath.Base(out.Path)
			files[name] = out.Contents
			if f.served && strings.HasSuffix(name, ".js") {
				files[name+".br"] = brotlied(out.Contents)
			}
		}
	}
	return files, nil
}

// brotlied compresses as well as Brotli can: it is done once, and sent often.
func brotlied(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	w.Write(b) // to memory
	w.Close()
	return out.Bytes()
}

func options(dir string, f form) api.BuildOptions {
	o := api.BuildOptions{
		AbsWorkingDir: dir,
		EntryPoints:   []string{"src/" + f.entry},
		Outfile:       filepath.Join("dist", f.name),
		Bundle:        true,
		Format:        f.format(),
		Target:        target,
		Platform:      api.PlatformNeutral,
		External:      []string{"node:*"},
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone,
		Banner:        map[string]string{"js": banner},
		TsconfigRaw:   `{"compilerOptions":{"strict":true,"target":"ES2020","useDefineForClassFields":false}}`,
	}
	if f.script {
		o.Banner["js"] += "\n" + before
		o.Footer = map[string]string{"js": after}
	}
	if f.served {
		o.Sourcemap = api.SourceMapLinked
		o.SourcesContent = api.SourcesContentInclude
	}
	if f.min() {
		o.MinifyWhitespace, o.MinifyIdentifiers, o.MinifySyntax = true, true, true
		// What begins with an underscore is known in src alone, except for the word of the protocol, and for what programs
		// call although the reference calls it private.
		o.MangleProps = "^_."
		o.ReserveProps = "^(_placeholder|_close|__.*)$"
	}
	if f.variant != "" {
		o.Plugins = []api.Plugin{variants(f.variant)}
	}
	return o
}

// variants resolves an import of ./x to ./x.variant.ts where there is one.
func variants(variant string) api.Plugin {
	return api.Plugin{Name: "variant", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			path := filepath.Join(a.ResolveDir, a.Path+"."+variant+".ts")
			if _, err := os.Stat(path); err != nil || a.Importer == path {
				return api.OnResolveResult{}, nil // as ever; a variant may build on what it stands for
			}
			return api.OnResolveResult{Path: path}, nil
		})
	}}
}
