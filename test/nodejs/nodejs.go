package nodejs

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/process"
)

// patience ends a program that hangs; nothing is measured with it.
const patience = 2 * time.Minute

// Run runs a script to its end, with more environment, as "NAME=value", and gives what it printed on standard output.
// The test fails when the script does, with everything it printed. The official client can be required, and imported by
// scripts in test/interop.
func Run(t testing.TB, env []string, script string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(ctx, t, env, script, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("node %s %q: %v\n%s%s", script, args, err, &out, &errs)
	}
	return out.String()
}

// Start starts a script without waiting for its end; it is ended with the test.
func Start(t testing.TB, env []string, script string, args ...string) *process.Process {
	t.Helper()
	return process.Start(t, command(context.Background(), t, env, script, args...))
}

// Command prepares node to run a script with the pinned packages at hand, for a test that runs it in a way of its own.
func Command(ctx context.Context, t testing.TB, script string, args ...string) *exec.Cmd {
	t.Helper()
	return command(ctx, t, nil, script, args...)
}

// command prepares node to run a script with the pinned packages at hand.
func command(ctx context.Context, t testing.TB, env []string, script string, args ...string) *exec.Cmd {
	t.Helper()
	node := Tool(t, "node")
	packages := filepath.Join(Root(t), "test", "interop", "node_modules")
	if _, err := os.Stat(packages); err != nil {
		Missing(t, "the npm packages of test/interop")
	}
	cmd := exec.CommandContext(ctx, node, append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+packages)
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// Tool finds the first of the programs that is installed; see [Missing] for when none is.
func Tool(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, names[0])
	return ""
}

// Missing ends a test that lacks a tool: as skipped, or as failed when REQUIRE_TOOLS is set.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("REQUIRE_TOOLS") != "" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing; `make install` gets it", what)
}

// Root is the folder of the module. From a nested one it is that of the module around it.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module github.com/socketio-go/socketio\n")) {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod of this project above the test's folder")
		}
		dir = parent
	}
}
