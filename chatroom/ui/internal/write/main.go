// Command write bundles the page and replaces the folder dist. go generate runs it in chatroom/ui.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/socketio-go/socketio/chatroom/ui/internal/bundle"
)

func main() {
	log.SetFlags(0)
	if err := write("."); err != nil {
		log.Fatal(err)
	}
}

func write(dir string) error {
	files, err := bundle.Build(dir)
	if err != nil {
		return err
	}
	dist := filepath.Join(dir, "dist")
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	for name, body := range files {
		path := filepath.Join(dist, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return err
		}
	}
	return nil
}
