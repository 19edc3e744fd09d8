// Command write writes the browser client's bundles into dist. Run it with go generate ./browser.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/socketio-go/socketio/browser/internal/bundle"
)

func main() {
	log.SetFlags(0)
	files, err := bundle.Build(".")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.RemoveAll("dist"); err != nil {
		log.Fatal(err)
	}
	if err := os.MkdirAll("dist", 0o755); err != nil {
		log.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join("dist", name), content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
