package bundle_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/socketio-go/socketio/test/nodejs"
)

// patience ends a test program that hangs; nothing is measured with it.
const patience = 2 * time.Minute

// The client's own tests, which are in test/*.test.ts, pass in Node.
func TestUnits(t *testing.T) {
	t.Parallel()
	node := nodejs.Tool(t, "node")
	tests, err := filepath.Glob("../../test/*.test.ts")
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests of the client: %v", err)
	}
	for _, file := range tests {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".test.ts"), func(t *testing.T) {
			t.Parallel()
			program := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(file), ".ts")+".js")
			result := api.Build(api.BuildOptions{
				EntryPoints: []string{file},
				Outfile:     program,
				Bundle:      true,
				Write:       true,
				Platform:    api.PlatformNode,
				Format:      api.FormatCommonJS,
				Sourcemap:   api.SourceMapInline,
			})
			if len(result.Errors) > 0 {
				t.Fatal(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, node, "--enable-source-maps", "--test", program)
			cmd.Env = append(os.Environ(),
				"TESTDATA="+filepath.Join(nodejs.Root(t), "testdata"),
				"DIST="+filepath.Join(nodejs.Root(t), "browser", "dist"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The sources and their tests satisfy the TypeScript compiler in its strict mode. The compiler is not needed for
// anything else; npm ci in this folder installs it.
func TestTypes(t *testing.T) {
	t.Parallel()
	tsc := filepath.Join("..", "..", "node_modules", "typescript", "bin", "tsc")
	if _, err := os.Stat(tsc); err != nil {
		t.Skip("TypeScript is missing; `npm ci` in browser/ gets it")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, nodejs.Tool(t, "node"), tsc, "--project", filepath.Join("..", ".."))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
