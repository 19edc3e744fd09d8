package browser

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strings"
	"sync"
)

//go:embed dist/socket.io.*
var dist embed.FS

// File is one file of the client.
type File struct {
	// Name is the file's name, such as "socket.io.min.js".
	Name string
	// ContentType is the value for the header of that name.
	ContentType string
	// ETag is a strong validator in its quotes. It depends on the content alone, so that all servers of a cluster and
	// all restarts agree.
	ETag string
	// Body is the content. It is shared and must not be changed.
	Body []byte
	// Brotli is the content, compressed with Brotli when the bundles were made; nil for a source map. It is shared and
	// must not be changed.
	Brotli []byte
}

// compressed is how the names of compressed files end.
const compressed = ".br"

var assets = sync.OnceValue(load)

// Asset returns the file of that exact name: one of the bundles or of their source maps. It is safe for use by
// several goroutines.
func Asset(name string) (File, bool) {
	a, ok := assets()[name]
	return a, ok
}

func load() map[string]File {
	entries, err := dist.ReadDir("dist")
	if err != nil {
		panic("browser: " + err.Error()) // the folder is part of the program
	}
	m := make(map[string]File, len(entries))
	read := func(name string) []byte {
		body, err := dist.ReadFile("dist/" + name)
		if err != nil {
			panic("browser: " + err.Error())
		}
		return body
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), compressed) {
			continue
		}
		body := read(e.Name())
		sum := sha256.Sum256(body)
		file := File{
			Name:        e.Name(),
			ContentType: contentType(e.Name()),
			ETag:        `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
			Body:        body,
		}
		if strings.HasSuffix(e.Name(), ".js") {
			file.Brotli = read(e.Name() + compressed)
		}
		m[e.Name()] = file
	}
	return m
}

func contentType(name string) string {
	if strings.HasSuffix(name, ".map") {
		return "application/json; charset=utf-8"
	}
	return "application/javascript; charset=utf-8"
}
