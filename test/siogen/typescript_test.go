package siogen_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/nodejs"
)

// patience ends a program that hangs; nothing is measured with it.
const patience = 4 * time.Minute

// compile checks a project with the TypeScript compiler.
func compile(t *testing.T, project string) {
	t.Helper()
	tsc := filepath.Join(nodejs.Root(t), "browser", "node_modules", "typescript", "bin", "tsc")
	if _, err := os.Stat(tsc); err != nil {
		nodejs.Missing(t, "TypeScript, of the npm packages of browser,")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, nodejs.Tool(t, "node"), tsc, "--project", project)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What fits the contract compiles, with the types of the official client, and what does not is an error.
func TestTheOfficialClientTakesTheTypes(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(nodejs.Root(t), "test", "interop", "node_modules")); err != nil {
		nodejs.Missing(t, "the npm packages of test/interop")
	}
	compile(t, filepath.Join("testdata", "tsconfig.json"))
}
