package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// shaken bundles a program that imports from a file of dist, as a program's own bundler would, and gives what is left. The
// bundler sees no package.json, which would promise that nothing is done when a file is loaded: the files show it.
func shaken(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "dist"), os.DirFS("../../dist")); err != nil {
		t.Fatal(err)
	}
	result := api.Build(api.BuildOptions{
		Stdin:    &api.StdinOptions{Contents: program, ResolveDir: dir},
		Bundle:   true,
		Format:   api.FormatESModule,
		Platform: api.PlatformBrowser,
		Target:   api.ES2020,
		External: []string{"node:*"},
	})
	if len(result.Errors) > 0 {
		t.Fatal(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	return string(result.OutputFiles[0].Contents)
}

// What a program does not use is not in its bundle, as far as a bundler can see.
func TestUnusedPartsVanish(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"index.mjs", "node.mjs", "msgpack.mjs"} {
		if left := shaken(t, `import "./dist/`+file+`"`); len(left) > 200 || strings.Contains(left, "=") {
			t.Errorf("%s: %d bytes are left where nothing is used:\n%.2000s", file, len(left), left)
		}
	}
	for program, without := range map[string][]string{
		`import { io } from "./dist/index.mjs"; io()`:                          {"indexedDB", "localStorage", "socketio-offline", "SharedWorker", "MessagePack"},
		`import io from "./dist/node.mjs"; io()`:                               {"indexedDB", "localStorage", "socketio-offline", "SharedWorker", "MessagePack"},
		`import { webStorage } from "./dist/index.mjs"; webStorage()`:          {"indexedDB", "WebSocket", "fetch", "class "},
		`import { Encoder } from "./dist/msgpack.mjs"; new Encoder()`:          {"getBigUint64"},
		`import { protocol } from "./dist/index.mjs"; console.log(protocol)`:   {"class ", "function"},
		`import { WebSocket } from "./dist/index.mjs"; console.log(WebSocket)`: {"AbortController", "createBidirectionalStream", "Manager"},
	} {
		left := shaken(t, program)
		for _, part := range without {
			if strings.Contains(left, part) {
				t.Errorf("%s: %s is left", program, part)
			}
		}
	}
}
