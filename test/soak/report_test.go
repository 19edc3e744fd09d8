package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// report collects what docs/soak.md says about a full run.
var report struct {
	mu   sync.Mutex
	rows []string
}

// result notes what a test saw, with the time it took.
func result(t *testing.T, start time.Time, format string, args ...any) {
	t.Helper()
	seen := fmt.Sprintf(format, args...)
	t.Log(seen)
	report.mu.Lock()
	defer report.mu.Unlock()
	report.rows = append(report.rows, fmt.Sprintf("| `%s` | %s | %.0f s |", t.Name(), seen, time.Since(start).Seconds()))
}

// allTests is how many results a full run has.
const allTests = 19

const reportHead = `# Soak

What the load tests saw at full size. They fail on loss, repetition, disorder and on what is left behind, never on time.
The same tests run small under ` + "`make test`" + `. This page is written by the run itself.

- command: ` + "`make soak`" + `
- date: %s
- machine: %d cores, %s/%s, %s; clients and server in one process

| test | seen | took |
| --- | --- | --- |
`

// writeReport writes docs/soak.md.
func writeReport() error {
	report.mu.Lock()
	defer report.mu.Unlock()
	if len(report.rows) < allTests {
		return nil // a run of some tests says nothing about the others
	}
	text := fmt.Sprintf(reportHead, time.Now().UTC().Format("2006-01-02 15:04 UTC"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	text += strings.Join(report.rows, "\n") + "\n"
	return os.WriteFile(filepath.Join("..", "..", "docs", "soak.md"), []byte(text), 0o644)
}
