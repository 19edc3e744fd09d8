package docs_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guides are the documents whose Go blocks must compile.
var guides = []string{"guide.md", "guide.zh-CN.md", "../README.md", "../README.zh-CN.md"}

// imports are the packages a block may use without saying so.
var imports = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "log": "log", "os": "os",
	"regexp": "regexp", "netip": "net/netip",
	"time": "time", "slog": "log/slog", "socketio": module, "engineio": module + "/engineio",
	"client": module + "/client", "contract": module + "/contract",
	"webtransport": module + "/engineio/transport/webtransport", "tls": "crypto/tls",
}

const module = "github.com/socketio-go/socketio"

// The blocks are compiled where they stand in for files of this module, through an overlay: nothing is written to the
// tree, and what a reader would copy is what the compiler sees.
func TestEveryGoBlockCompiles(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	var packages []string
	for _, guide := range guides {
		for i, block := range goBlocks(read(t, guide)) {
			name := strings.NewReplacer(".", "_", "/", "_", "-", "_").Replace(guide) + fmt.Sprint(i)
			file := filepath.Join(dir, name+".go")
			if err := os.WriteFile(file, program(t, guide, block), 0o600); err != nil {
				t.Fatal(err)
			}
			// docs/internal/blocks is a folder of the overlay only.
			pkg := "docs/internal/blocks/" + name
			overlay.Replace[filepath.Join(root, filepath.FromSlash(pkg), "block.go")] = file
			packages = append(packages, "./"+pkg)
		}
	}
	if len(packages) < 10 {
		t.Fatalf("only %d Go blocks found", len(packages))
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", append([]string{"build", "-overlay", file, "-o", os.DevNull}, packages...)...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

var fence = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

func goBlocks(text string) []string {
	var blocks []string
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// declares finds the names a block of statements declares.
var declares = regexp.MustCompile(`(?m)^(\w+(?:, \w+)*) := `)

// program makes a file of a block: as it is when it is a whole one, otherwise as the body of a function that has a
// server, a socket and a context.
func program(t *testing.T, guide, block string) []byte {
	t.Helper()
	if strings.HasPrefix(block, "package ") {
		return []byte(block)
	}
	var b strings.Builder
	b.WriteString("package block\n\nimport (\n")
	for name, path := range imports {
		if name == "socketio" || name == "context" || regexp.MustCompile(`\b`+name+`\.`).MatchString(block) {
			fmt.Fprintf(&b, "\t%q\n", path)
		}
	}
	b.WriteString(")\n\nfunc _(ctx context.Context, io *socketio.Server, s *socketio.Socket) error {\n\t{\n" + block)
	for _, m := range declares.FindAllStringSubmatch(block, -1) {
		for name := range strings.SplitSeq(m[1], ",") {
			if name = strings.TrimSpace(name); name != "_" {
				b.WriteString("\t_ = " + name + "\n")
			}
		}
	}
	b.WriteString("\t}\n\treturn nil\n}\n")
	src, err := format.Source([]byte(b.String()))
	if err != nil {
		t.Fatalf("%s: %v in\n%s", guide, err, block)
	}
	return src
}
