package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files that the page names, by their name in src.
var entries = []string{"main.ts", "theme.ts", "style/main.css"}

// icon is used as it is.
const icon = "icon.svg"

// page is the page, in which {{name}} stands for the name that a file got.
const page = "index.html"

// Build makes the files of dir/dist out of dir/src, by their path in dist.
func Build(dir string) (map[string][]byte, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	named := make(map[string]string) // source → name in dist
	for _, entry := range entries {
		if err := bundle(dir, entry, files, named); err != nil {
			return nil, fmt.Errorf("bundle %s: %w", entry, err)
		}
	}
	image, err := os.ReadFile(filepath.Join(dir, "src", icon))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(image)
	named[icon] = "assets/icon-" + base32.StdEncoding.EncodeToString(sum[:5]) + ".svg"
	files[named[icon]] = image

	html, err := os.ReadFile(filepath.Join(dir, "src", page))
	if err != nil {
		return nil, err
	}
	for source, name := range named {
		html = bytes.ReplaceAll(html, []byte("{{"+source+"}}"), []byte("/"+name))
	}
	if at := bytes.Index(html, []byte("{{")); at >= 0 {
		return nil, fmt.Errorf("%s names a file that there is not: %.40q", page, html[at:])
	}
	files[page] = html
	return files, nil
}

// bundle adds what becomes of an entry.
func bundle(dir, entry string, files map[string][]byte, named map[string]string) error {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     dir,
		EntryPoints:       []string{"src/" + entry},
		EntryNames:        "[name]-[hash]",
		Outdir:            filepath.Join(dir, "dist", "assets"),
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Platform:          api.PlatformBrowser,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Sourcemap:         api.SourceMapLinked,
		SourcesContent:    api.SourcesContentInclude,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       `{"compilerOptions":{"strict":true,"target":"ES2022"}}`,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s", strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	for _, out := range result.OutputFiles {
		name := path.Join("assets", filepath.Base(out.Path))
		files[name] = out.Contents
		if !strings.HasSuffix(name, ".map") {
			named[entry] = name
		}
	}
	return nil
}
