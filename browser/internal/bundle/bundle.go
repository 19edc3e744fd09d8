package bundle

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// A global script assigns the function itself, not the module that esbuild makes of it, to the global io; where there
// is a module loader, the loader gets it too.
const footer = `io=io.default;` +
	`if(typeof module==="object"&&module.exports)module.exports=io;` +
	`else if(typeof define==="function"&&define.amd)define(function(){return io});`

// banner says whose the file is, to who finds it in a page.
const banner = "/*! Socket.IO client for browsers, of github.com/socketio-go/socketio, MIT license */"

// target is the oldest JavaScript that the bundles need: browsers of 2020.
const target = api.ES2020

// form is one bundle: its file name and how it differs from the others.
type form struct {
	name   string
	format api.Format
	min    bool
}

var forms = []form{
	{"socket.io.js", api.FormatIIFE, false},
	{"socket.io.min.js", api.FormatIIFE, true},
	{"socket.io.esm.min.js", api.FormatESModule, true},
}

// Build bundles the client whose sources are in dir/src. It returns the content of each file of dir/dist by name: the
// bundles and their source maps. The same sources give the same bytes on every machine.
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
			files[filepath.Base(out.Path)] = out.Contents
		}
	}
	return files, nil
}

func options(dir string, f form) api.BuildOptions {
	o := api.BuildOptions{
		AbsWorkingDir:     dir,
		EntryPoints:       []string{"src/index.ts"},
		Outfile:           filepath.Join("dist", f.name),
		Bundle:            true,
		Format:            f.format,
		Target:            target,
		Platform:          api.PlatformBrowser,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Banner:            map[string]string{"js": banner},
		Sourcemap:         api.SourceMapLinked,
		SourcesContent:    api.SourcesContentInclude,
		MinifyWhitespace:  f.min,
		MinifyIdentifiers: f.min,
		MinifySyntax:      f.min,
		TsconfigRaw:       `{"compilerOptions":{"strict":true,"target":"ES2020","useDefineForClassFields":false}}`,
	}
	if f.format == api.FormatIIFE {
		o.GlobalName = "io"
		o.Footer = map[string]string{"js": footer}
	}
	return o
}
