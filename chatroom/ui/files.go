package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"path"
	"sync"
)

//go:embed dist
var dist embed.FS

// File is a file of the page. Its bytes are shared and must not be changed.
type File struct {
	Name        string // without folders
	ContentType string
	ETag        string // with its quotes; depends on the content alone
	Body        []byte

	gzipped func() []byte
}

// Gzip returns the body as gzip makes it. It is made once.
func (f *File) Gzip() []byte { return f.gzipped() }

// Page returns the page itself, which names the assets that it needs.
func Page() *File { return files()[page] }

// Asset returns the file of the folder assets with that exact name. Names change with the content.
func Asset(name string) (*File, bool) {
	f, found := files()["assets/"+name]
	return f, found
}

// Build names the state of the whole page: it changes with any of the files.
func Build() string { return Page().ETag[1:13] }

const page = "index.html"

var files = sync.OnceValue(func() map[string]*File {
	all := make(map[string]*File)
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("ui: " + err.Error()) // the folder is part of the program
	}
	if err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		all[name] = newFile(name, body)
		return nil
	}); err != nil {
		panic("ui: " + err.Error())
	}
	return all
})

func newFile(name string, body []byte) *File {
	sum := sha256.Sum256(body)
	return &File{
		Name:        path.Base(name),
		ContentType: contentType(name),
		ETag:        `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		Body:        body,
		gzipped: sync.OnceValue(func() []byte {
			var b bytes.Buffer
			w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
			w.Write(body)                                         // writing to memory does not fail
			w.Close()
			return b.Bytes()
		}),
	}
}

// contentType does not ask the machine, which may have ideas of its own about extensions.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".map":
		return "application/json; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
