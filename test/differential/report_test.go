package differential

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

// page is where the list is printed.
var page = filepath.Join("..", "..", "docs", "parser-differences.md")

// report collects what the page says about a full run.
var report struct {
	mu      sync.Mutex
	results []string
	counts  map[string]int // of sequences that part in a listed way
}

// allResults is how many results a full run has.
const allResults = 3

// result notes what a test saw, with the time it took.
func result(t *testing.T, start time.Time, format string, args ...any) {
	t.Helper()
	seen := fmt.Sprintf(format, args...)
	t.Log(seen)
	report.mu.Lock()
	defer report.mu.Unlock()
	report.results = append(report.results, fmt.Sprintf("| `%s` | %s | %.0f s |", t.Name(), seen, time.Since(start).Seconds()))
}

func counted(counts map[string]int) {
	report.mu.Lock()
	defer report.mu.Unlock()
	report.counts = counts
}

const head = `# Where the two parsers differ

What clients send goes through ` + "`parser`" + ` here and through npm's socket.io-parser 4.2.7 in the JavaScript server. A test makes sequences of
messages, valid, damaged and hostile, and has both read them: packets, ids, values down to the bits of a number and the halves of
surrogate pairs. Wherever the two part, the packet at hand must be one of those below. Nothing is accepted here that is refused there.

`

const foot = `
One thing the JavaScript parser can't say: its encoder loses a member named ` + "`__proto__`" + ` of an object in a packet with attachments, which becomes
the prototype of a copy. Ours writes it, and both read it.

## The last run at full size

A small one, always of the same seed, runs with the other tests. This page is written by ` + "`make soak`" + `.

- date: %s
- machine: %d cores, %s/%s, %s
- seed: %s

| test | seen | took |
| --- | --- | --- |
`

// list is the table of the page. It has no numbers, so that it can be compared.
func list() string {
	var b strings.Builder
	b.WriteString("| what | socket.io-parser | here | why |\n| --- | --- | --- | --- |\n")
	for _, d := range differences {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", d.id, d.theirs, d.ours, d.reason)
	}
	return b.String()
}

// writeReport writes the page.
func writeReport() error {
	report.mu.Lock()
	defer report.mu.Unlock()
	if len(report.results) < allResults {
		return nil // a run of some tests says nothing about the others
	}
	text := head + list() + fmt.Sprintf(foot, time.Now().UTC().Format("2006-01-02 15:04 UTC"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), usedSeed)
	text += strings.Join(report.results, "\n") + "\n\n| sequences that parted | |\n| --- | --- |\n"
	for _, d := range differences {
		text += fmt.Sprintf("| %s | %d |\n", d.id, report.counts[d.id])
	}
	return os.WriteFile(page, []byte(text), 0o644)
}

func TestThePageHoldsTheList(t *testing.T) {
	if full() {
		return // this run writes it
	}
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), list()) {
		t.Errorf("%s does not hold the list of differences as it is now:\n%s", page, list())
	}
}
