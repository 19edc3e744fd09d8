package bundle_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/chatroom/ui/internal/bundle"
)

func build(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files, err := bundle.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The committed files are what the sources give, no more and no less.
func TestDistIsCurrent(t *testing.T) {
	t.Parallel()
	want := build(t, "../..")
	dist := os.DirFS("../../dist")
	if err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		got, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		switch body, made := want[name]; {
		case !made:
			t.Errorf("dist/%s is not made by anything", name)
		case !bytes.Equal(got, body):
			t.Errorf("dist/%s differs from what src gives", name)
		}
		delete(want, name)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for name := range want {
		t.Errorf("dist/%s is missing", name)
	}
	if t.Failed() {
		t.Log("run go generate ./chatroom/ui and commit the result")
	}
}

// Where the sources lie does not matter to the result.
func TestBuildIsDeterministic(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, folder := range []string{"chatroom/ui/src", "browser/src"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join("../../../..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	// The bundler reads there that the client's files have no side effects.
	about, err := os.ReadFile("../../../../browser/package.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "browser/package.json"), about, 0o644); err != nil {
		t.Fatal(err)
	}
	here, there := build(t, "../.."), build(t, filepath.Join(root, "chatroom/ui"))
	for name := range here {
		if !bytes.Equal(here[name], there[name]) {
			t.Errorf("%s depends on the folder that it is built in", name)
		}
	}
}

// What the first visit loads stays small: 45 KB of script and 12 KB of style, as gzip sends them.
func TestBudget(t *testing.T) {
	t.Parallel()
	sizes := make(map[string]int)
	for name, body := range build(t, "../..") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(body)
		w.Close()
		sizes[filepath.Ext(name)] += b.Len()
	}
	for ext, limit := range map[string]int{".js": 45 << 10, ".css": 12 << 10} {
		if sizes[ext] > limit {
			t.Errorf("all %s files are %d bytes, want at most %d", ext, sizes[ext], limit)
		}
	}
}

// The page needs no other host, and nothing in it is inline, so that its Content-Security-Policy can be strict.
func TestPageIsSelfContained(t *testing.T) {
	t.Parallel()
	page := string(build(t, "../..")["index.html"])
	for _, bad := range []string{"http://", "https://", "style=", "<style", "onload=", "onclick=", "javascript:"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if strings.Count(page, "<script") != strings.Count(page, "<script src=\"/assets/") {
		t.Error("the page has a script that is not a file of its own")
	}
}

// A source that can't be bundled is an error, not a broken page.
func TestBuildReportsErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "src"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "src", "main.ts"), []byte("export const ="), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Build(dir); err == nil || !strings.Contains(err.Error(), "main.ts") {
		t.Errorf("Build = %v, want an error that names main.ts", err)
	}
}
