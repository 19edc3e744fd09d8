package bundle_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/socketio-go/socketio/browser/internal/bundle"
)

// built is what the sources give, made once.
var built = sync.OnceValues(func() (map[string][]byte, error) { return bundle.Build("../..") })

// The committed bundles are what the sources give.
func TestDistIsCurrent(t *testing.T) {
	t.Parallel()
	files, err := built()
	if err != nil {
		t.Fatal(err)
	}
	if files["socket.io.min.js"] == nil {
		t.Fatalf("built %d files, without the client", len(files))
	}
	dist := filepath.Join("..", "..", "dist")
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("dist/%s differs from what src gives: run go generate ./browser and commit the result", name)
		}
	}
	entries, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()] == nil {
			t.Errorf("dist/%s is not made by anything", e.Name())
		}
	}
}

// A file that was compressed beforehand is the file.
func TestBrotli(t *testing.T) {
	t.Parallel()
	files, err := built()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, want := range files {
		compressed, ok := files[name+".br"]
		if !ok {
			continue
		}
		n++
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(compressed))); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s.br: %d bytes, %v", name, len(got), err)
		}
	}
	if n == 0 {
		t.Error("nothing is compressed")
	}
}

// Where the sources lie does not matter to the result.
func TestBuildIsDeterministic(t *testing.T) {
	t.Parallel()
	elsewhere := t.TempDir()
	if err := os.CopyFS(filepath.Join(elsewhere, "src"), os.DirFS("../../src")); err != nil {
		t.Fatal(err)
	}
	about, err := os.ReadFile("../../package.json") // says that the files have no side effects
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "package.json"), about, 0o644); err != nil {
		t.Fatal(err)
	}
	here, err := built()
	if err != nil {
		t.Fatal(err)
	}
	there, err := bundle.Build(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	for name := range here {
		if !bytes.Equal(here[name], there[name]) {
			t.Errorf("%s depends on the folder that it is built in", name)
		}
	}
}

// A source that can't be bundled is an error, not a broken bundle.
func TestBuildReportsErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "src"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "src", "index.ts"), []byte("export const ="), 0o644); err != nil {
		t.Fatal(err)
	}
	if files, err := bundle.Build(dir); err == nil {
		t.Errorf("built %d files from a syntax error", len(files))
	}
}
