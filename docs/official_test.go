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

// heading is that of a section of such a file: the official file, and how many titles it has.
var heading = regexp.MustCompile(`^(\S+): ([0-9]+) titles?$`)

// Each section of official-tests.md and of the files beside it has a row for every title of its file: title | files | tests, or title | — | why there is none.
func TestEveryOfficialTitleIsMapped(t *testing.T) {
	files, err := filepath.Glob("official-tests*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no file of titles", err)
	}
	for _, name := range files {
		t.Run(name, func(t *testing.T) { checkTitles(t, name) })
	}
}

func checkTitles(t *testing.T, name string) {
	sections := strings.Split(read(t, name), "\n## ")[1:]
	for _, text := range sections {
		lines := strings.Split(text, "\n")
		m := heading.FindStringSubmatch(lines[0])
		if m == nil {
			t.Errorf("the heading %q does not say how many titles the file has", lines[0])
			continue
		}
		rows := slices.DeleteFunc(lines[1:], func(line string) bool {
			return !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || strings.HasPrefix(line, "| Official title |")
		})
		if want, _ := strconv.Atoi(m[2]); len(rows) != want {
			t.Errorf("%s: %d rows for %d titles", m[1], len(rows), want)
		}
		for _, row := range rows {
			cells := strings.Split(strings.Trim(row, "| "), " | ")
			if len(cells) != 3 {
				t.Errorf("%s: row %q has %d cells, want 3", m[1], cells[0], len(cells))
				continue
			}
			if cells[1] != "—" {
				checkTests(t, cells[0], quoted(cells[1]), quoted(cells[2]))
			}
		}
	}
	if len(sections) == 0 {
		t.Error("no section")
	}
}

// checkTests fails the test unless each of the tests is in one of the files, and each file has one of them.
func checkTests(t *testing.T, title string, files, tests []string) {
	t.Helper()
	if len(files) == 0 || len(tests) == 0 {
		t.Errorf("%q names no file or no test", title)
	}
	needed := map[string]bool{}
	for _, name := range tests {
		found := false
		for _, file := range files {
			b, err := os.ReadFile(filepath.Join("..", file))
			if err != nil {
				t.Errorf("%q: %v", title, err)
			} else if declared(string(b), name) {
				found, needed[file] = true, true
			}
		}
		if !found {
			t.Errorf("%q: no test %q in %v", title, name, files)
		}
	}
	for _, file := range files {
		if !needed[file] {
			t.Errorf("%q: none of its tests is in %s", title, file)
		}
	}
}
