// Package docs_test keeps the documents of this folder true: what they name exists, and what they claim is proven.
package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// groups is the number of feature rows of each group. Ids are fixed for ever: a group may only grow.
var groups = map[byte]int{
	'A': 61, 'B': 31, 'C': 56, 'D': 30, 'E': 10, 'F': 16, 'G': 31, 'H': 13, 'I': 6, 'J': 6,
	'K': 13, 'L': 20, 'M': 22, 'N': 23, 'O': 25, 'P': 30, 'Q': 32, 'R': 8, 'S': 10, 'T': 25,
}

var (
	rowID    = regexp.MustCompile(`\b[A-T][0-9]{2}\b`)
	code     = regexp.MustCompile("`([^`]+)`")
	goTest   = regexp.MustCompile(`^(Test|Fuzz|Example|Benchmark)(\w*)(/.+)?$`)
	fences   = regexp.MustCompile("(?ms)^```.*?^```$")
	link     = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	filePath = regexp.MustCompile(`^[\w./-]+\.(go|mjs|cjs|js|ts|sh|txt|json|jsonl)$`)
)

// table yields the cells of each row of the Markdown tables in a file of this folder, without heads and rules.
func table(t *testing.T, file string) [][]string {
	t.Helper()
	var rows [][]string
	lines := strings.Split(read(t, file), "\n")
	for i, line := range lines {
		head := i+1 < len(lines) && strings.HasPrefix(lines[i+1], "| ---")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| ---") || head {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no table", file)
	}
	return rows
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// proven returns the ids in the first column of protocol.md, each of which has a test in its row.
func proven(t *testing.T) map[string]bool {
	ids := map[string]bool{}
	for _, row := range table(t, "protocol.md") {
		for _, id := range rowID.FindAllString(row[0], -1) {
			ids[id] = true
		}
	}
	return ids
}

func TestEveryFeatureRowIsThereOnceWithATrueStatus(t *testing.T) {
	seen, now := map[string]bool{}, 0
	ids := proven(t)
	for _, row := range table(t, "features.md") {
		if len(row) != 4 {
			t.Errorf("row %q has %d cells, want 4", row[0], len(row))
			continue
		}
		id, status := row[0], row[3]
		if !rowID.MatchString(id) || len(id) != 3 {
			t.Errorf("%q is not a row id", id)
			continue
		}
		if seen[id] {
			t.Errorf("%s is there twice", id)
		}
		seen[id] = true
		switch status {
		case "now":
			now++
			if !ids[id] {
				t.Errorf("%s is `now` but protocol.md names no test for it", id)
			}
		case "next":
		default:
			t.Errorf("%s has the status %q, want now or next", id, status)
		}
		if row[1] == "" || row[2] == "" {
			t.Errorf("%s says nothing", id)
		}
	}
	for group, n := range groups {
		for i := 1; i <= n; i++ {
			id := string(group) + string(rune('0'+i/10)) + string(rune('0'+i%10))
			if !seen[id] {
				t.Errorf("%s is missing from features.md", id)
			}
			delete(seen, id)
		}
	}
	for id := range seen {
		t.Errorf("%s is beyond its group", id)
	}
	if want := "**" + strconv.Itoa(now) + " of 468**"; !strings.Contains(read(t, "features.md"), want) {
		t.Errorf("features.md does not state its count %s", want)
	}
}

// Each row of protocol.md is clause or ids | what holds | file | tests. A test is a Go function (with a subtest behind a
// slash, or not) or, in a file of another language, the title of a test.
func TestEveryTestNamedByTheMapExists(t *testing.T) {
	for _, row := range table(t, "protocol.md") {
		if len(row) != 4 {
			t.Errorf("row %q has %d cells, want 4", row[0], len(row))
			continue
		}
		files, tests := quoted(row[2]), quoted(row[3])
		if len(files) == 0 || len(tests) == 0 {
			t.Errorf("row %q names no file or no test", row[0])
		}
		var text strings.Builder
		for _, file := range files {
			b, err := os.ReadFile(filepath.Join("..", file))
			if err != nil {
				t.Errorf("row %q: %v", row[0], err)
			}
			text.Write(b)
		}
		for _, name := range tests {
			if !declared(text.String(), name) {
				t.Errorf("row %q: no test %q in %v", row[0], name, files)
			}
		}
	}
}

func declared(text, name string) bool {
	if m := goTest.FindStringSubmatch(name); m != nil {
		// A subtest is named in the source as written or, with its blanks back, as the testing package will print it.
		sub := strings.TrimPrefix(m[3], "/")
		return strings.Contains(text, "func "+m[1]+m[2]+"(") &&
			(strings.Contains(text, sub) || strings.Contains(text, strings.ReplaceAll(sub, "_", " ")))
	}
	return strings.Contains(text, name)
}

func quoted(cell string) []string {
	var out []string
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestEveryFileNamedByTheDocumentsExists(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	adrs, err := filepath.Glob("adr/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Concat(files, adrs, []string{"../README.md", "../README.zh-CN.md"}) {
		text := read(t, file)
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(fences.ReplaceAllString(text, ""), ""), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to nothing: %v", file, err)
			}
		}
		for _, name := range quoted(text) {
			// A path with a folder is meant from the root of the repository.
			if !filePath.MatchString(name) || !strings.Contains(name, "/") || strings.HasPrefix(name, "/") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", name)); err != nil {
				t.Errorf("%s names a file that is not there: %v", file, err)
			}
		}
	}
}
