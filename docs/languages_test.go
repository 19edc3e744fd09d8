package docs_test

import (
	"regexp"
	"slices"
	"testing"
)

var number = regexp.MustCompile(`[0-9]+([.,][0-9]+)*`)

// The limits are the same in both languages: row by row the same numbers, and the same names.
func TestLimitsAreTheSameInBothLanguages(t *testing.T) {
	english, chinese := table(t, "limits.md"), table(t, "limits.zh-CN.md")
	if len(english) != len(chinese) {
		t.Errorf("%d rows in limits.md, %d in limits.zh-CN.md: add what was added to the other", len(english), len(chinese))
	}
	sorted := func(row []string, what *regexp.Regexp) []string {
		var all []string
		for _, cell := range row {
			all = append(all, what.FindAllString(cell, -1)...)
		}
		slices.Sort(all)
		return all
	}
	for i, row := range english[:min(len(english), len(chinese))] {
		if len(row) != len(chinese[i]) {
			t.Errorf("%q and %q have not as many cells", row[0], chinese[i][0])
		}
		for _, what := range []*regexp.Regexp{number, code} {
			if e, c := sorted(row, what), sorted(chinese[i], what); !slices.Equal(e, c) {
				t.Errorf("%q says %q, %q says %q", row[0], e, chinese[i][0], c)
			}
		}
	}
}
