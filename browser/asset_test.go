package browser_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/browser"
)

var bundles = []string{"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js", "socket.io.full.min.js", "socket.io.shared.min.js", "socket.io.worker.min.js"}

// Every bundle is there, with its map, and says where the map is.
func TestAsset(t *testing.T) {
	t.Parallel()
	tags := make(map[string]string)
	for _, name := range bundles {
		for _, name := range []string{name, name + ".map"} {
			a, ok := browser.Asset(name)
			if !ok {
				t.Fatalf("no asset %s", name)
			}
			if a.Name != name || len(a.Body) == 0 {
				t.Errorf("asset %s has the name %q and %d bytes", name, a.Name, len(a.Body))
			}
			want := "application/javascript; charset=utf-8"
			if strings.HasSuffix(name, ".map") {
				want = "application/json; charset=utf-8"
				if !json.Valid(a.Body) {
					t.Errorf("%s is not JSON", name)
				}
			} else if !bytes.Contains(a.Body, []byte("//# sourceMappingURL="+name+".map")) {
				t.Errorf("%s does not name its map", name)
			}
			if a.ContentType != want {
				t.Errorf("%s: content type %q, want %q", name, a.ContentType, want)
			}
			if len(a.ETag) < 10 || a.ETag[0] != '"' || a.ETag[len(a.ETag)-1] != '"' {
				t.Errorf("%s: ETag %s is not a strong validator", name, a.ETag)
			}
			if other, ok := tags[a.ETag]; ok {
				t.Errorf("%s and %s have the same ETag", name, other)
			}
			tags[a.ETag] = name
		}
	}
}

// Only exact names are served.
func TestAssetUnknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "/", ".", "dist", "socket.io", "SOCKET.IO.JS", "dist/socket.io.js", "./socket.io.js",
		"../asset.go", "socket.io.js/", "socket.io.js?x=1"} {
		if _, ok := browser.Asset(name); ok {
			t.Errorf("Asset(%q) found something", name)
		}
	}
}

// The budgets of the client on a page, compressed with gzip: by Go, as the server does, and by the
// program of that name, which also writes down the name of the file.
func TestSize(t *testing.T) {
	t.Parallel()
	for name, budget := range map[string]int{
		"socket.io.min.js":         9 << 10,
		"socket.io.esm.min.js":     11 << 10,
		"socket.io.msgpack.min.js": 12 << 10,
		"socket.io.full.min.js":    11 << 10,
	} {
		a, _ := browser.Asset(name)
		var buf bytes.Buffer
		w, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
		w.Write(a.Body) // to memory
		w.Close()
		sizes := map[string]int{"Go": buf.Len()}
		if program, err := exec.LookPath("gzip"); err == nil {
			out, err := exec.Command(program, "-9", "-c", "dist/"+name).Output()
			if err != nil {
				t.Fatal(err)
			}
			sizes["gzip"] = len(out)
		}
		t.Logf("%s: %d bytes, with gzip %v, %d with Brotli", name, len(a.Body), sizes, len(a.Brotli))
		for by, size := range sizes {
			if size > budget {
				t.Errorf("%s is %d bytes compressed by %s, over the budget of %d", name, size, by, budget)
			}
		}
	}
}
